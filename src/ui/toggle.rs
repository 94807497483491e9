//! On or off, in a few words.

use leptos::prelude::*;

use crate::run::live;

/// Something that is on or off.
#[component]
pub fn Toggle(
    /// What is on or off.
    #[prop(into)]
    text: String,
    /// Whether it is on.
    on: Signal<bool>,
    /// Told what somebody chose.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="choice-option">
            <input
                type="checkbox"
                prop:checked=live(move || on.get())
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{text}</span>
        </label>
    }
}
