//! The house's rules, held by reading the sources: who may know whom, where
//! style and words live, and how long things may be.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "architecture/length.rs"]
mod length;
#[path = "architecture/sources.rs"]
mod sources;
#[path = "architecture/style.rs"]
mod style;
#[path = "architecture/words.rs"]
mod words;

use sources::{Source, all, one};

/// The folders with Rust in them.
const RUST: [&str; 9] = [
    "src",
    "tests",
    "api/src",
    "server/src",
    "server/tests",
    "simulator/src",
    "simulator/tests",
    "words/src",
    "xtask/src",
];

/// Which modules of the portal each of them may name.
const ARROWS: [(&str, &[&str]); 11] = [
    (
        "pages",
        &[
            "boot",
            "client",
            "components",
            "format",
            "i18n",
            "json",
            "pages",
            "routes",
            "run",
            "state",
            "ui",
        ],
    ),
    (
        "components",
        &[
            "client",
            "components",
            "format",
            "i18n",
            "routes",
            "run",
            "state",
            "ui",
        ],
    ),
    ("ui", &["run", "ui"]),
    ("state", &["boot", "client", "i18n", "json", "run", "state"]),
    ("client", &["boot", "client", "json"]),
    ("format", &["format", "i18n"]),
    ("i18n", &["boot", "client", "format", "i18n"]),
    ("json", &["json"]),
    ("routes", &[]),
    ("run", &[]),
    ("boot", &[]),
];

/// Fails with all that is against a rule.
fn nothing(against: &[String]) {
    assert!(against.is_empty(), "\n{}", against.join("\n"));
}

/// Every path that a file names and that is not allowed.
fn forbidden(source: &Source, allowed: impl Fn(&[String]) -> bool) -> Vec<String> {
    let names = source.names();
    let wrong = names.iter().filter(|name| !allowed(name));
    wrong
        .map(|name| format!("{} names {}", source.path, name.join("::")))
        .collect()
}

#[test]
fn the_arrows_go_one_way() {
    let mut against = Vec::new();
    for source in all(&["src"], ".rs") {
        let module = source.module()[0].to_owned();
        if ["main", "lib", "app"].contains(&module.as_str()) {
            continue;
        }
        let arrow = ARROWS.iter().find(|(from, _)| *from == module);
        let Some((_, to)) = arrow else {
            against.push(format!("{}: where does `{module}` stand?", source.path));
            continue;
        };
        against.extend(forbidden(&source, |name| to.contains(&name[0].as_str())));
    }
    nothing(&against);
}

#[test]
fn pages_do_not_know_each_other() {
    let mut against = Vec::new();
    for source in all(&["src/pages"], ".rs") {
        let module = source.module();
        let page = module[1];
        against.extend(forbidden(&source, |name| {
            name[0] != "pages" || name.get(1).is_none_or(|other| other == page)
        }));
    }
    nothing(&against);
}

#[test]
fn main_only_starts_the_portal() {
    let code = one("src/main.rs").code();
    assert_eq!(code.matches("portal::").count(), 1, "{code}");
    assert!(!code.contains("mod "), "{code}");
}

#[test]
fn only_the_client_speaks_http() {
    let speaks = |source: &Source| source.code().contains("gloo_net");
    let sources = all(&["src"], ".rs");
    let (client, others): (Vec<_>, Vec<_>) = sources
        .iter()
        .partition(|source| source.module()[0] == "client");
    assert!(client.into_iter().any(speaks));
    let others = others.into_iter().filter(|source| speaks(source));
    nothing(&others.map(|source| source.path.clone()).collect::<Vec<_>>());
}

#[test]
fn the_servers_two_providers_know_neither_http_nor_each_other() {
    let mut against = Vec::new();
    for source in all(&["server/src"], ".rs") {
        let unknown: &[&str] = match source.module()[0] {
            "embedded" => &["http", "upstream"],
            "upstream" => &["http", "embedded"],
            "provider" => &["http", "embedded", "upstream"],
            _ => continue,
        };
        against.extend(forbidden(&source, |name| {
            !unknown.contains(&name[0].as_str())
        }));
    }
    nothing(&against);
}

#[test]
fn the_api_knows_nobody_of_ours() {
    let ours = ["portal-", "portal ", "portal=", "portal.", "path ="];
    let manifest = one("api/Cargo.toml").text;
    let (_, dependencies) = manifest.split_once("[dependencies]").expect("it has some");
    let known: Vec<String> = dependencies
        .lines()
        .filter(|line| ours.iter().any(|name| line.contains(name)))
        .map(str::to_owned)
        .collect();
    nothing(&known);
}

#[test]
fn no_module_hides_in_a_mod_rs() {
    let hidden = all(&RUST, ".rs")
        .into_iter()
        .map(|source| source.path)
        .filter(|path| path.ends_with("/mod.rs"));
    nothing(&hidden.collect::<Vec<_>>());
}

#[test]
fn views_carry_no_style_and_no_markup_of_their_own() {
    // The page's policy refuses both; `style:name=` sets a property instead.
    let mut against = Vec::new();
    let sources = all(&["src"], ".rs").into_iter().chain([one("index.html")]);
    for source in sources {
        for (number, line) in source.text.lines().enumerate() {
            let drawn = line.trim_start();
            if drawn.contains("style=\"") || drawn.contains("inner_html") {
                against.push(format!("{}:{}: {drawn}", source.path, number + 1));
            }
        }
    }
    nothing(&against);
}
