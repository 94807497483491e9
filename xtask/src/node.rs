//! Node, and what npm installs for the project.

use std::{fs, process::Command};

use crate::{
    failure::{Failure, Result, While},
    fingerprint,
    places::Places,
    process, say,
};

/// The oldest Node that will do.
const OLDEST: u32 = 20;

/// Makes sure that Node is here and that what `package-lock.json` names is
/// installed.
pub fn ensure(places: &Places) -> Result<()> {
    check_version()?;
    let wanted = fingerprint::of_file(&places.root.join("package-lock.json"))?;
    let stamp = places.root.join("node_modules/.portal-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say::step("node: installing what package-lock.json names", || {
        let mut npm = Command::new("npm");
        npm.current_dir(&places.root)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .env("PUPPETEER_SKIP_DOWNLOAD", "1");
        process::run_quietly(&mut npm)?;
        fs::write(&stamp, &wanted).when("remembering what npm installed")
    })
}

fn check_version() -> Result<()> {
    let advice = format!("Node {OLDEST} or newer with npm is needed: https://nodejs.org");
    let Ok(version) = process::output(Command::new("node").arg("--version")) else {
        return Err(Failure::new(format!("node is not installed. {advice}")));
    };
    match major(&version) {
        Some(major) if major >= OLDEST => Ok(()),
        _ => Err(Failure::new(format!(
            "node is {}, which is too old. {advice}",
            version.trim()
        ))),
    }
}

/// The 20 of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
    }
}
