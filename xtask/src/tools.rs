//! The programs that make the bundle: found, fetched, or built once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Result, While},
    places::Places,
    process, say,
};

/// A program of a certain version, and how to come by it.
pub struct Tool {
    /// What the program is called.
    bin: &'static str,
    /// The crate it is built from.
    package: &'static str,
    /// The one version that is known to do.
    version: &'static str,
    /// The crate's features it needs.
    features: &'static str,
    /// Where its makers put it ready-made, without the archive's ending; none
    /// if they don't.
    release: Option<&'static str>,
}

/// Puts the page and what belongs to it together.
pub const TRUNK: Tool = Tool {
    bin: "trunk",
    package: "trunk",
    version: "0.21.14",
    features: "",
    release: Some(
        "https://github.com/trunk-rs/trunk/releases/download/v0.21.14/trunk-x86_64-unknown-linux-gnu",
    ),
};

/// Writes the JavaScript between the browser and the WebAssembly.
pub const WASM_BINDGEN: Tool = Tool {
    bin: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: "0.2.129",
    features: "",
    release: Some(BINDGEN_RELEASE),
};

/// Runs tests in a browser.
pub const WASM_BINDGEN_TEST_RUNNER: Tool = Tool {
    bin: "wasm-bindgen-test-runner",
    ..WASM_BINDGEN
};

/// Splits the WebAssembly by tab.
pub const WASM_SPLIT: Tool = Tool {
    bin: "wasm-split-cli",
    package: "wasm_split_cli_support",
    version: "0.2.4",
    features: "build-binary",
    release: None,
};

const BINDGEN_RELEASE: &str = "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/0.2.129/wasm-bindgen-0.2.129-x86_64-unknown-linux-musl";

/// Everything whose version decides what a bundle looks like.
pub const TRUNK_AND_FRIENDS: &str = "trunk 0.21.14, wasm-bindgen 0.2.129, wasm-split 0.2.4";

/// The compiler's target for the browser.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the compiler can compile for the browser.
pub fn ensure_target() -> Result<()> {
    let library = sysroot()?.join("lib/rustlib").join(WASM_TARGET);
    ensure_part(&library, ["target", "add", WASM_TARGET])
}

/// Makes sure that the source of the standard library is here, to be compiled along.
pub fn ensure_library_source() -> Result<()> {
    let source = sysroot()?.join("lib/rustlib/src/rust/library");
    ensure_part(&source, ["component", "add", "rust-src"])
}

fn sysroot() -> Result<PathBuf> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(sysroot.trim()))
}

/// Has rustup add what belongs into a folder, unless the folder is there.
fn ensure_part(folder: &Path, how: [&str; 3]) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let [kind, _, name] = how;
    say::step(&format!("rust: adding the {kind} {name}"), || {
        process::run(Command::new("rustup").args(how))
    })
}

impl Tool {
    /// The program, which is fetched or built first if it isn't here.
    pub fn ensure(&self, places: &Places) -> Result<PathBuf> {
        let program = places.tool(self.bin);
        if self.is_here(places) {
            return Ok(program);
        }
        let name = format!("tools: {} {}", self.bin, self.version);
        if let Some(release) = self.release.filter(|_| can_run_releases()) {
            let fetched = say::step(&format!("{name}, ready-made"), || {
                self.fetch(places, release)
            });
            match fetched {
                Ok(()) => return Ok(program),
                Err(reason) => println!("{reason}\nIt is built from its source instead."),
            }
        }
        say::step(&format!("{name}, built once from its source"), || {
            self.install(places)
        })?;
        Ok(program)
    }

    /// Whether the program is here in the right version.
    fn is_here(&self, places: &Places) -> bool {
        let program = places.tool(self.bin);
        if !program.is_file() {
            return false;
        }
        let stamped = fs::read_to_string(self.stamp(places)).is_ok_and(|text| text == self.version);
        let installed = fs::read_to_string(places.tools.join(".crates.toml"))
            .is_ok_and(|list| list.contains(&format!("\"{} {} (", self.package, self.version)));
        stamped || installed
    }

    /// Remembers which version was fetched.
    fn stamp(&self, places: &Places) -> PathBuf {
        places.tools.join(format!(".{}", self.bin))
    }

    /// Gets what the makers have built.
    fn fetch(&self, places: &Places, release: &str) -> Result<()> {
        let folder = places.tools.join("fetched").join(self.bin);
        fs::create_dir_all(&folder).when("making room for a download")?;
        let archive = folder.join("archive.tar.gz");
        download(&format!("{release}.tar.gz"), &archive)?;
        check_sum(release, &archive)?;
        process::run_quietly(
            Command::new("tar")
                .arg("-xzf")
                .arg(&archive)
                .arg("-C")
                .arg(&folder),
        )?;
        let program = crate::fingerprint::files(&folder)?
            .into_iter()
            .find(|file| file.file_name().is_some_and(|name| name == self.bin))
            .ok_or_else(|| Failure::new(format!("{} is not in its archive", self.bin)))?;
        fs::create_dir_all(places.tools.join("bin"))?;
        fs::copy(program, places.tool(self.bin)).when("putting a download in its place")?;
        fs::remove_dir_all(&folder)?;
        fs::write(self.stamp(places), self.version)?;
        Ok(())
    }

    /// Builds the program from its crate.
    fn install(&self, places: &Places) -> Result<()> {
        let mut cargo = process::cargo(&places.root);
        cargo
            .args([
                "install",
                "--locked",
                "--force",
                self.package,
                "--version",
                self.version,
            ])
            .args(["--features", self.features])
            .arg("--root")
            .arg(&places.tools)
            .env("CARGO_TARGET_DIR", places.target.join("tool-builds"))
            // They ask for more optimisation than it is worth here: minutes.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        process::run_quietly(&mut cargo)
    }
}

/// Whether the ready-made programs are for this kind of machine.
fn can_run_releases() -> bool {
    cfg!(all(target_os = "linux", target_arch = "x86_64"))
}

/// Gets a file from the net, giving up soon if nothing answers.
fn download(address: &str, file: &Path) -> Result<()> {
    let mut curl = Command::new("curl");
    curl.args([
        "--fail",
        "--silent",
        "--show-error",
        "--location",
        "--proto",
        "=https",
    ])
    .args(["--connect-timeout", "5", "--max-time", "180", "--output"])
    .arg(file)
    .arg(address);
    process::run_quietly(&mut curl)
}

/// Compares a download with the sum its makers published, if they did.
fn check_sum(release: &str, archive: &Path) -> Result<()> {
    let file = archive.with_extension("sum");
    if download(&format!("{release}.tar.gz.sha256sum"), &file).is_err() {
        return Ok(());
    }
    let published = fs::read_to_string(&file)?;
    let Some(published) = published.split_whitespace().next() else {
        return Ok(());
    };
    let sum = process::output(Command::new("sha256sum").arg(archive))?;
    if sum.starts_with(published) {
        Ok(())
    } else {
        Err(Failure::new(
            "the download is not what its makers published",
        ))
    }
}
