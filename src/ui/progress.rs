//! How far something is.

use leptos::prelude::*;

/// A bar that fills; without an end in sight it only shows that something happens.
#[component]
pub fn Progress(
    /// What is going on.
    #[prop(into)]
    label: String,
    /// How much is done.
    #[prop(into)]
    done: Signal<u64>,
    /// How much there is to do, if that is known.
    #[prop(into)]
    of: Signal<Option<u64>>,
    /// How far it is, in words.
    #[prop(into)]
    says: Signal<String>,
) -> impl IntoView {
    let value = move || of.get().map(|_| done.get().to_string());
    let most = move || of.get().map(|of| of.to_string());
    view! {
        <div class="progress">
            <progress class="progress-bar" aria-label=label value=value max=most />
            <p class="progress-says">{says}</p>
        </div>
    }
}
