//! Programs of other people that the tests need.

use std::{path::PathBuf, process::Command};

use crate::{process, say};

/// A program by one of its names: where its variable says, else on the search
/// path, else after installing Debian's package, if we may.
pub fn program(variable: &str, names: &[&str], package: &str) -> Option<PathBuf> {
    if let Some(given) = std::env::var_os(variable).filter(|given| !given.is_empty()) {
        return Some(given.into());
    }
    let find = || names.iter().find_map(|name| process::find(name));
    find().or_else(|| {
        install(package);
        find()
    })
}

/// Installs a package where that is possible without asking anybody.
pub fn install(package: &str) {
    if !process::is_root() || process::find("apt-get").is_none() {
        return;
    }
    let installed = say::step(&format!("packages: installing {package}"), || {
        process::run_quietly(Command::new("apt-get").args(["update", "--quiet"]))?;
        let mut install = Command::new("apt-get");
        install
            .args([
                "install",
                "--quiet",
                "--yes",
                "--no-install-recommends",
                package,
            ])
            .env("DEBIAN_FRONTEND", "noninteractive");
        process::run_quietly(&mut install)
    });
    if let Err(failure) = installed {
        println!("{failure}");
    }
}

/// Says what was left out so that nobody overlooks it.
pub fn say_untested(what: &str) {
    let line = "!".repeat(72);
    println!("{line}\nNOT TESTED: {what}\n{line}");
}
