//! `cargo xtask serve --dev`: builds again and starts again on every change.
//!
//! Trunk watches the portal and makes its bundle; this loop watches the
//! server's sources and the finished bundle, which the server reads once, at
//! its start.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, ExitCode},
    thread,
    time::{Duration, SystemTime},
};

use super::{Wishes, build_server};
use crate::{
    bundle::{self, Kind},
    failure::{Failure, Result, While},
    fingerprint,
    places::Places,
    process::Profile,
};

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_millis(400);

/// What the server is compiled from.
const SERVER: [&str; 3] = ["Cargo.lock", "api", "server"];

/// Runs trunk, the server and the simulator until trunk ends by itself. A Ctrl-C
/// reaches all, since they and this are one group of the terminal's.
pub fn run(places: &Places, wishes: &mut Wishes) -> Result<ExitCode> {
    let trunk = bundle::ensure_tools(places)?;
    let mut watching = Running(
        bundle::trunk_command(places, &trunk, "watch", Kind::Quick)
            .spawn()
            .when("starting trunk")?,
    );
    let folder = places.root.join(Kind::Quick.folder());
    let page = folder.join("index.html");
    let mut server: Option<Running> = None;
    let mut simulator: Option<Running> = None;
    let mut seen = None;
    loop {
        if let Some(status) = watching.0.try_wait()? {
            return Err(Failure::new(format!("trunk has ended ({status})")));
        }
        let now = (
            changed(&sources(places))?,
            changed(std::slice::from_ref(&page))?,
        );
        if now.1.is_some() && seen != Some(now) {
            seen = Some(now);
            match build_server(places, Profile::Dev) {
                Ok(program) => {
                    drop(server.take());
                    if simulator.is_none() {
                        let started = wishes.start_simulator(places, Profile::Dev)?;
                        simulator = started.map(Running);
                    }
                    let started = wishes.command(&program, &folder).spawn();
                    server = Some(Running(started.when("starting the server")?));
                }
                Err(failure) => eprintln!("{failure}\nThe next change is waited for."),
            }
        }
        thread::sleep(PAUSE);
    }
}

fn sources(places: &Places) -> Vec<PathBuf> {
    SERVER.iter().map(|name| places.root.join(name)).collect()
}

/// When any of these files was written last.
fn changed(paths: &[PathBuf]) -> Result<Option<SystemTime>> {
    let mut newest = None;
    for path in paths {
        for file in fingerprint::files(path)? {
            newest = newest.max(written(&file));
        }
    }
    Ok(newest)
}

/// None if the file has just gone.
fn written(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}

/// A program that ends when nobody needs it any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
