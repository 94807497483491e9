//! Every sentence of the portal, in the language in use.
//!
//! The sentences live in the `words` crate; [`words`] has one function for each.

pub mod problem;

use std::cell::Cell;

use js_sys::Reflect;
use portal_api::{language::Language, portal::Tab};

use crate::boot;

/// One function a sentence.
pub mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// The order in which a stored sentence has its plural forms.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::En) };
}

/// The sentences could not be fetched.
#[derive(Clone, Copy, Debug)]
pub struct Speechless;

/// Waits for the sentences that were asked for before the app was here.
pub async fn start() -> Result<(), Speechless> {
    let language = Language::of_tag(&boot::language()).unwrap_or_default();
    boot::first_words().await.map_err(|_| Speechless)?;
    speak(language);
    Ok(())
}

/// Changes to another language, once its sentences are here.
pub async fn change(language: Language) -> Result<(), Speechless> {
    boot::change_words(language.code())
        .await
        .map_err(|_| Speechless)?;
    speak(language);
    Ok(())
}

/// Speaks a language, whose sentences are here.
pub fn speak(language: Language) {
    LANGUAGE.set(language);
    crate::format::forget_formatters();
    if let Some(root) = leptos::prelude::document().document_element() {
        // A language that cannot be announced is still spoken.
        let _ = root.set_attribute("lang", language.code());
    }
}

/// The language in use.
pub fn language() -> Language {
    LANGUAGE.get()
}

/// The language the browser asks for, if we speak it.
pub fn browser_language() -> Language {
    browser_tags()
        .iter()
        .find_map(|tag| Language::of_tag(tag))
        .unwrap_or_default()
}

/// The browser's own tag for the language in use (`de-AT`), for the region's
/// habits with dates and numbers.
pub fn locale() -> String {
    browser_tags()
        .into_iter()
        .find(|tag| Language::of_tag(tag) == Some(language()))
        .unwrap_or_else(|| language().code().to_owned())
}

fn browser_tags() -> Vec<String> {
    let tags = leptos::prelude::window().navigator().languages();
    tags.iter().filter_map(|tag| tag.as_string()).collect()
}

/// The title of the browser's tab on a page of that name.
pub fn tab_title(page: &str) -> String {
    words::app_title(&words::app_name(), page)
}

/// What stands on a tab.
pub fn tab_label(tab: Tab) -> String {
    match tab {
        Tab::Sessions => words::tab_sessions(),
        Tab::Charge => words::tab_charge(),
        Tab::Group => words::tab_group(),
        Tab::Desk => words::tab_desk(),
        Tab::Account => words::tab_account(),
        Tab::Home | Tab::Unknown => words::tab_home(),
    }
}

/// A sentence by its place in the order of [`words`]; those that only some pages say
/// come with the code that says them.
fn text(index: u32) -> String {
    boot::sentence(index)
}

fn fill(index: u32, values: &[(&str, &str)]) -> String {
    fill_in(&text(index), values)
}

fn plural(index: u32, count: u64, values: &[(&str, &str)]) -> String {
    let forms = text(index);
    let wanted = category(language(), count);
    let mut texts = forms.split('\n');
    let mut chosen = "";
    for form in FORMS {
        let text = texts.next().unwrap_or_default();
        if !text.is_empty() && (form == wanted || form == "other") {
            chosen = text;
            break;
        }
    }
    let number = crate::format::integer(count);
    let mut all = vec![("count", number.as_str())];
    all.extend_from_slice(values);
    fill_in(chosen, &all)
}

/// The plural form that the language's rules ask for (Unicode's, for whole numbers).
const fn category(language: Language, count: u64) -> &'static str {
    match (language, count) {
        (Language::Fr, 0) | (_, 1) => "one",
        (Language::Fr | Language::Es, 1_000_000..) if count.is_multiple_of(1_000_000) => "many",
        _ => "other",
    }
}

/// Replaces each `{name}` by its value. What stands in a value is never looked at again.
fn fill_in(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return out;
        };
        let value = values.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A property of a JavaScript object, for options of `Intl`.
pub(crate) fn set(object: &js_sys::Object, key: &str, value: &str) {
    // Setting a property of a fresh plain object cannot fail.
    let _ = Reflect::set(object, &key.into(), &value.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_once() {
        assert_eq!(
            fill_in("{a} and {b}", &[("a", "{b}"), ("b", "2")]),
            "{b} and 2"
        );
    }

    #[test]
    fn each_language_has_its_own_plural_rules() {
        for (language, count, form) in [
            (Language::En, 0, "other"),
            (Language::En, 1, "one"),
            (Language::De, 2, "other"),
            (Language::Fr, 0, "one"),
            (Language::Fr, 2, "other"),
            (Language::Fr, 2_000_000, "many"),
            (Language::Es, 0, "other"),
            (Language::Es, 1_000_000, "many"),
            (Language::Es, 1_000_001, "other"),
        ] {
            assert_eq!(category(language, count), form, "{language:?} {count}");
        }
    }

    #[test]
    fn a_pattern_that_never_ends_is_kept_as_far_as_it_goes() {
        assert_eq!(fill_in("a {b", &[("b", "2")]), "a ");
    }
}
