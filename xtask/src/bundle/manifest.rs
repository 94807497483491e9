//! What the page and the service worker must know of the bundle: the address
//! of each file.

use std::{collections::BTreeMap, fs, path::Path};

use portal_api::language::Language;
use serde_json::{Value, json};

use super::{Bundle, wasm};
use crate::failure::{Failure, Result, While};

/// The addresses of the assets.
pub struct Manifest {
    /// The script that starts the portal.
    pub glue: String,
    /// The main module.
    pub main: String,
    /// What each tab needs beside it, by the tab's name.
    pub chunks: BTreeMap<String, Vec<String>>,
    /// The sentences, by the language's code.
    pub words: BTreeMap<&'static str, String>,
    /// What stands in the door before the app has arrived, by the language's code.
    pub door: BTreeMap<&'static str, [String; 2]>,
}

impl Manifest {
    /// As the scripts read it; `shell` is what they keep for reading offline.
    pub fn json(&self, version: &str, shell: &[String]) -> Value {
        json!({
            "version": version,
            "main": { "js": self.glue, "wasm": self.main },
            "chunks": self.chunks,
            "words": self.words,
            "door": self.door,
            "files": shell,
        })
    }

    /// The addresses of the portal itself, in whatever language.
    pub fn files(&self) -> Vec<String> {
        let mut files = vec![self.glue.clone(), self.main.clone()];
        for file in self.chunks.values().flatten() {
            if !files.contains(file) {
                files.push(file.clone());
            }
        }
        files
    }
}

/// Puts modules, glue and sentences among the assets. The glue comes last: it
/// names the modules, so its own name changes with theirs.
pub fn write_assets(bundle: &Bundle, modules: &wasm::Modules) -> Result<Manifest> {
    let main = add_module(bundle, "portal", &modules.main())?;
    let mut names = BTreeMap::new();
    for file in modules.parts()? {
        let name = stem(&file)?;
        let address = add_module(bundle, &name, &file)?;
        names.insert(format!("{name}.wasm"), address);
    }
    let rename = |text: String| {
        let text = text.replace("portal_bg.wasm", file_name(&main));
        names.iter().fold(text, |text, (name, address)| {
            text.replace(&format!("./{name}"), &format!("./{}", file_name(address)))
        })
    };
    let glue = wasm::glue(bundle, modules, &rename)?;
    let chunks = match modules.loader() {
        Some(loader) => chunks(&fs::read_to_string(loader)?, &names),
        None => BTreeMap::new(),
    };
    Ok(Manifest {
        glue: bundle.add_asset("portal", "js", glue.as_bytes())?,
        main,
        chunks,
        words: words(bundle)?,
        door: door()?,
    })
}

fn add_module(bundle: &Bundle, name: &str, file: &Path) -> Result<String> {
    let content = fs::read(file).when(format_args!("reading {}", file.display()))?;
    bundle.add_asset(name, "wasm", &content)
}

fn words(bundle: &Bundle) -> Result<BTreeMap<&'static str, String>> {
    let mut words = BTreeMap::new();
    for language in Language::ALL {
        let code = language.code();
        let json = portal_words::catalogue_json(language)
            .when(format_args!("the sentences in {}", language.name()))?;
        words.insert(
            code,
            bundle.add_asset(&format!("words-{code}"), "json", json.as_bytes())?,
        );
    }
    Ok(words)
}

/// Which modules each tab needs, read from the script that loads them: a
/// `const` per shared module, then an `export const` per tab that names those
/// it needs.
fn chunks(loader: &str, names: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let mut shared = BTreeMap::new();
    let mut tabs = BTreeMap::new();
    for statement in loader
        .split("\nexport ")
        .flat_map(|part| part.split("\nconst "))
    {
        let statement = statement.trim_start_matches("const ");
        let Some((name, call)) = statement.split_once(" = ") else {
            continue;
        };
        let own = names
            .iter()
            .find(|(file, _)| call.contains(&format!("\"./{file}\"")))
            .map(|(_, address)| address.clone());
        if let Some(tab) = name.strip_prefix("__wasm_split_load_") {
            let needed = call.rsplit_once('[').map_or("", |(_, list)| list);
            let needed = needed.split([',', ']']).map(str::trim);
            let needed = needed.filter_map(|name| shared.get(name).cloned());
            tabs.insert(tab.to_owned(), own.into_iter().chain(needed).collect());
        } else if let Some(address) = own {
            shared.insert(name.to_owned(), address);
        }
    }
    tabs
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

fn stem(file: &Path) -> Result<String> {
    match file.file_stem().and_then(|stem| stem.to_str()) {
        Some(stem) => Ok(stem.to_owned()),
        None => Err(Failure::new(format!("{} has no name", file.display()))),
    }
}

fn file_name(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: &str = r#"import { initSync } from "./portal.js";
/* account, sessions */
const __chunk_3 = makeLoad(() => {
    const src = fetch(new URL("./chunk_3.wasm", import.meta.url));
    src.catch(() => {});
}
, []);
export const __wasm_split_load_sessions = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_sessions.wasm", import.meta.url));
}
, [__chunk_3]));
export const __wasm_split_load_bare = wrapAsyncCb(makeLoad(() => async (_imp) => ({}), []));
"#;

    #[test]
    fn a_tab_needs_its_own_module_and_those_it_shares() {
        let names = ["chunk_3", "split_sessions"]
            .map(|name| (format!("{name}.wasm"), format!("/assets/{name}-1.wasm")))
            .into_iter()
            .collect();
        let chunks = chunks(LOADER, &names);
        assert_eq!(
            chunks["sessions"],
            ["/assets/split_sessions-1.wasm", "/assets/chunk_3-1.wasm"]
        );
        assert!(chunks["bare"].is_empty());
    }
}
