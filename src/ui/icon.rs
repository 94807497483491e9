//! Line icons, drawn once in `index.html`.

use leptos::prelude::*;

/// An icon. It never stands alone: what it means is said beside it.
#[component]
pub fn Icon(
    /// Its name in `index.html`, without `icon-`.
    name: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use href=["#icon-", name].concat() />
        </svg>
    }
}
