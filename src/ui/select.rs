//! One of several, from a list that opens.

use leptos::prelude::*;

use crate::run::live;

/// A list to choose from.
#[component]
pub fn Select(
    /// Its id in the page.
    id: &'static str,
    /// What it is for.
    #[prop(into)]
    label: String,
    /// Value and text of each choice.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The value that is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Told what somebody chose.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    let choices = move || {
        let chosen = value.get();
        options
            .get()
            .into_iter()
            .map(|(value, text)| {
                let selected = value == chosen;
                view! {
                    <option value=value selected=selected>
                        {text}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <select
                id=id
                name=id
                class="field-input"
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {live(choices)}
            </select>
        </div>
    }
}
