//! What every page has: a title in the tab, and a heading that takes the focus
//! when one comes from another page.

use leptos::{html, prelude::*};

use crate::run::{live, whenever};

/// Whether somebody came here from another page of the portal.
#[derive(Clone, Copy, Default)]
pub struct Arrived(StoredValue<bool>);

impl Arrived {
    /// From now on, pages are arrived at.
    pub fn from_here(self) {
        self.0.set_value(true);
        if let Some(root) = document().document_element() {
            // From here on skeletons wait a moment before they show (`skeleton.css`).
            let _ = root.set_attribute("data-arrived", "");
        }
    }
}

/// A page.
#[component]
pub fn Page(
    /// Its heading, also the tab's title.
    #[prop(into)]
    title: Signal<String>,
    /// The tab's title around the page's own.
    tab_title: fn(&str) -> String,
    /// Something beside the heading.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let arrived: Arrived = use_context().unwrap_or_default();
    whenever(move || document().set_title(&tab_title(&title.get())));
    whenever(move || {
        if let Some(heading) = heading.get().filter(|_| arrived.0.get_value()) {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            // Without focus the page is still there to be read.
            let _ = heading.focus_with_options(&options);
        }
    });
    view! {
        <div class="page">
            <div class="page-head">
                <h1 class="page-title" id="heading" tabindex="-1" node_ref=heading>
                    {live(move || title.get())}
                </h1>
                {aside}
            </div>
            {children()}
        </div>
    }
}
