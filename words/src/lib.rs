//! Every sentence of the portal, in every language.
//!
//! `catalogues/en.toml` is the one that decides which sentences there are and
//! what is filled in (`{name}`); the others must say the same. A table with the
//! key `other` is one sentence in the plural forms of its language.
//!
//! The portal's build script turns [`functions`] into Rust, one function a
//! sentence, so that a missing sentence or a wrong argument does not compile.
//! The bundle ships [`catalogue_json`]: the sentences in that same order, those that
//! only some pages say apart from those of every page.

mod generate;
mod read;

pub use generate::functions;
pub use read::{Catalogue, Mistake, Sentence, Text};

use portal_api::language::Language;
use serde_json::Value;

/// The plural forms in the order they are stored in (Unicode's categories).
pub const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// What stands between the plural forms of a stored sentence.
pub const FORM_END: char = '\n';

/// The source of a language's catalogue.
fn source(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../catalogues/en.toml"),
        Language::De => include_str!("../catalogues/de.toml"),
        Language::Fr => include_str!("../catalogues/fr.toml"),
        Language::Es => include_str!("../catalogues/es.toml"),
    }
}

/// The plural forms that a language's rules ask for.
fn forms_of(language: Language) -> &'static [&'static str] {
    match language {
        Language::En | Language::De => &["one", "other"],
        Language::Fr | Language::Es => &["one", "many", "other"],
    }
}

/// A language's catalogue, checked against the English one.
pub fn catalogue(language: Language) -> Result<Catalogue, Mistake> {
    let english = Catalogue::read(source(Language::En), Language::En)?;
    if language == Language::En {
        return Ok(english);
    }
    let catalogue = Catalogue::read(source(language), language)?;
    catalogue.says_the_same_as(&english)?;
    Ok(catalogue)
}

/// What the browser is sent: the sentences whose functions are wanted, as a JSON
/// array. In the place of those left out in between is how many they are.
pub fn catalogue_json(
    language: Language,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<String, Mistake> {
    let mut stored: Vec<Value> = Vec::new();
    let mut left_out = 0;
    for sentence in &catalogue(language)?.sentences {
        if !is_wanted(&generate::name(&sentence.key)) {
            left_out += 1;
            continue;
        }
        if left_out > 0 {
            stored.push(left_out.into());
            left_out = 0;
        }
        stored.push(sentence.stored().into());
    }
    Ok(Value::Array(stored).to_string())
}

/// One sentence without arguments, for what stands in the page before the app
/// has arrived.
pub fn sentence(language: Language, key: &str) -> Result<String, Mistake> {
    let catalogue = catalogue(language)?;
    match catalogue
        .sentences
        .iter()
        .find(|sentence| sentence.key == key)
    {
        Some(Sentence {
            text: Text::Plain(text),
            ..
        }) => Ok(text.clone()),
        _ => Err(Mistake::new(language, key, "no such sentence")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_the_same_sentences() {
        for language in Language::ALL {
            if let Err(mistake) = catalogue(language) {
                panic!("{mistake}");
            }
        }
    }

    #[test]
    fn a_missing_sentence_is_noticed() {
        let english = Catalogue::read("[a]\nb = \"B\"\nc = \"C\"", Language::En).unwrap();
        let german = Catalogue::read("[a]\nb = \"B\"", Language::De).unwrap();
        assert!(german.says_the_same_as(&english).is_err());
    }

    #[test]
    fn another_argument_is_noticed() {
        let english = Catalogue::read("a = \"Hello {name}\"", Language::En).unwrap();
        let german = Catalogue::read("a = \"Hallo {nmae}\"", Language::De).unwrap();
        assert!(german.says_the_same_as(&english).is_err());
    }

    #[test]
    fn a_missing_plural_form_is_noticed() {
        assert!(Catalogue::read("[a]\nother = \"{count} things\"", Language::En).is_err());
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let some = ["app_name", "tab_home"];
        let json = catalogue_json(Language::En, |name| some.contains(&name)).unwrap();
        let sent: Vec<Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(sent[1], "Driver Portal");
        assert_eq!(sent[3], "Home");
        let before = sent[0].as_u64().unwrap() + 1 + sent[2].as_u64().unwrap();
        let english = catalogue(Language::En).unwrap();
        assert_eq!(
            english.sentences[usize::try_from(before).unwrap()].key,
            "tab.home"
        );
        assert_eq!(sent.len(), 4);
    }

    #[test]
    fn plural_forms_are_stored_in_their_order() {
        let catalogue = Catalogue::read(
            "[a]\none = \"{count} thing\"\nother = \"{count} things\"",
            Language::En,
        )
        .unwrap();
        assert_eq!(
            catalogue.sentences[0].stored(),
            "\n{count} thing\n\n\n\n{count} things"
        );
    }
}
