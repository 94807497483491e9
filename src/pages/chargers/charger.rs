//! `/chargers/:id` and `/r/:charge_point/:connector`, where a plug's QR code leads:
//! one charge point, what it is doing, what it costs, and holding a plug.

mod below;
mod instead;
pub mod later;
mod offer;
mod plug;
mod when;

use leptos::prelude::*;
use portal_api::portal::charge_points::{ChargePoint, Connector};

use self::{
    later::{Bookable, Later},
    offer::HowLong,
    plug::PlugCard,
    when::When,
};
use super::way_back;
use crate::{
    client::{self, Answer},
    components::{
        chunk::{Chunk, chunk},
        loaded::Loaded,
    },
    i18n::{tab_title, words},
    routes,
    run::{live, while_here},
    state::{
        address::use_address,
        holds::use_holds,
        identity::use_identity,
        live::{Moment, use_live},
        remote::remote,
    },
    ui::{icon::Icon, page::Page, skeleton::Shape},
};

chunk!(later in book draws Later);
chunk!(below in place draws below::Below);

/// The charge point that the address names.
#[component]
pub fn ChargerPage() -> impl IntoView {
    let address = use_address();
    let wanted = Memo::new(move |_| {
        let path = address.path();
        match routes::scanned_in(&path) {
            Some((id, plug)) => (id, Some(plug)),
            None => (routes::charger_in(&path).unwrap_or_default(), None),
        }
    });
    live(move || {
        let (id, first) = wanted.get();
        view! { <ChargerById id first /> }.into_any()
    })
}

/// How a plug is to be held or booked.
#[derive(Clone, Copy)]
struct Wish {
    /// Whether it is for later.
    later: RwSignal<bool>,
    /// What is typed about it then.
    typed: StoredValue<String>,
    /// For how many minutes.
    minutes: RwSignal<u32>,
    /// With which of the driver's tags, from 0.
    tag: RwSignal<u32>,
}

#[component]
fn ChargerById(id: String, first: Option<u32>) -> impl IntoView {
    let (holding, told) = (use_holds(), use_live());
    holding.remember();
    holding.resume();
    while_here(holding.read());
    on_cleanup(move || holding.forget_attempt());
    let address = use_address();
    let later = untrack(|| address.parameter(routes::WHEN));
    // Who only books for guests holds nothing now.
    let later = later.as_deref() == Some(routes::LATER) || !use_identity().drives();
    let wish = Wish {
        later: RwSignal::new(later || later::waits(&id)),
        typed: StoredValue::new(String::new()),
        minutes: RwSignal::new(30),
        tag: RwSignal::new(0),
    };
    let asked = StoredValue::new(id.clone());
    let charger = remote(move || ask(asked.get_value()));
    told.renews(charger);
    let moment = told.moment();
    let title = move || match charger.value() {
        Some(charger) => charger.place.name,
        None => words::charger_title(&id),
    };
    view! {
        <a class="back" href=way_back()>
            <Icon name="back" />
            {words::charger_back()}
        </a>
        <Page title=Signal::derive(title) tab_title>
            <Loaded
                remote=charger
                shape=Shape::Overview
                children=move |charger| view! { <All charger first wish moment /> }.into_any()
            />
        </Page>
    }
}

async fn ask(id: String) -> client::Result<Answer<ChargePoint>> {
    client::charging::charge_point(&id).await
}

/// All about a charge point, the plug one stands before first.
#[component]
fn All(charger: ChargePoint, first: Option<u32>, wish: Wish, moment: Moment) -> impl IntoView {
    let (elsewhere, drives) = (use_identity().books_elsewhere(), use_identity().drives());
    let bookable = Bookable::of(&charger, first, wish.typed).filter(|_| !elsewhere);
    let books = bookable.is_some();
    if let Some(bookable) = bookable {
        provide_context(bookable);
    }
    provide_context(charger.clone());
    let mut plugs = charger.connectors.clone();
    plugs.sort_by_key(|plug| (Some(plug.connector_id) != first, plug.connector_id));
    let id = StoredValue::new(charger.charge_point_id.clone());
    let some = some_to_hold(id.get_value(), charger.connectors.clone(), moment);
    let zone = StoredValue::new(charger.place.time_zone.clone());
    let plugs = plugs
        .into_iter()
        .map(|plug| {
            let (charge_point_id, zone) = (id.get_value(), zone.get_value());
            view! { <PlugCard charge_point_id plug zone wish moment /> }
        })
        .collect_view();
    view! {
        <p class="charger-number">{words::charger_title(&id.get_value())}</p>
        {(books && drives).then(|| view! { <When wish /> })}
        {elsewhere.then(|| view! {
            <p><a class="button" href=routes::ELSEWHERE>{words::elsewhere_title()}</a></p>
        })}
        {live(move || (books || drives).then(|| how(books && wish.later.get(), wish, some)))}
        {plugs}
        <Chunk page=below shape=Shape::Rows(2) />
    }
}

/// How it is to be booked, or held.
fn how(later: bool, wish: Wish, some: Memo<bool>) -> AnyView {
    if later {
        view! { <Chunk page=self::later shape=Shape::Fields /> }.into_any()
    } else {
        view! { <HowLong wish some /> }.into_any()
    }
}

/// Whether any plug is free to be held.
fn some_to_hold(id: String, plugs: Vec<Connector>, moment: Moment) -> Memo<bool> {
    let told = use_live();
    Memo::new(move |_| {
        plugs.iter().any(|plug| {
            let news = told.connector(&id, plug.connector_id, moment);
            let state = news.map_or(plug.state.clone(), |news| news.state);
            plug.reservable && state.may_be_free()
        })
    })
}
