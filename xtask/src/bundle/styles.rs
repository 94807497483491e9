//! The style sheets: what every page may need stands in the page, what only one tab
//! draws comes with that tab.

use std::collections::BTreeMap;

use super::{Bundle, minify};
use crate::failure::Result;

/// Sheets whose names only one tab draws, by the file's name, with the tab.
/// `tests/architecture/style.rs` holds that no other page has them.
const WITH_TAB: [(&str, &str); 13] = [
    ("bar", "live"),
    ("bookings", "booking"),
    ("charger", "charger"),
    ("chargers", "chargers"),
    ("desk", "desk"),
    ("elsewhere", "elsewhere"),
    ("export", "export"),
    ("groups", "groups"),
    ("guest", "guest"),
    ("home", "home"),
    ("later", "book"),
    ("receipts", "session"),
    ("reservations", "reservations"),
];

/// The style sheets' text.
#[derive(Default)]
pub struct Styles {
    /// What stands in the page.
    pub page: String,
    /// What comes with a tab, by the tab's name.
    tabs: BTreeMap<&'static str, String>,
}

impl Styles {
    /// Adds a sheet where it belongs: in the page, too, where its tab is no chunk.
    pub fn add(&mut self, address: &str, sheet: &str, is_tab: impl Fn(&str) -> bool) {
        let tab = tab(address).filter(|tab| is_tab(tab));
        let text = match tab {
            Some(tab) => self.tabs.entry(tab).or_default(),
            None => &mut self.page,
        };
        text.push_str(sheet);
        text.push('\n');
    }

    /// Puts what comes with tabs among the assets; gives back the addresses.
    pub fn write(&self, bundle: &Bundle) -> Result<BTreeMap<&'static str, String>> {
        let file = |(tab, text): (&&'static str, &String)| {
            let text = minify::style(bundle, text)?;
            Ok((*tab, bundle.add_asset(tab, "css", text.as_bytes())?))
        };
        self.tabs.iter().map(file).collect()
    }
}

/// The tab that a sheet comes with, told by the name that trunk gave its copy.
fn tab(address: &str) -> Option<&'static str> {
    let name = address.trim_start_matches('/').split(['-', '.']).next()?;
    let found = WITH_TAB.iter().find(|(sheet, _)| *sheet == name);
    found.map(|(_, tab)| *tab)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_where_it_is_needed() {
        let mut styles = Styles::default();
        for (address, sheet) in [
            ("/groups-0c1d.css", "g{}"),
            ("/group-0c1d.css", "c{}"),
            ("/later-0c1d.css", "l{}"),
        ] {
            styles.add(address, sheet, |tab| tab == "groups");
        }
        assert_eq!(styles.page, "c{}\nl{}\n");
        assert_eq!(
            styles.tabs,
            BTreeMap::from([("groups", "g{}\n".to_owned())])
        );
    }
}
