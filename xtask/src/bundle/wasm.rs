//! The portal as WebAssembly: compiled, split by tab, made small.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Bundle, Kind, minify, packs};
use crate::{
    failure::{Failure, Result, While},
    fingerprint::{self, Fingerprint},
    parallel, process, say, tools,
};

/// The file the compiler makes, and what its parts are named after.
const NAME: &str = "portal";

/// What the splitting step calls the script that loads the parts.
const LOADER: &str = "__wasm_split.js";

/// How wasm-opt works: `-Os` leaves more bytes than `-Oz`, but fewer once they
/// are compressed. It may use what the compiler has used, and nothing else.
const OPTIMISE: [&str; 11] = [
    "-Os",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-call-indirect-overlong",
];

/// Smaller modules, dozens of them, hardly get smaller, and each takes its second.
const WORTH_IT: u64 = 1024;

/// A folder with the portal's scripts and modules, under the names they refer
/// to each other by.
pub struct Modules(PathBuf);

impl Modules {
    /// The script between the browser and the main module.
    pub fn glue(&self) -> PathBuf {
        self.0.join("portal.js")
    }

    /// The main module.
    pub fn main(&self) -> PathBuf {
        self.0.join("portal_bg.wasm")
    }

    /// The script that loads the other modules, if there are any.
    pub fn loader(&self) -> Option<PathBuf> {
        Some(self.0.join(LOADER)).filter(|file| file.is_file())
    }

    /// Some of the other modules in one file.
    pub fn pack(&self, names: &[&String]) -> Result<Vec<u8>> {
        let read = |name: &&'_ String| {
            let file = self.0.join(name.as_str()).with_extension("wasm");
            fs::read(&file).when(format_args!("reading {}", file.display()))
        };
        let modules = names.iter().map(|name| Ok((*name, read(name)?)));
        packs::pack(&modules.collect::<Result<Vec<_>>>()?)
    }
}

/// Compiles the portal and makes its modules, unless they are there already.
pub fn build(bundle: &Bundle) -> Result<Modules> {
    let compiled = say::step("bundle: compiling the portal", || compile(bundle))?;
    let folder = bundle.places.target.join("bundle/modules");
    let folder = folder.join(format!("{}-{}", bundle.kind.folder(), key(&compiled)?));
    let modules = Modules(folder.clone());
    if modules.main().is_file() {
        return Ok(modules);
    }
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    fs::create_dir_all(&unfinished).when("making a folder for the modules")?;
    match bundle.kind {
        Kind::Quick => bindgen(bundle, &compiled, &unfinished)?,
        Kind::Optimised => optimised(bundle, &compiled, &unfinished)?,
    }
    fs::rename(&unfinished, &folder).when("putting the modules in their place")?;
    Ok(modules)
}

/// What the modules depend on: what was compiled, and what works on it.
fn key(compiled: &Path) -> Result<String> {
    let mut whole = Fingerprint::default();
    whole.add_tree(compiled)?;
    whole.add(tools::TRUNK_AND_FRIENDS.as_bytes());
    whole.add(OPTIMISE.join(" ").as_bytes());
    whole.add(&WORTH_IT.to_le_bytes());
    Ok(whole.finish())
}

/// What cargo makes of the portal.
fn compile(bundle: &Bundle) -> Result<PathBuf> {
    let mut cargo = process::cargo(&bundle.places.root);
    cargo.args(["build", "--quiet", "--package", "portal", "--bin", NAME]);
    cargo.args(["--target", tools::WASM_TARGET]);
    let profile = match bundle.kind {
        Kind::Quick => "debug",
        Kind::Optimised => {
            cargo.args(["--profile", "bundle", "--features", "split"]);
            cargo.env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                flags(bundle),
            );
            "bundle"
        }
    };
    process::run(&mut cargo)?;
    let folder = bundle.places.target.join(tools::WASM_TARGET).join(profile);
    Ok(folder.join(NAME).with_extension("wasm"))
}

/// What the compiler is told: what the splitting step needs, views whose type is
/// forgotten (a fifth less in every tab), and no path of this machine in the
/// messages of a mistake.
fn flags(bundle: &Bundle) -> String {
    let mut flags = "-Clink-args=--emit-relocs --cfg erase_components".to_owned();
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let here = [
        home.map(|home| home.join("registry/src")),
        Some(bundle.places.root.clone()),
    ];
    for path in here.into_iter().flatten() {
        let path = path.display().to_string();
        // A path with a space in it can't be told this way.
        if !path.contains(char::is_whitespace) {
            flags.push_str(&format!(" --remap-path-prefix={path}=src"));
        }
    }
    flags
}

/// Splits by tab, writes the glue, and makes every module small.
fn optimised(bundle: &Bundle, compiled: &Path, to: &Path) -> Result<()> {
    say::step("bundle: splitting by tab", || {
        split(bundle, compiled, to)?;
        bindgen(bundle, &to.join(NAME).with_extension("wasm"), to)?;
        fs::remove_file(to.join(NAME).with_extension("wasm"))?;
        Ok(())
    })?;
    say::step("bundle: making the modules small", || {
        let mut files = fingerprint::files(to)?;
        files.retain(|file| file.extension().is_some_and(|ending| ending == "wasm"));
        files.retain(|file| fs::metadata(file).is_ok_and(|file| file.len() > WORTH_IT));
        parallel::each(files, |file| {
            process::run_quietly(&mut optimise(bundle, &file))
                .when(format_args!("making {} small", file.display()))
        })
    })
}

fn split(bundle: &Bundle, compiled: &Path, to: &Path) -> Result<()> {
    let mut split = Command::new(tools::WASM_SPLIT.ensure(&bundle.places)?);
    split.arg(compiled).arg(to);
    split.args(["--out-name", NAME, "--target", "web"]);
    process::run_quietly(&mut split)
}

fn bindgen(bundle: &Bundle, module: &Path, to: &Path) -> Result<()> {
    let mut bindgen = Command::new(tools::WASM_BINDGEN.ensure(&bundle.places)?);
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", NAME]);
    if bundle.kind == Kind::Optimised {
        bindgen.args(["--keep-lld-exports", "--no-demangle"]);
    }
    bindgen.arg("--out-dir").arg(to).arg(module);
    process::run_quietly(&mut bindgen)
}

fn optimise(bundle: &Bundle, module: &Path) -> Command {
    let mut command = Command::new(bundle.places.npm_tool("wasm-opt"));
    command
        .args(OPTIMISE)
        .arg(module)
        .arg("--output")
        .arg(module);
    command
}

/// The glue, told the main module's name, and what loads packs, as one script.
pub fn glue(
    bundle: &Bundle,
    modules: &Modules,
    main: &str,
    loader: Option<String>,
) -> Result<String> {
    let workplace = modules.0.join("renamed");
    fs::create_dir_all(&workplace)?;
    let glue = fs::read_to_string(modules.glue()).when("reading the glue")?;
    fs::write(
        workplace.join("portal.js"),
        glue.replace("portal_bg.wasm", main),
    )?;
    if let Some(loader) = loader {
        fs::write(workplace.join(LOADER), loader)?;
    }
    let entry = workplace.join("portal.js");
    let snippets = modules.0.join("snippets");
    if snippets.is_dir() {
        return Err(Failure::new(
            "a crate brings a script of its own, which the bundle has no place for",
        ));
    }
    let text = minify::bundled(bundle, &entry)?;
    fs::remove_dir_all(&workplace)?;
    Ok(text)
}
