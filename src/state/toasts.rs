//! Short messages about something that was done.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;

use crate::run::{pause, to_the_end};

/// How long a message stays.
const STAYS: Duration = Duration::from_secs(6);

/// How often it is looked whether the focus has left it.
const LOOKS: Duration = Duration::from_secs(1);

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
        let id = self.show(text, None);
        to_the_end(async move {
            self.last(id).await;
        });
    }

    /// Shows a message with something one can do about it, until [`last`](Self::last) is
    /// over.
    pub fn offer(self, text: String, action: Action) -> u32 {
        self.show(text, Some(action))
    }

    fn show(self, text: String, action: Option<Action>) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown
            .update(|shown| shown.push(Toast { id, text, action }));
        id
    }

    /// Waits as long as a message stays: while its button has the focus, somebody may be
    /// about to press it. Says whether nobody did.
    pub async fn last(self, id: u32) -> bool {
        pause(STAYS).await;
        let name = name(id);
        let is_focused = || {
            let at = document().active_element();
            at.is_some_and(|at| at.id() == name)
        };
        while is_focused() {
            pause(LOOKS).await;
        }
        self.close(id)
    }

    /// Takes a message away; `false` if it was already.
    pub fn close(self, id: u32) -> bool {
        let taken = self.shown.try_update(|shown| {
            let before = shown.len();
            shown.retain(|toast| toast.id != id);
            shown.len() < before
        });
        taken.unwrap_or_default()
    }

    /// The messages.
    pub fn shown(self) -> Vec<Toast> {
        self.shown.get()
    }
}

/// The id of a message's button in the page.
pub fn name(id: u32) -> String {
    ["toast-", &id.to_string()].concat()
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
