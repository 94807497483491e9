//! Where things are on this machine.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    failure::{Failure, Result, While},
    process,
};

/// The project's folders.
#[derive(Clone, Debug)]
pub struct Places {
    /// The workspace.
    pub root: PathBuf,
    /// What cargo builds.
    pub target: PathBuf,
    /// The programs that were fetched for the project; they are in its `bin`.
    pub tools: PathBuf,
}

impl Places {
    /// Asks cargo and the environment.
    pub fn find() -> Result<Self> {
        let own = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = own
            .parent()
            .ok_or_else(|| Failure::new("the workspace can't be found; start with `cargo xtask`"))?
            .to_owned();
        Ok(Self {
            target: target(&root)?,
            tools: tools()?,
            root,
        })
    }

    /// The programs themselves.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.tools.join("bin").join(name)
    }

    /// A program that npm has installed.
    pub fn npm_tool(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }
}

fn target(root: &Path) -> Result<PathBuf> {
    let described = process::output(process::cargo(root).args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let described: serde_json::Value =
        serde_json::from_str(&described).when("reading what cargo says of the workspace")?;
    match described["target_directory"].as_str() {
        Some(folder) => Ok(folder.into()),
        None => Err(Failure::new("cargo doesn't say where it builds")),
    }
}

fn tools() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("PORTAL_TOOLS") {
        return Ok(folder.into());
    }
    let cache = match (env::var_os("XDG_CACHE_HOME"), env::var_os("HOME")) {
        (Some(cache), _) if !cache.is_empty() => PathBuf::from(cache),
        (_, Some(home)) => PathBuf::from(home).join(".cache"),
        _ => {
            return Err(Failure::new(
                "neither HOME nor XDG_CACHE_HOME nor PORTAL_TOOLS is set, so there is no place for tools",
            ));
        }
    };
    Ok(cache.join("driver-portal/tools"))
}
