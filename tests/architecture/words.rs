//! Which sentences there are.

use crate::{nothing, sources::all};

/// The functions that the build script made, one a sentence.
const WORDS: &str = include_str!(concat!(env!("OUT_DIR"), "/words.rs"));

#[test]
fn every_sentence_is_said_somewhere() {
    let code: Vec<String> = all(&["src"], ".rs")
        .iter()
        .map(|source| source.code())
        .collect();
    let said = |name: &str| {
        let called = format!("words::{name}");
        code.iter().any(|code| {
            code.match_indices(&called).any(|(at, _)| {
                let after = code[at + called.len()..].chars().next();
                !after.is_some_and(|sign| sign.is_alphanumeric() || sign == '_')
            })
        })
    };
    let names = WORDS
        .lines()
        .filter_map(|line| line.strip_prefix("pub fn ")?.split('(').next());
    let names: Vec<&str> = names.collect();
    assert!(names.len() > 100, "only {} sentences", names.len());
    let unsaid = names.into_iter().filter(|name| !said(name));
    nothing(&unsaid.map(str::to_owned).collect::<Vec<_>>());
}
