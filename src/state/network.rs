//! Whether there is a network, as far as the browser can tell.

use leptos::{ev, prelude::*};

/// Whether there is a network.
#[derive(Clone, Copy)]
pub struct Network(RwSignal<bool>);

impl Network {
    /// Whether there is one now; whoever reads it is told when that changes.
    pub fn online(self) -> bool {
        self.0.get()
    }
}

/// Starts to watch.
pub(super) fn provide() {
    let online = RwSignal::new(window().navigator().on_line());
    let come = window_event_listener(ev::online, move |_| online.set(true));
    let gone = window_event_listener(ev::offline, move |_| online.set(false));
    on_cleanup(move || {
        come.remove();
        gone.remove();
    });
    provide_context(Network(online));
}

/// The network.
pub fn use_network() -> Network {
    expect_context()
}
