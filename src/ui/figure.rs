//! A number one came for.

use leptos::prelude::*;

/// A large figure with its caption.
#[component]
pub fn Figure(
    /// What it is.
    #[prop(into)]
    caption: String,
    /// One line a value, as with several currencies.
    values: Vec<String>,
    /// What it compares with.
    #[prop(into, optional)]
    note: Option<String>,
) -> impl IntoView {
    let values = values
        .into_iter()
        .map(|value| view! { <dd class="figure-value">{value}</dd> })
        .collect_view();
    view! {
        <div class="figure">
            <dt class="figure-caption">{caption}</dt>
            {values}
            {note.map(|note| view! { <dd class="figure-note">{note}</dd> })}
        </div>
    }
}
