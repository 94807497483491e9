//! What can't be done without a network, and the word that says so before the tap.

use leptos::prelude::*;

use crate::{i18n::words, run::live, state::network::use_network};

/// Shows something as long as there is a network, else that it needs one.
#[component]
pub fn NeedsNetwork(
    /// What needs it.
    children: ChildrenFn,
) -> impl IntoView {
    let network = use_network();
    let online = Memo::new(move |_| network.online());
    live(move || {
        if online.get() {
            children().into_any()
        } else {
            view! { <p class="facts-note">{words::hold_offline()}</p> }.into_any()
        }
    })
}
