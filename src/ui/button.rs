//! Something to press.

use leptos::prelude::*;

use crate::run::live;

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Weight {
    /// The one thing to do here.
    Main,
    /// Something one can do.
    #[default]
    Plain,
    /// Something beside the point.
    Quiet,
    /// Something that takes away.
    Danger,
}

impl Weight {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Plain => "plain",
            Self::Quiet => "quiet",
            Self::Danger => "danger",
        }
    }
}

/// A button. Without `on_press` it submits the form it stands in.
#[component]
pub fn Button(
    /// How much it asks for attention.
    #[prop(optional)]
    weight: Weight,
    /// What pressing it does.
    #[prop(into, optional)]
    on_press: Option<Callback<()>>,
    /// Whether what it started is still going on. A busy button ignores presses
    /// but keeps the focus, which a disabled one would lose.
    #[prop(into, optional)]
    busy: Signal<bool>,
    /// What it says while busy, if not the same.
    #[prop(into, optional)]
    busy_text: Option<String>,
    /// A longer name for those who don't see what it stands beside.
    #[prop(into, optional)]
    label: Option<String>,
    /// What it says.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let says = move || match (&busy_text, busy.get()) {
        (Some(busy_text), true) => busy_text.clone(),
        _ => text.clone(),
    };
    view! {
        <button
            class="button"
            type=if on_press.is_some() { "button" } else { "submit" }
            data-weight=weight.as_str()
            aria-label=label
            aria-disabled=live(move || busy.get().then_some("true"))
            on:click=press
        >
            {live(says)}
        </button>
    }
}
