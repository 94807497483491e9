//! The bundle's last step: what trunk has laid out becomes what the server
//! serves.
//!
//! Trunk reads `index.html`, gathers the styles and copies `public/`, then calls
//! `cargo xtask bundle` from its `post_build` hook. This step compiles the
//! portal, splits it by tab, gives every file a name that changes with its
//! content, puts styles and the boot script into the page and writes a
//! compressed file beside each one that gets smaller by it.

mod compile;
mod compress;
mod join;
mod manifest;
mod merge;
mod minify;
mod packs;
mod page;
mod said;
mod styles;
mod wasm;
mod words;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

pub use packs::within;
pub use words::EVERY_PAGE;

use crate::{
    args::Args,
    failure::{Failure, Result, While},
    fingerprint::{self, Fingerprint},
    node,
    places::Places,
    process, say, tools,
};

/// The folder of the files that are kept for ever.
const ASSETS: &str = "assets";

/// Which bundle is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Small and fast, split by tab, compressed.
    Optimised,
    /// Quick to make, for working on the portal.
    Quick,
}

impl Kind {
    /// Where the bundle goes, seen from the workspace.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Optimised => "dist",
            Self::Quick => "dist-dev",
        }
    }

    /// Where a copy of the manifest is that its scripts were given.
    pub fn manifest(self, places: &Places) -> PathBuf {
        places
            .target
            .join("bundle")
            .join(self.folder())
            .with_extension("json")
    }
}

/// A bundle in the making.
struct Bundle {
    places: Places,
    kind: Kind,
    /// Where trunk has put what it gathered.
    stage: PathBuf,
}

/// The hook: works on what trunk has put into its staging folder.
pub fn run(args: Args) -> Result<ExitCode> {
    args.finish()?;
    let (Some(stage), profile) = (env::var_os("TRUNK_STAGING_DIR"), env::var("TRUNK_PROFILE"))
    else {
        return Err(Failure::new(
            "this is a step of `trunk build`, which calls it by itself",
        ));
    };
    let bundle = Bundle {
        places: Places::find()?,
        kind: match profile.as_deref() {
            Ok("release") => Kind::Optimised,
            _ => Kind::Quick,
        },
        stage: stage.into(),
    };
    bundle.finish()?;
    Ok(ExitCode::SUCCESS)
}

impl Bundle {
    fn finish(&self) -> Result<()> {
        node::ensure(&self.places)?;
        fs::create_dir_all(self.stage.join(ASSETS)).when("making the folder of assets")?;
        let modules = wasm::build(self)?;
        let manifest = manifest::write_assets(self, &modules)?;
        page::write(self, manifest)?;
        if self.kind == Kind::Optimised {
            say::step("bundle: compressing", || compress::all(&self.stage))?;
        }
        Ok(())
    }

    /// Keeps what the bundle says of itself, for the benchmark.
    fn keep_manifest(&self, json: &str) -> Result<()> {
        fs::write(self.kind.manifest(&self.places), json).when("keeping the bundle's manifest")
    }

    /// Puts a file among the assets under a name that changes with its
    /// content, and returns its address.
    fn add_asset(&self, name: &str, ending: &str, content: &[u8]) -> Result<String> {
        let print = fingerprint::of_bytes(content);
        self.add_named(&format!("{name}-{print}.{ending}"), content)
    }

    /// Puts a file among the assets whose name changes with its content already.
    fn add_named(&self, name: &str, content: &[u8]) -> Result<String> {
        let address = format!("{ASSETS}/{name}");
        fs::write(self.stage.join(&address), content).when(format_args!("writing {address}"))?;
        Ok(format!("/{address}"))
    }
}

/// Makes sure that a bundle of this kind is there and as new as its sources,
/// and returns its folder.
pub fn ensure(places: &Places, kind: Kind) -> Result<PathBuf> {
    let folder = places.root.join(kind.folder());
    let stamp = places
        .target
        .join("bundle")
        .join(format!("{}.stamp", kind.folder()));
    let wanted = sources(places)?;
    let here = folder.join("index.html").is_file()
        && fs::read_to_string(&stamp).is_ok_and(|made_of| made_of == wanted);
    if here {
        println!("bundle: nothing changed since it was made");
        return Ok(folder);
    }
    let trunk = ensure_tools(places)?;
    say::step("bundle: all of it", || {
        process::run(&mut trunk_command(places, &trunk, "build", kind))
    })?;
    fs::create_dir_all(places.target.join("bundle"))?;
    fs::write(&stamp, wanted).when("remembering what the bundle is made of")?;
    Ok(folder)
}

/// Makes sure that all that makes a bundle is here; returns trunk.
pub fn ensure_tools(places: &Places) -> Result<PathBuf> {
    node::ensure(places)?;
    tools::ensure_target()?;
    tools::WASM_BINDGEN.ensure(places)?;
    tools::WASM_SPLIT.ensure(places)?;
    tools::TRUNK.ensure(places)
}

/// Trunk, told to make a bundle of a kind.
pub fn trunk_command(places: &Places, trunk: &Path, verb: &str, kind: Kind) -> Command {
    let mut command = Command::new(trunk);
    command
        .current_dir(&places.root)
        .args([
            verb,
            "--offline",
            "--skip-version-check",
            "--dist",
            kind.folder(),
        ])
        .args(["--log", "warn"]);
    if kind == Kind::Optimised {
        command.arg("--release");
    }
    command
}

/// What a bundle is made of: all that the portal's build reads.
fn sources(places: &Places) -> Result<String> {
    let mut whole = Fingerprint::default();
    whole.add(tools::TRUNK_AND_FRIENDS.as_bytes());
    for name in SOURCES {
        whole.add_tree(&places.root.join(name))?;
    }
    Ok(whole.finish())
}

const SOURCES: [&str; 15] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "api",
    "boot.js",
    "build.rs",
    "index.html",
    "package-lock.json",
    "public",
    "src",
    "style",
    "vendor",
    "words",
    "xtask/src/bundle",
    "xtask/src/bundle.rs",
];
