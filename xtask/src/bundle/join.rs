//! Fewer and larger modules: what nearly the same tabs share is merged.
//!
//! The splitting step makes a module for every set of tabs that share some code,
//! hundreds of them, most of a few hundred bytes. Starting one takes a phone longer
//! than reading the code in it, so those are merged that are mostly needed together,
//! at the price of a few bytes that a tab gets without needing them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::json;

use super::{
    merge,
    packs::{self, Needs},
};
use crate::{
    failure::{Result, While},
    parallel,
};

/// How many bytes that it doesn't need a tab takes along rather than starting one
/// module more.
const START: usize = 300;

/// Where it is noted beside the modules what each tab needs once they are merged.
const NOTE: &str = "needs.json";

/// Modules that become one, by name, and the tabs that need one of them.
struct Group {
    modules: Vec<String>,
    size: usize,
    tabs: BTreeSet<String>,
}

/// Merges modules of a folder, and notes what each tab needs from then on.
pub fn join(folder: &Path, needs: &Needs) -> Result<()> {
    let groups = groups(needs, |module| {
        let file = folder.join(module).with_extension("wasm");
        merge::size(&fs::read(&file).when(format_args!("reading {}", file.display()))?)
    })?;
    let mut names = BTreeMap::new();
    for group in &groups {
        let name = &group.modules[0];
        names.extend(group.modules.iter().map(|module| (module, name)));
    }
    let joined = needs.iter().map(|(tab, modules)| {
        let own = modules.iter().filter(|module| !names.contains_key(module));
        let shared = modules.iter().filter_map(|module| names.get(module));
        let shared: BTreeSet<_> = shared.copied().collect();
        (tab, shared.into_iter().chain(own).collect::<Vec<_>>())
    });
    let joined: BTreeMap<_, _> = joined.collect();
    fs::write(folder.join(NOTE), json!(joined).to_string()).when("noting what tabs need")?;
    parallel::each(groups, |group| merge_files(folder, &group.modules))
}

/// What each tab needs of the modules in a folder.
pub fn noted(folder: &Path) -> Result<Needs> {
    let note = fs::read_to_string(folder.join(NOTE)).when("reading what tabs need")?;
    Ok(serde_json::from_str(&note)?)
}

/// Puts one module in the place of several.
fn merge_files(folder: &Path, modules: &[String]) -> Result<()> {
    let file = |module: &String| folder.join(module).with_extension("wasm");
    let [first, others @ ..] = modules else {
        return Ok(());
    };
    let contents = modules.iter().map(|module| fs::read(file(module)));
    let contents = contents.collect::<std::io::Result<Vec<_>>>();
    let contents = contents.when("reading what becomes one module")?;
    fs::write(file(first), merge::merge(&contents)?)?;
    for other in others {
        fs::remove_file(file(other))?;
    }
    Ok(())
}

/// Finds out which shared modules are to be one: two groups at a time, those first
/// that save most.
fn groups(needs: &Needs, size: impl Fn(&str) -> Result<usize>) -> Result<Vec<Group>> {
    let mut groups: Vec<Option<Group>> = shared(needs, size)?.into_iter().map(Some).collect();
    let mut savings = BTreeSet::new();
    for (second, group) in groups.iter().enumerate() {
        note_savings(&mut savings, &groups[..second], group.as_ref(), second);
    }
    while let Some((_, first, second)) = savings.pop_last() {
        if groups[first].is_none() || groups[second].is_none() {
            continue;
        }
        let (Some(mut group), Some(other)) = (groups[first].take(), groups[second].take()) else {
            continue;
        };
        group.modules.extend(other.modules);
        group.size += other.size;
        group.tabs.extend(other.tabs);
        note_savings(&mut savings, &groups, Some(&group), groups.len());
        groups.push(Some(group));
    }
    Ok(groups.into_iter().flatten().collect())
}

/// How much is saved, and by merging which two.
type Savings = BTreeSet<(usize, usize, usize)>;

fn note_savings(savings: &mut Savings, groups: &[Option<Group>], with: Option<&Group>, at: usize) {
    let Some(with) = with else { return };
    for (index, group) in groups.iter().enumerate() {
        let saved = group.as_ref().and_then(|group| saved(group, with));
        savings.extend(saved.map(|saved| (saved, index, at)));
    }
}

/// What merging two groups saves, in bytes; `None` if it costs more.
fn saved(one: &Group, other: &Group) -> Option<usize> {
    let both = one.tabs.union(&other.tabs).cloned().collect();
    let (ones, others, all) = (starting(&one.tabs), starting(&other.tabs), starting(&both));
    let starts = (ones.len() + others.len()).saturating_sub(all.len()) * START;
    let in_vain =
        all.difference(&ones).count() * one.size + all.difference(&others).count() * other.size;
    starts.checked_sub(in_vain).filter(|saved| *saved > 0)
}

/// The tabs that start what all of `tabs` need: a part has what its tab has started.
fn starting(tabs: &BTreeSet<String>) -> BTreeSet<&String> {
    let starts = |tab: &&String| packs::within(tab).is_none_or(|outer| !tabs.contains(outer));
    tabs.iter().filter(starts).collect()
}

/// Each shared module alone, with the tabs that need it.
fn shared(needs: &Needs, size: impl Fn(&str) -> Result<usize>) -> Result<Vec<Group>> {
    let mut tabs: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
    for (tab, modules) in needs {
        for module in modules.iter().filter(|module| packs::is_shared(module)) {
            tabs.entry(module).or_default().insert(tab.clone());
        }
    }
    let groups = tabs.into_iter().map(|(module, tabs)| {
        Ok(Group {
            modules: vec![module.clone()],
            size: size(module)?,
            tabs,
        })
    });
    groups.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(needs: &[(&str, &[&str])], size: usize) -> Vec<Vec<String>> {
        let owned = |(tab, modules): &(&str, &[&str])| {
            let modules = modules.iter().map(|name| (*name).to_owned()).collect();
            ((*tab).to_owned(), modules)
        };
        let groups = groups(&needs.iter().map(owned).collect(), |_| Ok(size)).unwrap();
        groups.into_iter().map(|group| group.modules).collect()
    }

    #[test]
    fn what_the_same_tabs_share_becomes_one() {
        let both = ["chunk_1", "chunk_2", "split"];
        let groups = found(&[("account", &both), ("sessions", &both)], 9_000);
        assert_eq!(groups, [["chunk_1", "chunk_2"]]);
    }

    #[test]
    fn little_is_taken_along_in_vain_and_much_is_not() {
        let needs: [(&str, &[&str]); 3] = [
            ("account", &["chunk_1", "chunk_2"]),
            ("home", &["chunk_1", "chunk_2"]),
            ("sessions", &["chunk_1"]),
        ];
        assert_eq!(found(&needs, START), [["chunk_1", "chunk_2"]]);
        assert_eq!(found(&needs, 3 * START).len(), 2);
    }

    #[test]
    fn a_part_has_what_is_in_its_tab_for_nothing() {
        let needs: [(&str, &[&str]); 3] = [
            ("filters", &["chunk_1"]),
            ("home", &["chunk_1", "chunk_2"]),
            ("sessions", &["chunk_1", "chunk_2"]),
        ];
        assert_eq!(found(&needs, 9_000), [["chunk_1", "chunk_2"]]);
    }
}
