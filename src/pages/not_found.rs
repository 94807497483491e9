//! Any address where nothing is.

use leptos::prelude::*;

use crate::{
    i18n::{tab_title, words},
    routes,
    ui::{
        notice::{About, Notice},
        page::Page,
    },
};

/// Says that there is nothing here, and where there is something.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Page title=words::not_found_title() tab_title>
            <Notice about=About::Nothing icon="search" title="" text=words::not_found_text()>
                <a class="button" data-weight="main" href=routes::HOME>
                    {words::not_found_home()}
                </a>
            </Notice>
        </Page>
    }
}
