//! One file a tab: its own module and all that it shares with other tabs.
//!
//! The splitting step makes a module for every set of tabs that share some code:
//! dozens of small files a tab. One after the other in one file they are one
//! request, and a quarter smaller once they are compressed. What two tabs share
//! is in both files, but started only once.

use std::collections::BTreeMap;

use crate::failure::{Failure, Result};

/// Parts of a tab, which open only there: their packs have what is not in the
/// tab's already.
const WITHIN: [(&str, &str); 17] = [
    ("billing", "account"),
    ("book", "charger"),
    ("booking_cancel", "booking"),
    ("desk_dispute", "desk"),
    ("dispute_files", "dispute"),
    ("elsewhere", "chargers"),
    ("export", "sessions"),
    ("filters", "sessions"),
    ("group_cards", "groups"),
    ("group_charges", "groups"),
    ("group_limits", "groups"),
    ("group_members", "groups"),
    ("group_token", "groups"),
    ("group_usage", "groups"),
    ("guest_code", "booking"),
    ("instead", "charger"),
    ("place", "charger"),
];

/// What begins the name of a module that tabs share, before its number.
const SHARED: &str = "chunk_";

/// The modules that each tab needs, by name: what it shares, then its own.
pub type Needs = BTreeMap<String, Vec<String>>;

/// Reads from the splitting step's loader which modules each tab needs: a
/// `const` per shared module, then an `export const` per tab that names those
/// it needs.
pub fn needs(loader: &str) -> Needs {
    let mut needs = Needs::new();
    for statement in loader.split("\nexport const __wasm_split_load_").skip(1) {
        let Some((tab, call)) = statement.split_once(" = ") else {
            continue;
        };
        let shared = call.rsplit_once('[').map_or("", |(_, list)| list);
        let shared = shared.split([',', ']']).map(str::trim);
        let shared = shared.filter_map(|name| name.strip_prefix("__"));
        let shared = shared.filter(|name| is_shared(name));
        let own = call.split_once("\"./").and_then(|(_, rest)| {
            let (own, _) = rest.split_once(".wasm\"")?;
            Some(own)
        });
        let modules = shared.chain(own).map(str::to_owned).collect();
        needs.insert(tab.to_owned(), modules);
    }
    needs
}

/// What a tab's pack has: all that the tab needs, but nothing that is there
/// already wherever it opens.
pub fn modules<'a>(needs: &'a Needs, tab: &str) -> Vec<&'a String> {
    let there = within(tab).and_then(|outer| needs.get(outer));
    let there = there.map_or(&[][..], Vec::as_slice);
    let needed = needs.get(tab).map_or(&[][..], Vec::as_slice);
    let new = needed.iter().filter(|module| !there.contains(module));
    new.collect()
}

/// The tab that a part opens in.
pub fn within(tab: &str) -> Option<&'static str> {
    let found = WITHIN.iter().find(|(inner, _)| *inner == tab);
    found.map(|(_, outer)| *outer)
}

/// Whether a module is one that tabs share.
pub fn is_shared(module: &str) -> bool {
    module.starts_with(SHARED)
}

/// Modules, by name, one after the other; `loader.js` has the format.
pub fn pack(modules: &[(&String, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut head = vec![modules.len()];
    let mut body = Vec::new();
    for (name, content) in modules {
        head.extend([number(name)?, content.len()]);
        body.extend_from_slice(content);
    }
    let mut pack = Vec::with_capacity(4 * head.len() + body.len());
    for number in head {
        let number = u32::try_from(number).map_err(|_| Failure::new("a module is too large"))?;
        pack.extend(number.to_le_bytes());
    }
    pack.append(&mut body);
    Ok(pack)
}

/// A shared module's number; a tab's own has none.
fn number(name: &str) -> Result<usize> {
    match name.strip_prefix(SHARED) {
        None => Ok(0),
        Some(number) => number
            .parse()
            .map_err(|_| Failure::new(format!("{name} has no number"))),
    }
}

/// The script that loads packs: the beginning of the splitting step's own, and
/// what is exported there for each tab. `addresses` are the packs', by tab.
pub fn loader(original: &str, addresses: &BTreeMap<String, String>) -> Result<String> {
    let end = ["\n/* ", "\nconst __chunk_", "\nexport const "]
        .iter()
        .filter_map(|beginning| original.find(beginning))
        .min()
        .ok_or_else(|| Failure::new("the splitting step's loader is not as expected"))?;
    let mut script = format!("{}\n{}", &original[..end], include_str!("loader.js"));
    // A part comes after the tab that it is within.
    let (outer, inner): (Vec<_>, Vec<_>) =
        addresses.iter().partition(|(tab, _)| within(tab).is_none());
    for (tab, address) in outer.into_iter().chain(inner) {
        let name = address.rsplit('/').next().unwrap_or(address);
        let before = within(tab).map_or_else(String::new, |outer| format!(", pack_{outer}"));
        script.push_str(&format!(
            "const pack_{tab} = pack(\"./{name}\", \"{tab}\"{before});\n\
             export const __wasm_split_load_{tab} = wrapAsyncCb(pack_{tab});\n"
        ));
    }
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: &str = r#"import { initSync } from "./portal.js";
function makeLoad(fetcher, deps) {}
/* account, sessions */
const __chunk_3 = makeLoad(() => {
    const src = fetch(new URL("./chunk_3.wasm", import.meta.url));
    src.catch(() => {});
}
, []);
export const __wasm_split_load_sessions = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_sessions.wasm", import.meta.url));
}
, [__chunk_3]));
export const __wasm_split_load_filters = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_filters.wasm", import.meta.url));
}
, [__chunk_3]));
export const __wasm_split_load_bare = wrapAsyncCb(makeLoad(() => async (_imp) => ({}), []));
"#;

    #[test]
    fn a_tab_needs_what_it_shares_and_its_own_module() {
        let needs = needs(LOADER);
        assert_eq!(modules(&needs, "sessions"), ["chunk_3", "split_sessions"]);
        assert_eq!(modules(&needs, "filters"), ["split_filters"]);
        assert!(modules(&needs, "bare").is_empty());
    }

    #[test]
    fn a_pack_says_what_is_in_it() {
        let names = ["chunk_3".to_owned(), "split_sessions".to_owned()];
        let packed = pack(&[(&names[0], vec![7]), (&names[1], vec![8, 9])]).unwrap();
        let head = [2_u32, 3, 1, 0, 2].map(u32::to_le_bytes).concat();
        assert_eq!(packed, [head, vec![7, 8, 9]].concat());
    }

    #[test]
    fn the_loader_opens_a_part_after_its_tab() {
        let tabs = ["sessions", "filters"];
        let addresses = tabs.map(|tab| (tab.to_owned(), format!("/assets/{tab}-1.pack")));
        let script = loader(LOADER, &addresses.into_iter().collect()).unwrap();
        assert!(script.starts_with("import { initSync }"));
        assert!(!script.contains("__chunk_3"));
        let outer = "const pack_sessions = pack(\"./sessions-1.pack\", \"sessions\");";
        let own = "const pack_filters = pack(\"./filters-1.pack\", \"filters\", pack_sessions);";
        assert!(script.find(outer).unwrap() < script.find(own).unwrap());
    }
}
