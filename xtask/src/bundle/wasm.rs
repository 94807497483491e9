//! The portal as WebAssembly: compiled, split by tab, made small.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    Bundle, Kind, compile, join, minify, packs,
    packs::Needs,
    said::{self, Said},
};
use crate::{
    failure::{Failure, Result, While},
    fingerprint::Fingerprint,
    process, say, tools,
};

/// The file the compiler makes, and what its parts are named after.
pub const NAME: &str = "portal";

/// The main module's name.
pub const MAIN: &str = "portal_bg";

/// What the splitting step calls the script that loads the parts.
const LOADER: &str = "__wasm_split.js";

/// The script that makes modules small.
const SMALL: &str = "xtask/src/bundle/small.mjs";

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
        self.0.join(MAIN).with_extension("wasm")
    }

    /// The script that loads the other modules, if there are any.
    pub fn loader(&self) -> Option<PathBuf> {
        Some(self.0.join(LOADER)).filter(|file| file.is_file())
    }

    /// Which sentences each of them says; of modules that are not split it isn't known.
    pub fn said(&self) -> Result<Said> {
        match self.loader() {
            Some(_) => said::noted(&self.0),
            None => Ok(Said::new()),
        }
    }

    /// Which of them each tab needs.
    pub fn needs(&self) -> Result<Needs> {
        match self.loader() {
            Some(_) => join::noted(&self.0),
            None => Ok(Needs::new()),
        }
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
    let compiled = say::step("bundle: compiling the portal", || compile::compile(bundle))?;
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
    whole.add(include_bytes!("join.rs"));
    whole.add(include_bytes!("merge.rs"));
    whole.add(include_bytes!("said.rs"));
    whole.add(include_bytes!("small.mjs"));
    Ok(whole.finish())
}

/// Splits by tab, writes the glue, and makes every module small.
fn optimised(bundle: &Bundle, compiled: &Path, to: &Path) -> Result<()> {
    say::step("bundle: splitting by tab", || {
        split(bundle, compiled, to)?;
        bindgen(bundle, &to.join(NAME).with_extension("wasm"), to)?;
        fs::remove_file(to.join(NAME).with_extension("wasm"))?;
        said::note(to)
    })?;
    say::step("bundle: merging what is mostly needed together", || {
        let loader = fs::read_to_string(to.join(LOADER)).when("reading the loader")?;
        join::join(to, &packs::needs(&loader))
    })?;
    say::step("bundle: making the modules small", || {
        let mut node = Command::new("node");
        node.arg(bundle.places.root.join(SMALL)).arg(to);
        process::run_quietly(&mut node)
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
