//! The little that is remembered on the device without anything personal in it,
//! so that the page can be drawn before the app has arrived (`boot.js` reads it).

use leptos::prelude::window;
use portal_api::{
    language::Language,
    portal::{Look, Tab},
};
use serde::{Deserialize, Serialize};
use web_sys::Storage;

use crate::json;

/// The key in the browser's storage.
const KEY: &str = "portal";

/// What is remembered.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Hint {
    /// The language, if one was chosen.
    #[serde(default)]
    pub language: Option<Language>,
    /// Light or dark, if one was chosen.
    #[serde(default)]
    pub look: Look,
    /// The labels of the tabs of whoever was signed in last.
    #[serde(default)]
    pub tabs: Option<Labels>,
    /// Somebody signed out without a network: the server does not know yet.
    #[serde(default)]
    pub sign_out_due: bool,
}

/// The labels of the tabs, in the language of last time.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Labels {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sessions: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    charge: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    desk: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
}

impl Labels {
    /// The labels of some tabs.
    pub fn of(tabs: &[Tab], label: impl Fn(Tab) -> String) -> Self {
        let mut labels = Self::default();
        for tab in tabs {
            let place = match tab {
                Tab::Home => &mut labels.home,
                Tab::Sessions => &mut labels.sessions,
                Tab::Charge => &mut labels.charge,
                Tab::Group => &mut labels.group,
                Tab::Desk => &mut labels.desk,
                Tab::Account => &mut labels.account,
                Tab::Unknown => continue,
            };
            *place = Some(label(*tab));
        }
        labels
    }
}

/// The browser's storage; `None` where it is switched off.
pub(super) fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What is remembered on this device.
pub fn read() -> Hint {
    storage()
        .and_then(|storage| storage.get_item(KEY).ok().flatten())
        .and_then(|text| json::read(&text).ok())
        .unwrap_or_default()
}

/// Changes what is remembered. Where nothing can be kept, nothing is.
pub fn change(change: impl FnOnce(&mut Hint)) {
    let mut hint = read();
    change(&mut hint);
    if let (Some(storage), Ok(text)) = (storage(), json::write(&hint)) {
        // A full or refused storage only costs the first paint its shape.
        let _ = storage.set_item(KEY, &text);
    }
}
