//! Something that is folded away until somebody opens it.

use leptos::prelude::*;

use super::icon::Icon;
use crate::run::live;

/// A box with a head that opens it.
#[component]
pub fn Fold(
    /// Whether it is open at first.
    #[prop(optional)]
    open: bool,
    /// Its icon.
    icon: &'static str,
    /// What is in it.
    #[prop(into)]
    title: Signal<String>,
    /// Told when it is opened or folded.
    #[prop(into, optional)]
    on_toggle: Option<Callback<()>>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let toggled = move |_| {
        if let Some(on_toggle) = on_toggle {
            on_toggle.run(());
        }
    };
    view! {
        <details class="fold" open=open on:toggle=toggled>
            <summary class="fold-head">
                <Icon name=icon />
                {live(move || title.get())}
            </summary>
            <div class="fold-body">{children()}</div>
        </details>
    }
}
