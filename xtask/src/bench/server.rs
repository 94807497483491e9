//! The server that is measured: optimised, with the large demo data.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
};

use super::Setting;
use crate::{
    failure::{Failure, Result, While},
    process, say,
    serve::{Profile, build_server},
};

/// A running server with a data folder of its own.
pub struct Server {
    process: Child,
    data: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts it and waits until it listens.
    pub fn start(setting: &Setting) -> Result<Self> {
        let program = build_server(&setting.places, Profile::Release)?;
        let data = env::temp_dir().join(format!("portal-bench-{}", std::process::id()));
        say::step("bench: filling a store with the large demo data", || {
            let mut process = Command::new(&program)
                .args(["--port", "0", "--demo", "--demo-size", "large", "--data"])
                .arg(&data)
                .arg("--bundle")
                .arg(&setting.bundle)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .when("starting the server")?;
            match listening(&mut process) {
                Some(address) => Ok(Self {
                    process,
                    data: data.clone(),
                    address,
                }),
                None => {
                    let status = process.wait()?;
                    Err(Failure::new(format!("the server doesn't start ({status})")))
                }
            }
        })
    }

    /// Its address for a browser.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How much memory it holds now and held at most, in MB of 1,000,000
    /// bytes.
    pub fn memory(&self) -> Result<(f64, f64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))
            .when("reading how much memory the server holds")?;
        let figure = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
            Some(kibibytes * 1024.0 / 1e6)
        };
        match (figure("VmRSS:"), figure("VmHWM:")) {
            (Some(now), Some(most)) => Ok((now, most)),
            _ => Err(Failure::new(
                "the system doesn't say how much memory the server holds",
            )),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let id = self.process.id().to_string();
        if process::run_quietly(Command::new("kill").args(["-TERM", &id])).is_err() {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.data);
    }
}

/// The address in the line that the server prints once it listens; the rest of
/// what it prints runs dry.
fn listening(process: &mut Child) -> Option<SocketAddr> {
    let mut lines = BufReader::new(process.stdout.take()?)
        .lines()
        .map_while(|line| line.ok());
    let address = lines.find_map(|line| {
        let (_, address) = line.split_once("listening on http://")?;
        address.trim().parse().ok()
    });
    thread::spawn(move || lines.for_each(drop));
    address
}
