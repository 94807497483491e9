//! A short message at the edge.

use leptos::prelude::*;

/// A message with at most one thing to do.
#[component]
pub fn ToastView(
    /// What it says.
    #[prop(into)]
    text: String,
    /// The button's id in the page.
    #[prop(optional)]
    id: Option<String>,
    /// What its button says and does.
    #[prop(optional_no_strip)]
    action: Option<(String, Callback<()>)>,
) -> impl IntoView {
    let button = action.map(|(label, run)| {
        view! {
            <button type="button" id=id class="toast-action" on:click=move |_| run.run(())>
                {label}
            </button>
        }
    });
    view! { <div class="toast">{text} {button}</div> }
}
