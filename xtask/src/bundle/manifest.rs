//! What the page and the service worker must know of the bundle: the address
//! of each file.

use std::{collections::BTreeMap, fs};

use portal_api::language::Language;
use serde_json::{Value, json};

use super::{
    Bundle, packs, wasm,
    words::{self, Words},
};
use crate::failure::{Result, While};

/// The addresses of the assets.
pub struct Manifest {
    /// The script that starts the portal.
    pub glue: String,
    /// The main module.
    pub main: String,
    /// What each tab needs beside it, by the tab's name.
    pub packs: BTreeMap<String, String>,
    /// The sentences.
    pub words: Words,
    /// The style sheet that comes with a tab, by the tab's name.
    pub styles: BTreeMap<&'static str, String>,
    /// What stands in the door before the app has arrived, by the language's code.
    pub door: BTreeMap<&'static str, [String; 2]>,
}

impl Manifest {
    /// As the page reads it: what it starts with.
    pub fn first(&self, version: &str) -> Value {
        let packs = self.packs.iter();
        let packs = packs.filter(|(tab, _)| packs::within(tab).is_none());
        json!({
            "version": version,
            "main": { "js": self.glue, "wasm": self.main },
            "packs": packs.collect::<BTreeMap<_, _>>(),
            "words": self.words.mark,
            "styles": self.styles,
            "door": self.door,
        })
    }

    /// As the service worker reads it; `shell` is what it keeps for reading offline
    /// beside the sentences of a language.
    pub fn all(&self, version: &str, shell: &[String]) -> Value {
        json!({
            "version": version,
            "packs": self.packs,
            "words": self.words.files,
            "styles": self.styles,
            "files": shell,
        })
    }

    /// The addresses of the portal itself, in whatever language.
    pub fn files(&self) -> Vec<String> {
        let own = [&self.glue, &self.main];
        own.into_iter()
            .chain(self.packs.values())
            .chain(self.styles.values())
            .cloned()
            .collect()
    }
}

/// Puts modules, glue and sentences among the assets. The glue comes last: it
/// names the modules, so its own name changes with theirs.
pub fn write_assets(bundle: &Bundle, modules: &wasm::Modules) -> Result<Manifest> {
    let main = fs::read(modules.main()).when("reading the main module")?;
    let main = bundle.add_asset("portal", "wasm", &main)?;
    let loader = match modules.loader() {
        Some(loader) => Some(fs::read_to_string(loader).when("reading the loader")?),
        None => None,
    };
    let needs = loader.as_deref().map(packs::needs).unwrap_or_default();
    let joined = modules.needs()?;
    let mut packs = BTreeMap::new();
    for tab in joined.keys() {
        let pack = modules.pack(&packs::modules(&joined, tab))?;
        packs.insert(tab.clone(), bundle.add_asset(tab, "pack", &pack)?);
    }
    // By the modules as they were before: merged ones bring sentences along.
    let parts = words::parts(&needs, &modules.said()?);
    let loader = match loader {
        Some(loader) => Some(packs::loader(&loader, &packs)?),
        None => None,
    };
    let glue = wasm::glue(bundle, modules, file_name(&main), loader)?;
    Ok(Manifest {
        glue: bundle.add_asset("portal", "js", glue.as_bytes())?,
        main,
        packs,
        words: words::write(bundle, &parts)?,
        styles: BTreeMap::new(),
        door: door()?,
    })
}

fn door() -> Result<BTreeMap<&'static str, [String; 2]>> {
    let say = |language, key| portal_words::sentence(language, key).when("the door's sentences");
    Language::ALL
        .into_iter()
        .map(|language| {
            let said = [
                say(language, "sign_in.title")?,
                say(language, "sign_in.lead")?,
            ];
            Ok((language.code(), said))
        })
        .collect()
}

fn file_name(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}
