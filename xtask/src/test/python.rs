//! Python's packages that the tests need, in a folder of their own.

use std::{path::PathBuf, process::Command};

use super::packages;
use crate::{
    failure::{Result, While},
    fingerprint,
    places::Places,
    process, say,
};

/// Which, in which versions.
const REQUIREMENTS: &str = "server/tests/ocpp_peer/requirements.txt";

/// The folder with the packages, fetched unless they are there.
pub fn packages(places: &Places) -> Result<PathBuf> {
    let requirements = places.root.join(REQUIREMENTS);
    let wanted = fingerprint::of_file(&requirements)?;
    let folder = places.target.join(format!("python-{wanted}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    if process::run_quietly(pip().arg("--version")).is_err() {
        packages::install("python3-pip");
    }
    // Only a whole one has the right name.
    let unfinished = places.target.join("python-unfinished");
    say::step("python: fetching packages", || {
        process::run_quietly(
            pip()
                .args(["install", "--quiet", "--upgrade", "--target"])
                .arg(&unfinished)
                .arg("--requirement")
                .arg(&requirements),
        )
    })?;
    std::fs::rename(&unfinished, &folder).when("keeping Python's packages")?;
    Ok(folder)
}

fn pip() -> Command {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip"]);
    pip
}
