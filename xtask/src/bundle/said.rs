//! Which module says which sentences: each is a function of its own, and the
//! compiler has left its name in the modules that call it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::json;

use crate::failure::{Result, While};

/// The sentences that each module says, by the module's name. A module may name some
/// that another one brings.
pub type Said = BTreeMap<String, BTreeSet<String>>;

/// What stands in a function's mangled name before the length of the sentence's name.
const WORDS: &[u8] = b"4i18n5words";

/// Where it is noted beside the modules, which have no names once they are small.
const NOTE: &str = "said.json";

/// Notes what the modules of a folder say.
pub fn note(folder: &Path) -> Result<()> {
    let mut said = Said::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let name = file.file_stem().and_then(|name| name.to_str());
        let (Some(name), Some("wasm")) = (name, file.extension().and_then(|it| it.to_str())) else {
            continue;
        };
        let module = fs::read(&file).when(format_args!("reading {}", file.display()))?;
        said.insert(name.to_owned(), sentences(&module));
    }
    fs::write(folder.join(NOTE), json!(said).to_string()).when("noting what modules say")
}

/// What the modules of a folder say.
pub fn noted(folder: &Path) -> Result<Said> {
    let note = fs::read_to_string(folder.join(NOTE)).when("reading what modules say")?;
    let note: BTreeMap<String, Vec<String>> = serde_json::from_str(&note)?;
    let sets = note.into_iter();
    Ok(sets
        .map(|(module, names)| (module, names.into_iter().collect()))
        .collect())
}

/// The sentences whose functions a module names.
fn sentences(module: &[u8]) -> BTreeSet<String> {
    let starts = module
        .windows(WORDS.len())
        .enumerate()
        .filter(|(_, part)| *part == WORDS);
    starts
        .filter_map(|(at, _)| identifier(&module[at + WORDS.len()..]))
        .collect()
}

/// A name with its length before it.
fn identifier(mangled: &[u8]) -> Option<String> {
    let digits = mangled.iter().take_while(|byte| byte.is_ascii_digit());
    let (length, name) = mangled.split_at(digits.count());
    let length = str::from_utf8(length).ok()?.parse().ok()?;
    Some(str::from_utf8(name.get(..length)?).ok()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_found_by_their_functions() {
        let module = b"\0_ZN6portal4i18n5words8app_name17h0123E\x07_ZN6portal4i18n4text17hE\
            _RNvNtNtCs1_6portal4i18n5words11tab_accountB5_";
        let found: Vec<String> = sentences(module).into_iter().collect();
        assert_eq!(found, ["app_name", "tab_account"]);
    }
}
