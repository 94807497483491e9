//! What somebody is typing, kept on the device until the server has confirmed it.

use portal_api::portal::Me;

use super::{hint::storage, identity::use_identity};

/// The text of one field, kept under the person's id and a name.
#[derive(Clone)]
pub struct Draft {
    key: Option<String>,
}

/// The draft of that name of whoever is signed in. On a shared device nothing
/// is kept.
pub fn use_draft(name: &str) -> Draft {
    draft_of(use_identity().person(), name)
}

/// The draft of that name of somebody.
pub fn draft_of(me: Option<Me>, name: &str) -> Draft {
    let key = me
        .filter(|me| me.keep_on_device)
        .map(|me| ["draft ", &me.id, " ", name].concat());
    Draft { key }
}

impl Draft {
    /// Whether anything is kept on this device.
    pub fn keeps(&self) -> bool {
        self.key.is_some() && storage().is_some()
    }

    /// What was typed and not confirmed.
    pub fn read(&self) -> Option<String> {
        storage()?.get_item(self.key.as_deref()?).ok().flatten()
    }

    /// Keeps what is being typed.
    pub fn keep(&self, text: &str) {
        if let (Some(storage), Some(key)) = (storage(), &self.key) {
            // Where nothing can be kept the form itself still holds the text.
            let _ = storage.set_item(key, text);
        }
    }

    /// The server has it.
    pub fn confirmed(&self) {
        if let (Some(storage), Some(key)) = (storage(), &self.key) {
            let _ = storage.remove_item(key);
        }
    }
}
