//! Running other programs.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    failure::{Failure, Result, While},
    places::Places,
};

/// Runs a program to its end; what it prints goes to the terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let name = name_of(command);
    let status = command.status().when(format_args!("starting {name}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{name} failed ({status})")))
    }
}

/// Runs a program to its end and keeps quiet about what it says, unless it
/// fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    output(command).map(|_| ())
}

/// Runs a program to its end and returns what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .when(format_args!("starting {name}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure::new(format!(
        "{name} failed ({}):\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )))
}

/// Where a program of this name is on the search path.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Whether this process may do everything on this machine.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The cargo that is running us, else the one on the search path.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// How cargo builds a program.
#[derive(Clone, Copy, Debug)]
pub enum Profile {
    /// Optimised, for use.
    Release,
    /// Quick to build.
    Dev,
}

/// Builds one of our programs if anything changed, and returns it.
pub fn build(places: &Places, package: &str, profile: Profile) -> Result<PathBuf> {
    let mut cargo = cargo(&places.root);
    cargo.args(["build", "--quiet", "--package", package]);
    let folder = match profile {
        Profile::Release => {
            cargo.arg("--release");
            "release"
        }
        Profile::Dev => "debug",
    };
    run(&mut cargo)?;
    Ok(places.target.join(folder).join(package))
}

fn name_of(command: &Command) -> String {
    Path::new(command.get_program())
        .file_name()
        .unwrap_or(OsStr::new("a program"))
        .to_string_lossy()
        .into_owned()
}
