//! Reading a catalogue and checking it.

use std::{collections::BTreeMap, collections::BTreeSet, error::Error, fmt};

use portal_api::language::Language;
use toml::{Table, Value};

use crate::{FORM_END, FORMS, forms_of};

/// The sentences of one language, by key.
#[derive(Debug)]
pub struct Catalogue {
    /// Whose sentences they are.
    pub language: Language,
    /// In the order of their keys.
    pub sentences: Vec<Sentence>,
}

/// One sentence.
#[derive(Debug)]
pub struct Sentence {
    /// Its place in the catalogue, such as `sessions.title`.
    pub key: String,
    /// What it says.
    pub text: Text,
}

/// What a sentence says.
#[derive(Debug)]
pub enum Text {
    /// Always the same words.
    Plain(String),
    /// Words that depend on a count, by plural form.
    Plural(BTreeMap<String, String>),
}

/// Something wrong in a catalogue.
#[derive(Debug)]
pub struct Mistake(String);

impl Mistake {
    pub(crate) fn new(language: Language, key: &str, what: &str) -> Self {
        Self(format!(
            "words/catalogues/{}.toml: {key}: {what}",
            language.code()
        ))
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Error for Mistake {}

impl Catalogue {
    /// Reads the catalogue of `language` from TOML.
    pub fn read(source: &str, language: Language) -> Result<Self, Mistake> {
        let table: Table = source
            .parse()
            .map_err(|error: toml::de::Error| Mistake::new(language, "", &error.to_string()))?;
        let mut sentences = Vec::new();
        collect(language, "", table, &mut sentences)?;
        sentences.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Self {
            language,
            sentences,
        })
    }

    /// Checks that the same sentences with the same arguments are here.
    pub fn says_the_same_as(&self, other: &Self) -> Result<(), Mistake> {
        let ours: BTreeMap<&str, &Sentence> = by_key(&self.sentences);
        let theirs: BTreeMap<&str, &Sentence> = by_key(&other.sentences);
        for (key, theirs) in &theirs {
            let Some(ours) = ours.get(key) else {
                return Err(Mistake::new(self.language, key, "this sentence is missing"));
            };
            if ours.arguments() != theirs.arguments() || ours.is_plural() != theirs.is_plural() {
                return Err(Mistake::new(
                    self.language,
                    key,
                    "other arguments than in English",
                ));
            }
        }
        match ours.keys().find(|key| !theirs.contains_key(*key)) {
            Some(key) => Err(Mistake::new(
                self.language,
                key,
                "English has no such sentence",
            )),
            None => Ok(()),
        }
    }
}

fn by_key(sentences: &[Sentence]) -> BTreeMap<&str, &Sentence> {
    sentences
        .iter()
        .map(|sentence| (sentence.key.as_str(), sentence))
        .collect()
}

fn collect(
    language: Language,
    prefix: &str,
    table: Table,
    sentences: &mut Vec<Sentence>,
) -> Result<(), Mistake> {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            Value::String(text) => sentences.push(Sentence {
                key,
                text: Text::Plain(text),
            }),
            Value::Table(forms) if forms.contains_key("other") => {
                let text = plural(language, &key, forms)?;
                sentences.push(Sentence { key, text });
            }
            Value::Table(section) => collect(language, &key, section, sentences)?,
            _ => return Err(Mistake::new(language, &key, "not a text")),
        }
    }
    Ok(())
}

fn plural(language: Language, key: &str, forms: Table) -> Result<Text, Mistake> {
    let expected = forms_of(language);
    let mut texts = BTreeMap::new();
    for (form, value) in forms {
        let Value::String(text) = value else {
            return Err(Mistake::new(language, key, "not a text"));
        };
        if !expected.contains(&form.as_str()) || text.contains(FORM_END) {
            return Err(Mistake::new(
                language,
                key,
                "not a plural form of this language",
            ));
        }
        texts.insert(form, text);
    }
    match expected.iter().find(|form| !texts.contains_key(**form)) {
        Some(form) => Err(Mistake::new(
            language,
            key,
            &format!("the form `{form}` is missing"),
        )),
        None => Ok(Text::Plural(texts)),
    }
}

impl Sentence {
    /// Whether it depends on a count.
    pub fn is_plural(&self) -> bool {
        matches!(self.text, Text::Plural(_))
    }

    /// What is filled in, by name.
    pub fn arguments(&self) -> BTreeSet<String> {
        match &self.text {
            Text::Plain(text) => arguments_of(text),
            Text::Plural(forms) => forms.values().flat_map(|text| arguments_of(text)).collect(),
        }
    }

    /// As the browser gets it.
    pub fn stored(&self) -> String {
        match &self.text {
            Text::Plain(text) => text.clone(),
            Text::Plural(forms) => FORMS
                .map(|form| forms.get(form).map(String::as_str).unwrap_or_default())
                .join(&FORM_END.to_string()),
        }
    }
}

fn arguments_of(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
