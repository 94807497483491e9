//! The sources, as text that can be asked about.

use std::{collections::BTreeSet, env, fs, path::Path};

/// A file of the house.
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// All files below some folders whose name ends that way.
pub fn all(folders: &[&str], ending: &str) -> Vec<Source> {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let mut files = Vec::new();
    for folder in folders {
        collect(Path::new(&root), folder, ending, &mut files);
    }
    assert!(!files.is_empty(), "no {ending} in {folders:?}");
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// One file.
pub fn one(path: &str) -> Source {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the package is");
    let text = fs::read_to_string(Path::new(&root).join(path));
    Source {
        path: path.to_owned(),
        text: text.unwrap_or_else(|error| panic!("{path}: {error}")),
    }
}

fn collect(root: &Path, folder: &str, ending: &str, files: &mut Vec<Source>) {
    let entries = fs::read_dir(root.join(folder)).expect("the folder is there");
    for entry in entries {
        let entry = entry.expect("the folder can be read");
        let name = entry.file_name().into_string().expect("plain names");
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            collect(root, &path, ending, files);
        } else if name.ends_with(ending) {
            files.push(one(&path));
        }
    }
}

impl Source {
    /// Its place among the modules: `src/pages/home.rs` is `pages::home`.
    pub fn module(&self) -> Vec<&str> {
        let path = self.path.split_once("src/").map_or("", |(_, path)| path);
        path.trim_end_matches(".rs").split('/').collect()
    }

    /// Its code without comments and texts, and without the tests below it.
    pub fn code(&self) -> String {
        let code = code_of(&self.text);
        let end = code.find("#[cfg(test)]\nmod ").unwrap_or(code.len());
        code[..end].to_owned()
    }

    /// Every path inside its own crate that it names, from the crate's root.
    pub fn names(&self) -> BTreeSet<Vec<String>> {
        let code = self.code();
        let mut above = self.module();
        above.pop();
        let mut names = BTreeSet::new();
        for (at, _) in code.match_indices("crate::") {
            expand(&code[at + "crate::".len()..], &[], &mut names);
        }
        for (at, _) in code.match_indices("super::") {
            if code[..at].ends_with("super::") {
                continue;
            }
            let mut rest = &code[at + "super::".len()..];
            let mut from = above.clone();
            while let Some(further) = rest.strip_prefix("super::") {
                rest = further;
                from.pop();
            }
            expand(rest, &from, &mut names);
        }
        names
    }
}

/// Notes the paths that a `use` tree or a single path names below a prefix.
/// Gives back what stands behind it.
fn expand<'a>(tree: &'a str, prefix: &[&str], names: &mut BTreeSet<Vec<String>>) -> &'a str {
    let mut prefix = prefix.to_vec();
    let mut rest = tree.trim_start();
    loop {
        if let Some(mut inner) = rest.strip_prefix('{') {
            loop {
                inner = expand(inner, &prefix, names).trim_start();
                inner = inner.strip_prefix(',').unwrap_or(inner).trim_start();
                if inner.is_empty() || inner.starts_with('}') {
                    return inner.strip_prefix('}').unwrap_or(inner);
                }
            }
        }
        let end = rest
            .find(|character: char| !character.is_alphanumeric() && character != '_')
            .unwrap_or(rest.len());
        prefix.push(&rest[..end]);
        rest = &rest[end..];
        let Some(deeper) = rest.strip_prefix("::") else {
            names.insert(prefix.into_iter().map(str::to_owned).collect());
            let end = rest.find([',', '}', ';']).unwrap_or(rest.len());
            return &rest[end..];
        };
        rest = deeper;
    }
}

/// Rust without comments and texts; lines stay where they are.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => text_length(rest),
            'r' if !code.ends_with(|before: char| before.is_alphanumeric() || before == '_') => {
                raw_length(rest)
            }
            '\'' => character_length(rest),
            _ => 0,
        };
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(
                rest[..length]
                    .chars()
                    .filter(|character| *character == '\n'),
            );
            rest = &rest[length..];
        }
    }
    code
}

fn text_length(rest: &str) -> usize {
    let mut escaped = true;
    for (at, character) in rest.char_indices() {
        match character {
            '"' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The length of `r"…"` or `r#"…"#`; 0 if it is none.
fn raw_length(rest: &str) -> usize {
    let hashes = rest[1..].chars().take_while(|sign| *sign == '#').count();
    let Some(inner) = rest[1 + hashes..].strip_prefix('"') else {
        return 0;
    };
    let end = format!("\"{}", "#".repeat(hashes));
    let found = inner.find(&end).map_or(inner.len(), |at| at + end.len());
    2 + hashes + found
}

/// The length of `'x'`; 0 for a lifetime.
fn character_length(rest: &str) -> usize {
    if rest.starts_with("'\\") {
        return rest[3..].find('\'').map_or(0, |end| end + 4);
    }
    let mut characters = rest.char_indices().skip(2);
    match characters.next() {
        Some((at, '\'')) => at + 1,
        _ => 0,
    }
}

#[test]
fn comments_and_texts_are_no_code() {
    let text = "a // crate::b\n\"crate::c \\\" \" r#\"crate::\"d\"# 'e' &'f g /* h\n */ '\\'' i";
    assert_eq!(code_of(text), "a \n   &'f g \n  i");
}

#[test]
fn every_branch_of_a_use_is_named() {
    let source = Source {
        path: "src/pages/home.rs".to_owned(),
        text: "use crate::{a::{b, c::D}, e};\nfn f() { super::g::h(); crate::i() }".to_owned(),
    };
    let names: Vec<String> = source.names().iter().map(|name| name.join("::")).collect();
    assert_eq!(names, ["a::b", "a::c::D", "e", "i", "pages::g::h"]);
}
