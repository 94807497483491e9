//! Where style lives.

use crate::{
    nothing,
    sources::{Source, all, one},
};

/// The files of style that belong to no piece, with their layer.
const COMMON: [(&str, &str); 3] = [
    ("style/layers.css", "reset"),
    ("style/tokens.css", "tokens"),
    ("style/base.css", "base"),
];

/// How a colour begins.
const COLOURS: [&str; 10] = [
    "rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(", "color(",
];

fn sheets() -> Vec<Source> {
    all(&["style"], ".css")
}

/// Style without its comments; lines stay where they are.
fn rules_of(sheet: &Source) -> String {
    let mut rules = String::new();
    let mut rest = sheet.text.as_str();
    while let Some((before, after)) = rest.split_once("/*") {
        rules.push_str(before);
        let (comment, after) = after.split_once("*/").unwrap_or((after, ""));
        rules.extend(comment.chars().filter(|sign| *sign == '\n'));
        rest = after;
    }
    rules + rest
}

#[test]
fn every_sheet_is_linked_exactly_once() {
    let page = one("index.html").text;
    let wrong = sheets().into_iter().filter_map(|sheet| {
        let links = page.matches(&format!("href=\"{}\"", sheet.path)).count();
        (links != 1).then(|| format!("{} is linked {links} times", sheet.path))
    });
    nothing(&wrong.collect::<Vec<_>>());
}

#[test]
fn every_sheet_lives_in_its_own_layer() {
    let mut against = Vec::new();
    for sheet in sheets() {
        let common = COMMON.iter().find(|(path, _)| *path == sheet.path);
        let folder = sheet.path.split('/').nth(1).unwrap_or_default();
        let layer = common.map_or(folder, |(_, layer)| layer);
        let rules = rules_of(&sheet);
        let mut rules = rules.trim();
        if sheet.path == "style/layers.css" {
            // The order of the layers stands before the first of them.
            rules = rules
                .split_once(';')
                .map_or(rules, |(_, rules)| rules)
                .trim();
        }
        let inside = rules
            .strip_prefix(&format!("@layer {layer} {{"))
            .and_then(|rules| rules.strip_suffix('}'));
        if !inside.is_some_and(stays_inside) {
            against.push(format!("{} is not all in @layer {layer}", sheet.path));
        }
    }
    nothing(&against);
}

/// Whether every brace that closes was opened here.
fn stays_inside(rules: &str) -> bool {
    let mut depth = 0_i32;
    rules.chars().all(|sign| {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth >= 0
    }) && depth == 0
}

#[test]
fn every_sheet_stands_beside_the_source_it_draws() {
    let sources = all(&["src"], ".rs");
    let alone = sheets()
        .into_iter()
        .map(|sheet| sheet.path)
        .filter(|path| COMMON.iter().all(|(common, _)| common != path))
        .filter(|path| {
            let drawn = path.replacen("style/", "src/", 1).replace(".css", ".rs");
            !sources.iter().any(|source| source.path == drawn)
        });
    nothing(&alone.collect::<Vec<_>>());
}

#[test]
fn only_the_tokens_name_a_colour() {
    let mut against = Vec::new();
    for sheet in sheets() {
        if sheet.path == "style/tokens.css" {
            continue;
        }
        for (number, line) in rules_of(&sheet).lines().enumerate() {
            if names_a_colour(line) {
                against.push(format!("{}:{}: {}", sheet.path, number + 1, line.trim()));
            }
        }
    }
    nothing(&against);
}

fn names_a_colour(line: &str) -> bool {
    let word = |at: usize| line[..at].ends_with(|sign: char| sign.is_alphanumeric() || sign == '-');
    let called = COLOURS
        .iter()
        .any(|colour| line.match_indices(colour).any(|(at, _)| !word(at)));
    let numbered = line.match_indices('#').any(|(at, _)| {
        let digits = line[at + 1..].split(|sign: char| !sign.is_alphanumeric() && sign != '-');
        let digits = digits.into_iter().next().unwrap_or_default();
        (3..=8).contains(&digits.len()) && digits.chars().all(|digit| digit.is_ascii_hexdigit())
    });
    let values = line.split_once(':').map_or("", |(_, values)| values);
    let plain = values
        .split([' ', ',', ';', '(', ')'])
        .any(|value| ["black", "white", "red", "green", "grey", "gray"].contains(&value));
    called || numbered || plain
}

#[test]
fn a_colour_is_recognised_in_every_notation() {
    for line in [
        "color: #fff;",
        "a { b: oklch(0% 0 0) }",
        "border: 1px solid white;",
    ] {
        assert!(names_a_colour(line), "{line}");
    }
    for line in [
        "#app { color: var(--ink); }",
        "white-space: nowrap;",
        "a { translate: 0 }",
    ] {
        assert!(!names_a_colour(line), "{line}");
    }
}
