//! Yes or no.

use leptos::prelude::*;

use crate::run::live;

/// A box to tick.
#[component]
pub fn Check(
    /// Its id in the page.
    id: &'static str,
    /// What ticking it means.
    #[prop(into)]
    label: String,
    /// What follows from it.
    #[prop(into)]
    hint: String,
    /// Whether it is ticked.
    value: RwSignal<bool>,
) -> impl IntoView {
    let hint_id = [id, "-hint"].concat();
    view! {
        <div class="check">
            <input
                id=id
                type="checkbox"
                aria-describedby=hint_id.clone()
                prop:checked=live(move || value.get())
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <label for=id>{label}</label>
            <p class="field-hint" id=hint_id>
                {hint}
            </p>
        </div>
    }
}
