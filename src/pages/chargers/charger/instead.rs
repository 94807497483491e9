//! What is free instead: plugs of the same kind nearby, each one tap away.

use leptos::prelude::*;
use portal_api::{
    portal::charge_points::{ChargePoint, Plug},
    query::charge_points::{ChargePointFilter, ChargePointQuery, Near},
};

use super::{Wish, offer::in_minutes};
use crate::{
    client::{self, Answer},
    components::{
        charging::{plug_and_number, terms},
        loaded::{Age, Loaded},
    },
    format,
    i18n::words,
    routes,
    state::{address::use_address, holds::use_holds, remote::remote},
    ui::{button::Button, skeleton::Shape},
};

/// How many are shown.
const MOST: u32 = 3;

/// Below so many metres it stands beside.
const BESIDE: u32 = 10;

/// What somebody wanted to hold and couldn't.
#[derive(Clone)]
pub struct Wanted {
    /// The charge point they are near.
    pub near: String,
    /// What has to fit.
    pub plug: Option<Plug>,
    /// How one is to be held.
    pub wish: Wish,
}

/// A few free plugs of the same kind as the [`Wanted`] of the context.
#[component]
pub fn Instead() -> impl IntoView {
    let Wanted { near, plug, wish } = expect_context();
    let query = StoredValue::new(ChargePointQuery {
        filter: ChargePointFilter {
            plug: plug.clone(),
            free: true,
            reservable: true,
            ..ChargePointFilter::default()
        },
        near: Some(Near::ChargePoint(near)),
        limit: MOST,
        offset: 0,
    });
    let found = remote(move || ask(query.get_value()));
    let draw = move |found: Vec<ChargePoint>| {
        if found.is_empty() {
            return view! { <p class="facts-note">{words::hold_instead_none()}</p> }.into_any();
        }
        let rows = found
            .into_iter()
            .map(|charge_point| row(charge_point, plug.as_ref(), wish))
            .collect_view();
        view! {
            <h3 class="instead-title">{words::hold_instead()}</h3>
            <ul class="instead">{rows}</ul>
        }
        .into_any()
    };
    view! { <Loaded remote=found shape=Shape::Rows(2) age=Age::Elsewhere children=draw /> }
}

async fn ask(query: ChargePointQuery) -> client::Result<Answer<Vec<ChargePoint>>> {
    let Answer { value, kept_at } = client::charging::charge_points(&query).await?;
    Ok(Answer {
        value: value.charge_points,
        kept_at,
    })
}

fn row(charge_point: ChargePoint, plug: Option<&Plug>, wish: Wish) -> Option<impl IntoView> {
    let (holding, address) = (use_holds(), use_address());
    let fits = |kind: Option<&Plug>| plug.is_none() || kind == plug;
    let mut connectors = charge_point.connectors.into_iter();
    let free = connectors.find(|connector| {
        connector.state.may_be_free() && connector.reservable && fits(connector.plug.as_ref())
    })?;
    let (id, number) = (charge_point.charge_point_id, free.connector_id);
    let place = charge_point.place.name;
    let what = format::dotted(&[
        Some(id.clone()),
        Some(plug_and_number(free.plug.as_ref(), number)),
        free.power_kw.map(format::whole_power),
        charge_point
            .distance_m
            .filter(|metres| *metres >= BESIDE)
            .map(format::distance),
        free.terms.as_ref().map(terms::in_short),
    ]);
    let text = words::hold_button(&in_minutes(wish.minutes.get_untracked()));
    let label = [&text, ": ", &place, ", ", &id].concat();
    let href = routes::plug(&id, number);
    let press = move |()| {
        holding.ask(
            &id,
            number,
            wish.minutes.get_untracked(),
            wish.tag.get_untracked(),
        );
        address.go(&routes::plug(&id, number));
    };
    Some(view! {
        <li class="instead-row">
            <a class="instead-link" href=href>
                <span class="instead-place">{place}</span>
                <span class="instead-what">{what}</span>
            </a>
            <Button text label on_press=press />
        </li>
    })
}
