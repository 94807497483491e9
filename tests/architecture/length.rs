//! How long things may be.

use crate::{
    nothing,
    sources::{Source, all},
};

/// The most lines of a file.
const FILE: usize = 400;

/// The most lines of a function, from its name to its last brace.
const FUNCTION: usize = 70;

fn sources() -> Vec<Source> {
    let folders = [
        "src",
        "api/src",
        "server/src",
        "simulator/src",
        "simulator/tests",
        "words/src",
        "xtask/src",
        "tests",
    ];
    all(&folders, ".rs")
}

#[test]
fn no_source_is_longer_than_400_lines() {
    let long = sources().into_iter().filter_map(|source| {
        let lines = source.text.lines().count();
        (lines > FILE).then(|| format!("{}: {lines} lines", source.path))
    });
    nothing(&long.collect::<Vec<_>>());
}

#[test]
fn no_function_is_longer_than_70_lines() {
    let mut long = Vec::new();
    for source in sources() {
        for (name, lines) in functions(&source) {
            if lines > FUNCTION {
                long.push(format!("{}: {name} has {lines} lines", source.path));
            }
        }
    }
    nothing(&long);
}

/// Every function that has a body, and its lines.
fn functions(source: &Source) -> Vec<(String, usize)> {
    let code = source.code();
    let mut functions = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let named = code[..at].ends_with(|before: char| before.is_whitespace() || before == '(');
        let rest = &code[at + 3..];
        let end = rest.find(|sign: char| !sign.is_alphanumeric() && sign != '_');
        let Some(name) = end.map(|end| &rest[..end]).filter(|name| !name.is_empty()) else {
            continue;
        };
        if let Some(body) = Some(rest).filter(|_| named || at == 0).and_then(with_body) {
            functions.push((name.to_owned(), body.lines().count()));
        }
    }
    functions
}

/// A function up to its last brace; `None` if it ends without a body.
fn with_body(function: &str) -> Option<&str> {
    let mut depth = 0_i32;
    for (at, sign) in function.char_indices() {
        match sign {
            ';' if depth == 0 => return None,
            '{' | '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(&function[..=at]);
                }
            }
            _ => {}
        }
    }
    None
}

#[test]
fn a_function_is_as_long_as_its_lines() {
    let source = Source {
        path: "src/a.rs".to_owned(),
        text: "pub fn a(b: [u8; 2]) -> u8 {\n    c! {\n    }\n}\nfn d();\nfn e() {}".to_owned(),
    };
    let expected = [("a".to_owned(), 4), ("e".to_owned(), 1)];
    assert_eq!(functions(&source), expected);
}
