//! The sentences as files: in each language those that every page may need, and
//! for each tab those that come with it.

use std::collections::{BTreeMap, BTreeSet};

use portal_api::language::Language;

use super::{Bundle, packs, packs::Needs, said::Said, wasm};
use crate::{
    failure::{Result, While},
    fingerprint::Fingerprint,
};

/// What the file of the sentences for every page begins with, as a tab's begins
/// with its name. `boot.js` knows it, too.
pub const EVERY_PAGE: &str = "words";

/// The files of the sentences.
pub struct Words {
    /// Ends the name of each: it changes with any of them.
    pub mark: String,
    /// Their addresses by the language's code and by the tab.
    pub files: BTreeMap<&'static str, BTreeMap<String, String>>,
}

/// The sentences that come with each tab, by the tab's name.
pub type Parts = BTreeMap<String, BTreeSet<String>>;

/// Finds out what comes with each tab: what its modules say and nothing says that is
/// there already wherever it opens.
pub fn parts(needs: &Needs, said: &Said) -> Parts {
    let all = |modules: &[&String]| -> BTreeSet<String> {
        let said = modules.iter().filter_map(|module| said.get(*module));
        said.flatten().cloned().collect()
    };
    let main = all(&[&wasm::MAIN.to_owned()]);
    let mut parts = Parts::new();
    for tab in needs.keys() {
        let mut own = all(&packs::modules(needs, tab));
        let outer = packs::within(tab).map(|outer| packs::modules(needs, outer));
        let outer = all(&outer.unwrap_or_default());
        own.retain(|name| !main.contains(name) && !outer.contains(name));
        parts.insert(tab.clone(), own);
    }
    parts
}

/// Puts the sentences among the assets. Whatever comes with no tab is in the file for
/// every page.
pub fn write(bundle: &Bundle, parts: &Parts) -> Result<Words> {
    let comes_later = |name: &str| parts.values().any(|names| names.contains(name));
    let mut texts = Vec::new();
    let mut whole = Fingerprint::default();
    for language in Language::ALL {
        let json = |wanted: &dyn Fn(&str) -> bool| {
            portal_words::catalogue_json(language, wanted)
                .when(format_args!("the sentences in {}", language.name()))
        };
        let every_page = json(&|name| !comes_later(name))?;
        texts.push((language.code(), EVERY_PAGE.to_owned(), every_page));
        for (tab, names) in parts {
            let text = json(&|name| names.contains(name))?;
            texts.push((language.code(), tab.clone(), text));
        }
    }
    for (_, _, text) in &texts {
        whole.add(text.as_bytes());
    }
    let mut words = Words {
        mark: whole.finish(),
        files: BTreeMap::new(),
    };
    for (code, tab, text) in texts {
        let name = format!("{tab}-{code}-{}.json", words.mark);
        let address = bundle.add_named(&name, text.as_bytes())?;
        words.files.entry(code).or_default().insert(tab, address);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets<const N: usize>(of: [(&str, &[&str]); N]) -> BTreeMap<String, BTreeSet<String>> {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        of.map(|(name, names)| (name.to_owned(), set(names))).into()
    }

    #[test]
    fn with_a_tab_comes_what_is_not_there_already() {
        let needs = Needs::from([
            (
                "sessions".to_owned(),
                vec!["shared".to_owned(), "sessions".to_owned()],
            ),
            (
                "filters".to_owned(),
                vec!["shared".to_owned(), "filters".to_owned()],
            ),
            ("export".to_owned(), vec!["export".to_owned()]),
        ]);
        let said = sets([
            (wasm::MAIN, &["app_name"]),
            ("shared", &["app_name", "sessions_title"]),
            ("sessions", &["sessions_none"]),
            ("filters", &["filters_on", "sessions_none"]),
            ("export", &["app_name"]),
        ]);
        let expected = sets([
            ("sessions", &["sessions_none", "sessions_title"]),
            ("filters", &["filters_on"]),
            ("export", &[]),
        ]);
        assert_eq!(parts(&needs, &said), expected);
    }
}
