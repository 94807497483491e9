//! In which language somebody reads.

use axum::http::{HeaderMap, header};
use portal_api::language::Language;

use super::Caller;

/// What they have chosen; else what their browser prefers; else English.
pub fn language(caller: &Caller, headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    let chosen = caller.person.preferences.language;
    chosen
        .or_else(|| preferred(accepted?))
        .unwrap_or(Language::En)
}

/// Of the languages that a browser accepts, the first of the most wanted that we
/// speak.
fn preferred(accepted: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for range in accepted.split(',') {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = parameters.trim().strip_prefix("q=");
        let weight = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        let Some(language) = Language::of_tag(tag.trim()) else {
            continue;
        };
        if weight > best.map_or(0.0, |(weight, _)| weight) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_language_that_we_speak_is_taken() {
        for (accepted, language) in [
            ("de-AT,de;q=0.9,en;q=0.8", Some(Language::De)),
            ("nb-NO, fr;q=0.4, es;q=0.5", Some(Language::Es)),
            ("en;q=0, fr;q=0.1", Some(Language::Fr)),
            ("*", None),
            ("de;q=x", None),
            ("", None),
        ] {
            assert_eq!(preferred(accepted), language, "{accepted}");
        }
    }
}
