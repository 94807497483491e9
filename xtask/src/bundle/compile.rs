//! The portal as the compiler makes it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Bundle, Kind};
use crate::{
    failure::{Failure, Result},
    process, tools,
};

/// The compiler whose unstable options are known to do.
const KNOWN: &str = "rustc 1.95.";

/// What makes a bundle a tenth smaller and has no stable name yet: a mistake of
/// ours stops the portal without working out a message that nobody reads. The
/// standard library is compiled along, for most of those messages are its own.
const SLIM: [&str; 4] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zfmt-debug=none",
    "-Zlocation-detail=none",
];

/// What cargo makes of the portal.
pub fn compile(bundle: &Bundle) -> Result<PathBuf> {
    let mut cargo = process::cargo(&bundle.places.root);
    cargo.args(["build", "--quiet", "--package", "portal"]);
    cargo.args(["--bin", super::wasm::NAME]);
    cargo.args(["--target", tools::WASM_TARGET]);
    let profile = match bundle.kind {
        Kind::Quick => "debug",
        Kind::Optimised => {
            make_small(&mut cargo, bundle)?;
            "bundle"
        }
    };
    process::run(&mut cargo)?;
    let folder = bundle.places.target.join(tools::WASM_TARGET).join(profile);
    Ok(folder.join(super::wasm::NAME).with_extension("wasm"))
}

fn make_small(cargo: &mut Command, bundle: &Bundle) -> Result<()> {
    cargo.args(["--profile", "bundle", "--features", "split"]);
    let mut flags = flags(&bundle.places.root);
    match library_source() {
        Ok(()) => {
            cargo.args(["-Zbuild-std=std,panic_abort"]);
            cargo.args(["-Zbuild-std-features=optimize_for_size"]);
            // Lets this compiler take options that are not stable yet.
            cargo.env("RUSTC_BOOTSTRAP", "1");
            flags.extend(SLIM.map(str::to_owned));
        }
        Err(why) => println!("bundle: a tenth larger than it could be: {why}"),
    }
    cargo.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        flags.join(" "),
    );
    Ok(())
}

/// Makes sure that this compiler can compile its standard library along.
fn library_source() -> Result<()> {
    let compiler = process::output(Command::new("rustc").arg("--version"))?;
    if !compiler.starts_with(KNOWN) {
        let compiler = compiler.trim();
        return Err(Failure::new(format!("this is {compiler}, not {KNOWN}x")));
    }
    tools::ensure_library_source()
}

/// What the compiler is told: what the splitting step needs, views whose type is
/// forgotten (a fifth less in every tab), and no path of this machine in the
/// messages of a mistake.
fn flags(root: &Path) -> Vec<String> {
    let mut flags = vec![
        "-Clink-args=--emit-relocs".to_owned(),
        "--cfg=erase_components".to_owned(),
    ];
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let here = [
        home.map(|home| home.join("registry/src")),
        Some(root.to_owned()),
    ];
    for path in here.into_iter().flatten() {
        let path = path.display().to_string();
        // A path with a space in it can't be told this way.
        if !path.contains(char::is_whitespace) {
            flags.push(format!("--remap-path-prefix={path}=src"));
        }
    }
    flags
}
