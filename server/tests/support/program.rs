//! The real program, as somebody starts it.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread::JoinHandle,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_portal-server");

/// The program, without anything that this machine's environment would tell it.
pub fn command(folder: &Path) -> Command {
    untold(Command::new(PROGRAM), folder)
}

/// The same, with every wait for the disk written into a file.
pub fn command_with_syncs_in(file: &Path, folder: &Path) -> Command {
    let mut strace = Command::new("strace");
    // The child is the program all the same, and strace the child's child.
    strace.args(["-D", "-f", "-e", "trace=fsync,fdatasync", "-o"]);
    strace.arg(file).arg(PROGRAM);
    untold(strace, folder)
}

fn untold(mut command: Command, folder: &Path) -> Command {
    command.current_dir(folder);
    for (name, _) in std::env::vars() {
        if name.starts_with("PORTAL_") || name.starts_with("DATABASE_URL") {
            command.env_remove(name);
        }
    }
    command
}

/// How a program ended that should not have started.
pub struct Refused {
    pub code: Option<i32>,
    pub said: String,
}

/// Starts the program and waits until it has refused to.
pub fn refused(mut command: Command) -> Refused {
    let output = command.output().unwrap();
    Refused {
        code: output.status.code(),
        said: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running program; dropped, it is killed.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    /// What it says before it listens.
    pub said: Vec<String>,
    log: Option<JoinHandle<String>>,
    lines: Receiver<String>,
}

impl Program {
    /// Starts it on a free port, with its data in `folder`, and waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_command(command(folder), folder, arguments)
    }

    pub fn start_command(mut command: Command, folder: &Path, arguments: &[&str]) -> Self {
        let mut child = command
            .args(["--port", "0", "--data"])
            .arg(folder)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).unwrap();
            text
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut said = Vec::new();
        let address = loop {
            let mut line = String::new();
            assert!(
                lines.read_line(&mut line).unwrap() > 0,
                "it ended: {said:?}"
            );
            if let Some(address) = line.trim().strip_prefix("listening on http://") {
                break address.parse().unwrap();
            }
            said.push(line.trim_end().to_owned());
        };
        // Read on, or the program would wait for a reader one day.
        let (sender, rest) = channel();
        std::thread::spawn(move || {
            for line in lines.lines() {
                // Nobody may be listening any more, which is fine.
                let _ = sender.send(line.unwrap());
            }
        });
        Self {
            child,
            address,
            said,
            log: Some(log),
            lines: rest,
        }
    }

    /// How many MiB of memory it holds, as Linux counts them.
    pub fn resident_mib(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: usize = line.unwrap().trim_end_matches("kB").trim().parse().unwrap();
        kib / 1024
    }

    /// Waits until it says something that begins like this; gives the rest.
    pub fn says(&self, beginning: &str) -> String {
        let mut lines = self.lines.iter();
        lines
            .find_map(|line| line.strip_prefix(beginning).map(str::to_owned))
            .expect("it ended without saying so")
    }

    /// As a power cut would, as far as the program is concerned.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As an administrator would; gives how it ended, its log, and what it
    /// said after it began to listen.
    pub fn terminate(mut self) -> (ExitStatus, String, String) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(sent.success());
        let status = self.child.wait().unwrap();
        let log = self.log.take().unwrap().join().unwrap();
        let rest: Vec<String> = self.lines.iter().collect();
        (status, log, rest.join("\n"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already, which is what this is for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
