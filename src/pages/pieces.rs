//! `/ui`, in debug builds only: every piece in each of its states, to look at.
//! Its captions are for whoever builds the portal and stay in English.

mod controls;
mod panels;
mod sessions;

use leptos::prelude::*;

use self::{
    controls::{Buttons, Choices, Fields},
    panels::{Chips, Dialogs, Figures, Meters, Notices, Skeletons, Toasts, Troubles},
    sessions::Sessions,
};
use crate::{i18n::tab_title, ui::page::Page};

/// All pieces, one card a kind.
#[component]
pub fn PiecesPage() -> impl IntoView {
    view! {
        <Page title="The pieces" tab_title>
            <Buttons />
            <Fields />
            <Choices />
            <Chips />
            <Figures />
            <Meters />
            <Sessions />
            <Dialogs />
            <Toasts />
            <Notices />
            <Troubles />
            <Skeletons />
        </Page>
    }
}

/// A card with the pieces of one kind.
#[component]
fn Pieces(
    /// Which kind.
    title: &'static str,
    /// All of them.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" aria-label=title>
            <h2 class="card-title">{title}</h2>
            {children()}
        </section>
    }
}
