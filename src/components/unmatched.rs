//! A list in which nothing matches its filter.

use leptos::prelude::*;

use crate::{
    i18n::words,
    ui::{
        button::{Button, Weight},
        notice::{About, Notice},
    },
};

/// Says that nothing matches, and lets everything through again.
#[component]
pub fn Unmatched(
    /// What one can do.
    text: String,
    /// Lets everything through.
    on_clear: Callback<()>,
) -> impl IntoView {
    view! {
        <Notice
            about=About::Nothing
            icon="search"
            title=words::sessions_unmatched_title()
            text
        >
            <Button
                weight=Weight::Main
                text=words::sessions_clear()
                on_press=move |()| on_clear.run(())
            />
        </Notice>
    }
}
