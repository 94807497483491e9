//! `cargo xtask serve`: builds what is missing and runs it.

mod watch;

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    args::Args,
    bundle::{self, Kind},
    failure::{Failure, Result},
    places::Places,
    process, say,
};

/// What the server is told.
#[derive(Clone, Debug)]
pub struct Wishes {
    host: String,
    port: u16,
    data: PathBuf,
    demo: Option<String>,
}

/// Builds the bundle and the server unless they are there, and becomes the
/// server.
pub fn run(mut args: Args) -> Result<ExitCode> {
    let dev = args.flag("--dev");
    let wishes = Wishes::of(&mut args)?;
    args.finish()?;
    let places = Places::find()?;
    if dev {
        return watch::run(&places, &wishes);
    }
    let folder = bundle::ensure(&places, Kind::Optimised)?;
    let server = build_server(&places, Profile::Release)?;
    println!("server: starting");
    let failed = wishes.command(&server, &folder).exec();
    Err(Failure::new(format!("the server doesn't start: {failed}")))
}

impl Wishes {
    fn of(args: &mut Args) -> Result<Self> {
        let no_demo = args.flag("--no-demo");
        let size = args.value("--demo-size")?;
        if no_demo && size.is_some() {
            return Err(Failure::new("--no-demo and --demo-size exclude each other"));
        }
        Ok(Self {
            host: args
                .value("--host")?
                .unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: args.value("--port")?.unwrap_or(8080),
            data: args.value("--data")?.unwrap_or_else(|| "data".into()),
            demo: (!no_demo).then(|| size.unwrap_or_else(|| "small".to_owned())),
        })
    }

    /// The server, told what was wished for.
    fn command(&self, server: &Path, bundle: &Path) -> Command {
        let mut command = Command::new(server);
        command
            .args(["--host", &self.host])
            .args(["--port", &self.port.to_string()])
            // For the person in front of it, not for a log collector.
            .args(["--log", "text"])
            .arg("--data")
            .arg(&self.data)
            .arg("--bundle")
            .arg(bundle)
            // A person reads it here; a program would rather have JSON.
            .args(["--log", "text"]);
        if let Some(size) = &self.demo {
            command.args(["--demo", "--demo-size", size]);
        }
        command
    }
}

/// How cargo builds the server.
#[derive(Clone, Copy, Debug)]
pub enum Profile {
    /// Optimised, for use.
    Release,
    /// Quick to build.
    Dev,
}

/// Builds the server if anything changed, and returns it.
pub fn build_server(places: &Places, profile: Profile) -> Result<PathBuf> {
    say::step("server: compiling", || {
        let mut cargo = process::cargo(&places.root);
        cargo.args(["build", "--quiet", "--package", "portal-server"]);
        let folder = match profile {
            Profile::Release => {
                cargo.arg("--release");
                "release"
            }
            Profile::Dev => "debug",
        };
        process::run(&mut cargo)?;
        Ok(places.target.join(folder).join("portal-server"))
    })
}
