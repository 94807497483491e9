//! Short messages about something that was done.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;

/// How long a message stays.
pub const STAYS: Duration = Duration::from_secs(6);

/// What a button says and does, also when the part of the page that offered it is gone.
pub type Action = (String, Arc<dyn Fn() + Send + Sync>);

/// A message.
#[derive(Clone)]
pub struct Toast {
    /// Which one it is.
    pub id: u32,
    /// What it says.
    pub text: String,
    /// What one can do about it.
    pub action: Option<Action>,
}

/// The messages on the screen, the oldest first.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    /// Shows a message for a while.
    pub fn say(self, text: String) {
        self.offer(text, None);
    }

    /// Shows a message for a while, with something one can do about it.
    pub fn offer(self, text: String, action: Option<Action>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown
            .update(|shown| shown.push(Toast { id, text, action }));
        set_timeout(move || self.close(id), STAYS);
    }

    /// Takes a message away.
    pub fn close(self, id: u32) {
        self.shown
            .update(|shown| shown.retain(|toast| toast.id != id));
    }

    /// The messages.
    pub fn shown(self) -> Vec<Toast> {
        self.shown.get()
    }
}

/// Makes room for messages.
pub(super) fn provide() {
    provide_context(Toasts {
        shown: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    });
}

/// The messages.
pub fn use_toasts() -> Toasts {
    expect_context()
}
