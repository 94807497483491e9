//! `/bookings/find`: a plug at any place that a real Petit Monde knows, found around a town
//! or around where somebody is, and booked there.

mod place;
mod towns;

use leptos::prelude::*;
use portal_api::{
    petit_monde::search::{Coordinates, Location, SearchPage},
    portal::charge_points::Position,
    query::{charge_points::ChargePointFilter, search::SearchQuery},
};

use self::place::PlaceCard;
use super::{
    filters::{PlugChoice, PowerChoice},
    near::NearMe,
};
use crate::{
    client::{self, Answer, with_query},
    components::loaded::Loaded,
    i18n::{tab_title, words},
    routes,
    run::live,
    state::{
        address::{Address, use_address},
        chosen::{Chosen, chosen},
        position,
        remote::remote,
    },
    ui::{
        icon::Icon,
        notice::{About, Notice},
        page::Page,
        select::Select,
        skeleton::Shape,
    },
};

/// The parameter that says around which town.
const TOWN: &str = "town";

/// The parameters that narrow the search.
const PARAMETERS: [&str; 2] = ["plug", "min_kw"];

/// Finding and booking a plug.
#[component]
pub fn ElsewherePage() -> impl IntoView {
    let address = use_address();
    let wanted = Memo::new(move |_| Wanted::of(address));
    let Chosen { now, choose } = chosen(wanted, Wanted::address);
    let here = RwSignal::new(position::here());
    let filter = Memo::new(move |_| now.get().filter);
    let on_choose = Callback::new(move |filter| {
        let town = now.get_untracked().town;
        choose.run(Wanted { town, filter });
    });
    let on_town = move |town: String| {
        position::forget();
        here.set(None);
        let filter = filter.get_untracked();
        choose.run(Wanted { town, filter });
    };
    let shown = move || match here.get() {
        Some(_) => String::new(),
        None => now.get().town,
    };
    let results = move || {
        let wanted = wanted.get();
        let from = here.get().or_else(|| towns::position(&wanted.town));
        around(from, &wanted.filter)
    };
    view! {
        <a class="back" href=routes::RESERVATIONS>
            <Icon name="back" />
            {words::holds_title()}
        </a>
        <Page title=words::elsewhere_title() tab_title>
            <search class="chargers-search">
                <form class="elsewhere-find" on:submit=|event| event.prevent_default()>
                    <Select
                        id="town"
                        label=words::elsewhere_town()
                        options=Signal::stored(towns())
                        value=Signal::derive(shown)
                        on_change=on_town
                    />
                    <NearMe here />
                    <PlugChoice filter on_choose />
                    <PowerChoice filter on_choose />
                </form>
            </search>
            {live(results)}
        </Page>
    }
}

/// Around which town, and what is searched for there.
#[derive(Clone, PartialEq)]
struct Wanted {
    town: String,
    filter: ChargePointFilter,
}

impl Wanted {
    /// What stands in the address.
    fn of(address: Address) -> Self {
        let given = |name| Some((name, address.parameter(name)?));
        let given: Vec<(&str, String)> = PARAMETERS.into_iter().filter_map(given).collect();
        let given = given.iter().map(|(name, value)| (*name, value.as_str()));
        Self {
            town: address.parameter(TOWN).unwrap_or_default(),
            filter: ChargePointFilter::read(given).unwrap_or_default(),
        }
    }

    /// The address that it stands in.
    fn address(&self) -> String {
        let mut parameters = self.filter.parameters();
        if !self.town.is_empty() {
            parameters.push((TOWN, self.town.clone()));
        }
        with_query(routes::ELSEWHERE, &parameters)
    }
}

/// The towns to choose from, by name.
fn towns() -> Vec<(String, String)> {
    let none = (String::new(), words::elsewhere_choose());
    let named = towns::names().map(|name| (name.to_owned(), name.to_owned()));
    std::iter::once(none).chain(named).collect()
}

/// What can be booked there.
fn around(from: Option<Position>, filter: &ChargePointFilter) -> AnyView {
    let Some(from) = from else {
        return view! {
            <Notice
                about=About::Nothing
                icon="pin"
                title=words::elsewhere_first_title()
                text=words::elsewhere_first_text()
            />
        }
        .into_any();
    };
    let query = StoredValue::new(SearchQuery {
        connector_type: filter.plug.as_ref().map(|plug| plug.ocpi().to_owned()),
        power_min_w: filter.min_kw.map(|power| power.saturating_mul(1_000)),
        ..SearchQuery::near(Coordinates {
            lat: from.latitude,
            lng: from.longitude,
        })
    });
    let found = remote(move || search(query.get_value()));
    let open = RwSignal::new(String::new());
    view! {
        <Loaded remote=found shape=Shape::Rows(4) children=move |page| places(page, open) />
    }
    .into_any()
}

async fn search(query: SearchQuery) -> client::Result<Answer<SearchPage>> {
    client::bookings::search(&query).await
}

fn places(page: SearchPage, open: RwSignal<String>) -> AnyView {
    let silent = page.cpo_results.iter().any(|cpo| cpo.error.is_some());
    let silent = silent.then(|| {
        view! { <p class="sessions-unread" role="status">{words::elsewhere_silent()}</p> }
    });
    if page.results.is_empty() {
        return view! {
            {silent}
            <Notice
                about=About::Nothing
                icon="plug"
                title=words::elsewhere_none_title()
                text=words::elsewhere_none_text()
            />
        }
        .into_any();
    }
    let shown = u64::try_from(page.results.len()).unwrap_or_default();
    let count = if page.total > shown {
        words::elsewhere_nearest(shown)
    } else {
        words::elsewhere_count(shown)
    };
    let card = |location: Location| view! { <li><PlaceCard location open /></li> };
    let cards = page.results.into_iter().map(card).collect_view();
    view! {
        {silent}
        <p class="sessions-count" role="status">{count}</p>
        <ul class="elsewhere-places">{cards}</ul>
    }
    .into_any()
}
