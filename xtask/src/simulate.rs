//! `cargo xtask simulate`: charge points that behave like real ones.

use std::{
    net::SocketAddr,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, ExitCode, Stdio},
};

use crate::{
    args::Args,
    failure::{Failure, Result, While},
    places::Places,
    process::{self, Profile},
    say,
};

/// Builds the simulator and becomes it.
pub fn run(args: Args) -> Result<ExitCode> {
    let simulator = build(&Places::find()?, Profile::Release)?;
    let failed = Command::new(simulator).args(args.rest()).exec();
    Err(Failure::new(format!(
        "the simulator doesn't start: {failed}"
    )))
}

/// Builds the simulator if anything changed, and returns it.
pub fn build(places: &Places, profile: Profile) -> Result<PathBuf> {
    say::step("simulator: compiling", || {
        process::build(places, "portal-simulator", profile)
    })
}

/// Brings the charge points of the demo data up at a server that may yet have to
/// start. They end by themselves once it has gone.
pub fn start(places: &Places, profile: Profile, server: SocketAddr) -> Result<Child> {
    let program = build(places, profile)?;
    Command::new(program)
        .args(["--demo", "--server", &format!("http://{server}")])
        .stdin(Stdio::null())
        .spawn()
        .when("starting the simulator")
}
