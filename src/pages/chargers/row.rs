//! A charge point in the list: where it is, what is free there, what it costs.

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    portal::charge_points::{ChargePoint, Connector, ConnectorState, Terms},
};

use crate::{
    components::charging::{plug_name, terms},
    format,
    i18n::words,
    routes,
    run::live,
    state::live::{Live, Moment, use_live},
    ui::{
        chip::{Chip, Tone},
        icon::Icon,
    },
};

const ONE: Decimal = Decimal::new(1, 0);

/// A charge point as a link to itself.
#[component]
pub fn ChargerRow(
    /// The charge point.
    charge_point: ChargePoint,
    /// When it was asked for.
    moment: Moment,
) -> impl IntoView {
    let told = use_live();
    let place = &charge_point.place;
    let name = place.name.clone();
    let address = place.address.clone();
    let distance = charge_point.distance_m.map(format::distance);
    let open = place.open.map(|open| {
        let (tone, text) = if open {
            (Tone::Neutral, words::charger_open())
        } else {
            (Tone::Notable, words::charger_closed())
        };
        view! { <Chip tone icon="clock" text /> }
    });
    let what = format::dotted(&[
        Some(charge_point.charge_point_id.clone()),
        Some(plugs(&charge_point.connectors)),
        Some(most_power(&charge_point.connectors)),
    ]);
    let price = price(&charge_point.connectors);
    let href = routes::charger(&charge_point.charge_point_id);
    let all = charge_point.connectors.len();
    let free = Memo::new(move |_| free(&charge_point, told, moment));
    let chip = move || {
        let free = free.get();
        let tone = if free > 0 { Tone::Good } else { Tone::Neutral };
        let icon = if free > 0 { "check" } else { "bolt" };
        let count = |connectors: usize| format::integer(connectors.try_into().unwrap_or_default());
        let text = words::chargers_free_of(&count(all), &count(free));
        view! { <Chip tone icon text /> }
    };
    let some_free = move || (free.get() > 0).then_some("");
    view! {
        <a class="charger-row" href=href>
            <span class="charger-row-icon" data-free=live(some_free)>
                <Icon name="plug" />
            </span>
            <span class="charger-row-place">{name}</span>
            <span class="charger-row-far">{distance}</span>
            <span class="charger-row-address">{address}</span>
            <span class="charger-row-what">{what}</span>
            <span class="charger-row-foot">
                {live(chip)}
                {open}
                <span class="charger-row-price">{price}</span>
            </span>
        </a>
    }
}

fn free(charge_point: &ChargePoint, told: Live, moment: Moment) -> usize {
    let id = &charge_point.charge_point_id;
    let is_free = |connector: &&Connector| {
        let news = told.connector(id, connector.connector_id, moment);
        let state = news.map_or(connector.state.clone(), |news| news.state);
        state == ConnectorState::Available
    };
    charge_point.connectors.iter().filter(is_free).count()
}

/// What fits there, each once.
fn plugs(connectors: &[Connector]) -> String {
    let mut names: Vec<String> = Vec::new();
    for plug in connectors
        .iter()
        .filter_map(|connector| connector.plug.as_ref())
    {
        let name = plug_name(Some(plug));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn most_power(connectors: &[Connector]) -> String {
    let powers = connectors.iter().filter_map(|connector| connector.power_kw);
    let most = powers.max_by_key(|power| power.product_at(ONE, 3));
    most.map(format::whole_power).unwrap_or_default()
}

/// The lowest price of a kilowatt-hour, where all of it is known.
fn price(connectors: &[Connector]) -> Option<String> {
    let mut all = connectors
        .iter()
        .filter_map(|connector| connector.terms.as_ref());
    let first = all.next()?;
    let lowest = all.fold(first, |lowest, terms| {
        let of = |terms: &Terms| terms.per_kwh.product_at(ONE, 4);
        if of(terms) < of(lowest) {
            terms
        } else {
            lowest
        }
    });
    let same = connectors.iter().all(|connector| {
        connector
            .terms
            .as_ref()
            .is_none_or(|terms| terms.per_kwh == lowest.per_kwh)
    });
    let price = terms::in_short(lowest);
    Some(if same {
        price
    } else {
        words::chargers_price_from(&price)
    })
}
