//! A disk of a few megabytes, which a test fills to the last byte.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
};

use super::database;

/// Where the small disk is, in the process that sees it.
const FOLDER: &str = "PORTAL_TEST_SMALL_DISK_FOLDER";

/// Mounts it over a folder and goes on as another program.
const MOUNT: &str = r#"mount -t tmpfs -o size=32m portal "$1" && shift && exec "$@""#;

/// A folder on a small disk for the test of this name. Only a process of its own sees the
/// disk, so that nobody has to be root: the test is run again there, and `None` here says
/// that it is done. Where no process can have that, `PORTAL_TEST_SMALL_DISK` is not set.
pub fn folder(test: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Some(folder.into());
    }
    std::env::var_os("PORTAL_TEST_SMALL_DISK")?;
    let folder = database::folder();
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .args(["sh", "-c", MOUNT, "sh"])
        .arg(&folder)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(FOLDER, &folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    fs::remove_dir(folder).unwrap();
    None
}

/// All the room that was left; dropped, there is room again.
pub struct Ballast(PathBuf);

impl Ballast {
    pub fn fill(folder: &Path) -> Self {
        let path = folder.join("ballast");
        let mut file = File::create(&path).unwrap();
        loop {
            match file.write(&[0; 4096]) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return Self(path),
                Err(error) => panic!("{error}"),
            }
        }
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}
