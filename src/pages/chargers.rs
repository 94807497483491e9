//! `/chargers`: where one can charge.

pub mod charger;
pub mod elsewhere;
mod filters;
mod list;
mod near;
pub mod reservations;
mod row;

use leptos::prelude::*;
use portal_api::query::charge_points::ChargePointFilter;

use self::{filters::Filters, list::list, near::NearMe};
use crate::{
    client::with_query,
    i18n::{tab_title, words},
    routes,
    run::live,
    state::{
        address::use_address,
        charger_list,
        chosen::{Chosen, chosen},
        position,
    },
    ui::page::Page,
};

/// The parameters that narrow the list.
const PARAMETERS: [&str; 5] = ["q", "plug", "min_kw", "free", "reservable"];

/// The list of charge points.
#[component]
pub fn ChargersPage() -> impl IntoView {
    let address = use_address();
    let asked = Memo::new(move |_| {
        let given = |name| Some((name, address.parameter(name)?));
        let parameters: Vec<(&str, String)> = PARAMETERS.into_iter().filter_map(given).collect();
        ChargePointFilter::read(
            parameters
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        )
    });
    let filter = Memo::new(move |_| asked.get().unwrap_or_default());
    let unread = move || asked.get().is_err();
    let Chosen { now, choose } = chosen(filter, |filter: &ChargePointFilter| {
        with_query(routes::CHARGERS, &filter.parameters())
    });
    let here = RwSignal::new(position::here());
    let holds = view! { <a class="card-more" href=routes::RESERVATIONS>{words::holds_title()}</a> };
    view! {
        <Page title=words::chargers_title() tab_title aside=holds.into_any()>
            <Filters filter=now on_choose=choose>
                <NearMe here />
            </Filters>
            {live(move || unread().then(|| view! {
                <p class="sessions-unread" role="status">{words::sessions_filter_unread()}</p>
            }))}
            {live(move || list(filter.get(), here.get(), choose))}
        </Page>
    }
}

/// The way back to the list as one left it.
fn way_back() -> String {
    with_query(routes::CHARGERS, &charger_list::filter().parameters())
}
