//! One of a few, all of them in sight.

use leptos::prelude::*;

use crate::run::live;

/// A few choices side by side.
#[component]
pub fn Choice(
    /// Their name in the page.
    name: &'static str,
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// Value and text of each.
    options: Vec<(&'static str, String)>,
    /// The value that is chosen.
    #[prop(into)]
    value: Signal<&'static str>,
    /// Told what somebody chose.
    #[prop(into)]
    on_change: Callback<&'static str>,
) -> impl IntoView {
    let choices = options
        .into_iter()
        .map(|(option, text)| {
            view! {
                <label class="choice-option">
                    <input
                        type="radio"
                        name=name
                        value=option
                        prop:checked=live(move || value.get() == option)
                        on:change=move |_| on_change.run(option)
                    />
                    <span>{text}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choice">
            <legend class="field-label">{label}</legend>
            <div class="choice-options">{choices}</div>
        </fieldset>
    }
}
