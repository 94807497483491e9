//! Whether a newer portal is ready on this device.

use leptos::{ev, prelude::*};

/// Whether a newer portal took over; the next page is loaded with it.
#[derive(Clone, Copy)]
pub struct NewVersion(RwSignal<bool>);

impl NewVersion {
    /// Whether there is one.
    pub fn ready(self) -> bool {
        self.0.get()
    }

    /// Loads the page again if there is one.
    pub fn take_up(self) {
        if self.0.get_untracked() {
            // A page that cannot be loaded again stays as it is.
            let _ = window().location().reload();
        }
    }
}

/// Starts to watch for the message of `boot.js`.
pub(super) fn provide() {
    let ready = RwSignal::new(false);
    let listener = window_event_listener(
        ev::Custom::<web_sys::Event>::new("portal-update"),
        move |_| {
            ready.set(true);
        },
    );
    on_cleanup(move || listener.remove());
    provide_context(NewVersion(ready));
}

/// Whether a newer portal is ready.
pub fn use_new_version() -> NewVersion {
    expect_context()
}
