//! What travels: every file of the bundle, and what a first view needs.

use std::{fs, path::Path};

use serde_json::Value;

use super::{
    Setting,
    figure::{Budget, Figure},
};
use crate::{
    bundle::{EVERY_PAGE, Kind, within},
    failure::{Failure, Result, While},
    fingerprint, say,
};

/// The most that a first view may bring, in kB of 1,000 bytes.
const FIRST_VIEW: f64 = 180.0;

/// Prints every file and adds up the first view of each tab.
pub fn measure(setting: &Setting) -> Result<Vec<Figure>> {
    let bundle = &setting.bundle;
    println!("\n{:52} {:>10} {:>10}", "file", "raw", "brotli");
    for file in fingerprint::files(bundle)? {
        let name = file
            .strip_prefix(bundle)
            .unwrap_or(&file)
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let raw = fs::metadata(&file).when("measuring a file")?.len();
        let sent = sent(bundle, &name)?;
        println!(
            "{name:52} {:>10} {:>10}",
            say::kilobytes(raw),
            say::kilobytes(sent)
        );
    }
    let manifest = Kind::Optimised.manifest(&setting.places);
    let manifest = fs::read_to_string(manifest).when("reading the bundle's manifest")?;
    first_views(bundle, &serde_json::from_str(&manifest)?)
}

/// For each tab: the page, the portal, the tab's own code and style, the sentences in
/// the language that has the longest, the icon and the manifest.
fn first_views(bundle: &Path, manifest: &Value) -> Result<Vec<Figure>> {
    let packs = manifest["packs"].as_object().cloned().unwrap_or_default();
    let words = manifest["words"].as_object().cloned().unwrap_or_default();
    let styles = manifest["styles"].as_object().cloned().unwrap_or_default();
    let size = |file: &Value| sent(bundle, file.as_str().unwrap_or_default());
    let mut common = 0;
    for file in manifest["files"].as_array().into_iter().flatten() {
        let of_tabs = packs.values().chain(styles.values());
        if !of_tabs.into_iter().any(|other| other == file) {
            common += size(file)?;
        }
    }
    let longest = |tab: &str| -> Result<u64> {
        let mut longest = 0;
        for files in words.values() {
            let own = files.get(tab).map_or(Ok(0), size)?;
            longest = longest.max(size(&files[EVERY_PAGE])? + own);
        }
        Ok(longest)
    };
    let mut views = vec![("before any tab".to_owned(), common + longest("")?)];
    // What opens within a tab is no first view.
    for (tab, pack) in packs.iter().filter(|(tab, _)| within(tab).is_none()) {
        let style = styles.get(tab).map_or(Ok(0), size)?;
        views.push((tab.clone(), common + size(pack)? + style + longest(tab)?));
    }
    let figure = |(tab, bytes): (String, u64)| {
        Figure::exact(
            format!("first view, {tab}, kB on the wire"),
            bytes as f64 / 1000.0,
            Budget::AtMost(FIRST_VIEW),
        )
    };
    Ok(views.into_iter().map(figure).collect())
}

/// How many bytes a file is on the wire to a browser that reads brotli.
fn sent(bundle: &Path, address: &str) -> Result<u64> {
    let name = match address.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let smaller = bundle.join(format!("{name}.br"));
    let found = fs::metadata(smaller).or_else(|_| fs::metadata(bundle.join(name)));
    match found {
        Ok(file) => Ok(file.len()),
        Err(_) => Err(Failure::new(format!(
            "{name} is named by the bundle but not in it"
        ))),
    }
}
