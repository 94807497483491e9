//! `/sessions`: what the driver charged, newest first, by month.

mod filters;
mod list;
mod month;
pub mod session;

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use portal_api::query::SessionFilter;

use self::{filters::Filters, list::FilteredList};
use crate::{
    client::with_query,
    i18n::{tab_title, words},
    routes,
    ui::page::Page,
};

/// The list of sessions.
#[component]
pub fn SessionsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let parameters: Vec<(&str, &str)> = ["from", "to", "site_id", "status"]
            .into_iter()
            .filter_map(|name| Some((name, query.get_str(name)?)))
            .collect();
        SessionFilter::read(parameters)
    });
    let filter = Memo::new(move |_| asked.get().unwrap_or_default());
    let unread = move || asked.get().is_err();

    let navigate = use_navigate();
    let choose = Callback::new(move |filter: SessionFilter| {
        let address = with_query(routes::SESSIONS, &filter.parameters());
        let options = leptos_router::NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&address, options);
    });
    let sites = RwSignal::new(Vec::new());

    view! {
        <Page title=words::sessions_title() tab_title>
            <Filters filter sites on_choose=choose />
            {move || unread().then(|| view! {
                <p class="sessions-unread" role="status">{words::sessions_filter_unread()}</p>
            })}
            {move || view! { <FilteredList filter=filter.get() sites on_choose=choose /> }}
        </Page>
    }
}
