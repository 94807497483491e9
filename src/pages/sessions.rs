//! `/sessions`: what the driver charged, newest first, by month.

pub mod dispute;
pub mod disputes;
mod export;
mod filters;
mod list;
mod month;
pub mod session;

use leptos::prelude::*;
use portal_api::query::SessionFilter;

use self::{
    export::Export,
    filters::{Choosing, Filters},
    list::FilteredList,
};
use crate::{
    client::with_query,
    i18n::{tab_title, words},
    routes,
    run::live,
    state::{
        address::use_address,
        chosen::{Chosen, chosen},
    },
    ui::page::Page,
};

/// The list of sessions.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let address = use_address();
    let asked = Memo::new(move |_| {
        let parameters: Vec<(&str, String)> = ["from", "to", "site_id", "status"]
            .into_iter()
            .filter_map(|name| Some((name, address.parameter(name)?)))
            .collect();
        SessionFilter::read(
            parameters
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        )
    });
    let filter = Memo::new(move |_| asked.get().unwrap_or_default());
    let unread = move || asked.get().is_err();
    let Chosen { now, choose } = chosen(filter, |filter: &SessionFilter| {
        with_query(routes::SESSIONS, &filter.parameters())
    });
    let sites = RwSignal::new(Vec::new());
    let none = RwSignal::new(false);
    // Without a single session there is nothing to narrow or to take away.
    let some = Memo::new(move |_| !none.get());
    let tools =
        move || {
            some.get().then(|| view! {
            <Filters choosing=Choosing { filter: now, sites, on_choose: choose } />
            {live(move || unread().then(|| view! {
                <p class="sessions-unread" role="status">{words::sessions_filter_unread()}</p>
            }))}
            <Export filter />
        })
        };
    let disputes = view! {
        <a class="card-more" href=routes::DISPUTES>{words::disputes_title()}</a>
    };

    view! {
        <Page title=words::sessions_title() tab_title aside=disputes.into_any()>
            {live(tools)}
            {live(move || view! { <FilteredList filter=filter.get() sites none on_choose=choose /> }.into_any())}
        </Page>
    }
}
