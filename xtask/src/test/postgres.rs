//! A PostgreSQL that lives as long as the tests.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use super::packages;
use crate::{
    failure::{Failure, Result, While},
    process,
};

/// The folder of PostgreSQL's programs; they are installed first where that is
/// possible.
pub fn programs() -> Option<PathBuf> {
    find().or_else(|| {
        packages::install("postgresql");
        find()
    })
}

fn find() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let path = env::var_os("PATH").unwrap_or_default();
    let packaged = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut packaged: Vec<_> = packaged.map(|version| version.path().join("bin")).collect();
    packaged.sort();
    env::split_paths(&path)
        .chain(packaged.into_iter().rev())
        .find(complete)
}

/// The person who owns the cluster. PostgreSQL refuses to run as root.
#[derive(Clone, Copy, Debug)]
struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    /// Nobody in particular if we are not root, else an account without rights.
    fn find() -> Result<Option<Self>> {
        if !process::is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").when("reading /etc/passwd")?;
        let owner = ["postgres", "nobody"]
            .iter()
            .find_map(|name| Self::named(&accounts, name));
        match owner {
            Some(owner) => Ok(Some(owner)),
            None => Err(Failure::new("there is no account to run PostgreSQL as")),
        }
    }

    /// The account of a line such as `nobody:x:65534:65534:…`.
    fn named(accounts: &str, name: &str) -> Option<Self> {
        let mut fields = accounts
            .lines()
            .find(|line| line.starts_with(&format!("{name}:")))?
            .split(':')
            .skip(2);
        let mut next = || fields.next()?.parse().ok();
        Some(Self {
            user: next()?,
            group: next()?,
        })
    }
}

/// A running PostgreSQL with a folder of its own.
pub struct Cluster {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes a cluster and waits until it accepts connections.
    pub fn start(programs: &Path) -> Result<Self> {
        let owner = Owner::find()?;
        let folder = env::temp_dir().join(format!("portal-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder).when("making a folder for PostgreSQL")?;
        if let Some(owner) = owner {
            chown(&folder, Some(owner.user), Some(owner.group)).when("giving the folder away")?;
        }
        let data = folder.join("data");
        let mut make = as_owner(programs.join("initdb"), owner, &folder);
        make.args([
            "--auth=trust",
            "--username=portal",
            "--encoding=UTF8",
            "--no-locale",
            "-D",
        ]);
        process::run_quietly(make.arg(&data))?;
        let port = free_port()?;
        let mut server = as_owner(programs.join("postgres"), owner, &folder);
        let server = server
            .arg("-D")
            .arg(&data)
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
            ])
            .args(["-c", "max_connections=300", "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .when("starting PostgreSQL")?;
        let mut cluster = Self {
            server,
            folder,
            port,
        };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("postgres://portal@127.0.0.1:{}/postgres", self.port)
    }

    /// Reads its log up to the line that says so, and lets the rest run dry.
    fn wait_until_ready(&mut self) -> Result<()> {
        let Some(log) = self.server.stderr.take() else {
            return Err(Failure::new("PostgreSQL has no log"));
        };
        let mut lines = BufReader::new(log).lines();
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let line = line.when("reading PostgreSQL's log")?;
            if line.contains("ready to accept connections") {
                thread::spawn(move || lines.for_each(drop));
                return Ok(());
            }
            said.push(line);
        }
        Err(Failure::new(format!(
            "PostgreSQL doesn't start:\n{}",
            said.join("\n")
        )))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let id = self.server.id().to_string();
        // SIGINT ends it at once and in order; if that fails, it is ended the
        // hard way. What is left is a folder in the system's place for such.
        if process::run_quietly(Command::new("kill").args(["-INT", &id])).is_err() {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn as_owner(program: PathBuf, owner: Option<Owner>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some(owner) = owner {
        command.uid(owner.user).gid(owner.group);
    }
    command
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).when("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "nobody2:x:1:2::/:/bin/sh\nnobody:x:65534:65533:nobody:/:/bin/sh\n";
        let owner = Owner::named(accounts, "nobody").unwrap();
        assert_eq!((owner.user, owner.group), (65534, 65533));
        assert!(Owner::named(accounts, "postgres").is_none());
    }
}
