//! A panel that says how it stands: nothing here, or something went wrong.

use leptos::prelude::*;

use super::icon::Icon;

/// What a notice is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum About {
    /// There is nothing, and that is fine.
    Nothing,
    /// Something went wrong.
    Wrong,
}

/// A notice with at most one thing to do.
#[component]
pub fn Notice(
    /// What it is about.
    about: About,
    /// Its icon.
    icon: &'static str,
    /// In a few words; empty where the page's own heading says it.
    #[prop(into)]
    title: String,
    /// Where the focus can be put on its heading, the heading's id in the page.
    #[prop(optional)]
    id: Option<&'static str>,
    /// What it means.
    #[prop(into)]
    text: String,
    /// Something small below.
    #[prop(into, optional)]
    note: Option<String>,
    /// What one can do about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let wrong = about == About::Wrong;
    view! {
        <div
            class="notice"
            data-about=if wrong { "wrong" } else { "nothing" }
            role=wrong.then_some("alert")
        >
            <Icon name=icon />
            {(!title.is_empty())
                .then(|| view! {
                    <h2 class="notice-title" id=id tabindex=id.map(|_| "-1")>
                        {title}
                    </h2>
                })}
            <p>{text}</p>
            {note.map(|note| view! { <p class="notice-note">{note}</p> })}
            {children.map(|children| view! { <div class="notice-action">{children()}</div> })}
        </div>
    }
}
