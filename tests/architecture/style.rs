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
fn what_comes_with_a_tab_is_drawn_there_only() {
    let table = one("xtask/src/bundle/styles.rs").text;
    let (_, rows) = table.split_once("const WITH_TAB").expect("the table");
    let rows = rows.split("];").next().expect("its end");
    let (sources, sheets) = (all(&["src"], ".rs"), sheets());
    let (with_tab, others): (Vec<_>, Vec<_>) = sheets.into_iter().partition(|sheet| {
        let name = sheet.path.rsplit('/').next().unwrap_or_default();
        rows.contains(&format!("(\"{}\", ", name.trim_end_matches(".css")))
    });
    assert_eq!(with_tab.len(), rows.matches("(\"").count());
    let common: Vec<String> = others.iter().flat_map(classes).collect();
    let mut against = Vec::new();
    for sheet in with_tab {
        let own = sheet.path.replacen("style/", "src/", 1).replace(".css", "");
        let elsewhere = sources.iter().filter(|source| {
            let below = source.path.strip_prefix(&own);
            !below.is_some_and(|rest| rest.starts_with(['.', '/']))
        });
        let elsewhere: Vec<&Source> = elsewhere.collect();
        for class in classes(&sheet) {
            let drawn = elsewhere.iter().filter(|source| draws(source, &class));
            let drawn = drawn.filter(|_| !common.contains(&class));
            against.extend(drawn.map(|source| format!("{} draws .{class}", source.path)));
        }
    }
    nothing(&against);
}

/// Whatever stands behind a dot and begins with a letter.
fn classes(sheet: &Source) -> Vec<String> {
    let rules = rules_of(sheet);
    let behind = rules.split('.').skip(1).map(|rest| {
        let end = rest.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-');
        rest[..end.unwrap_or(rest.len())].to_owned()
    });
    behind
        .filter(|class| class.starts_with(|first: char| first.is_ascii_alphabetic()))
        .collect()
}

/// Whether a source has a class of that name: in the text that follows `class=`, up
/// to the next attribute.
fn draws(source: &Source, class: &str) -> bool {
    let mut values = source.text.split("class").skip(1).map(|rest| {
        let line = rest.lines().next().unwrap_or_default();
        match line.strip_prefix("=\"") {
            Some(value) => value.split('"').next().unwrap_or_default(),
            None => line,
        }
    });
    values.any(|value| {
        value
            .split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-')
            .any(|word| word == class)
    })
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
