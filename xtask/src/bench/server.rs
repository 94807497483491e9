//! The server that is measured: optimised, with the large demo data.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use super::Setting;
use crate::{
    failure::{Failure, Result, While},
    process::{self, Profile},
    say,
    serve::build_server,
};

/// A running server with a data folder of its own.
pub struct Server {
    process: Child,
    program: PathBuf,
    bundle: PathBuf,
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
            let (process, address) = spawn(&program, &data, &setting.bundle, 0)?;
            Ok(Self {
                process,
                program: program.clone(),
                bundle: setting.bundle.clone(),
                data: data.clone(),
                address,
            })
        })
    }

    /// Kills it and starts it again where it was.
    pub fn restart(&mut self) -> Result<()> {
        self.process.kill().when("killing the server")?;
        self.process.wait()?;
        let port = self.address.port();
        (self.process, self.address) = spawn(&self.program, &self.data, &self.bundle, port)?;
        Ok(())
    }

    /// Brings what an operator has into its store.
    pub fn import(&self, file: &Path) -> Result<()> {
        let mut import = Command::new(&self.program);
        import.arg("import").arg(file).arg("--data").arg(&self.data);
        process::run_quietly(&mut import)
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

/// Starts the program and waits until it listens.
fn spawn(program: &Path, data: &Path, bundle: &Path, port: u16) -> Result<(Child, SocketAddr)> {
    let mut process = Command::new(program)
        .args([
            "--demo",
            "--demo-size",
            "large",
            "--port",
            &port.to_string(),
        ])
        .arg("--data")
        .arg(data)
        .arg("--bundle")
        .arg(bundle)
        // One driver asks for what many would.
        .env("PORTAL_HOLDS_TRIES_AN_HOUR", "100000")
        .env("PORTAL_PETIT_MONDE_PERSON_CALLS_A_MINUTE", "100000")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .when("starting the server")?;
    match listening(&mut process) {
        Some(address) => Ok((process, address)),
        None => {
            let status = process.wait()?;
            Err(Failure::new(format!("the server doesn't start ({status})")))
        }
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
