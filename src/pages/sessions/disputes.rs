//! `/disputes`: what the driver said about costs, and what came of it.

pub mod dispute;

use leptos::prelude::*;

use crate::{
    components::dispute::list::{List, disputes_from},
    i18n::{tab_title, words},
    routes,
    ui::{icon::Icon, page::Page},
};

/// The driver's disputes.
#[component]
pub fn DisputesPage() -> impl IntoView {
    view! {
        <a class="back" href=routes::SESSIONS>
            <Icon name="back" />
            {words::sessions_back_to_list()}
        </a>
        <Page title=words::disputes_title() tab_title>
            {disputes_from(List::Mine, 0, Signal::stored(0))}
        </Page>
    }
}
