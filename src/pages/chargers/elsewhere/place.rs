//! A place that was found, and booking one of its plugs.

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    money::Currency,
    petit_monde::search::Location,
    portal::{Cost, charge_points::Plug},
};

use crate::{
    components::{
        booking::money,
        charging::plug_name,
        chunk::{Chunk, chunk},
    },
    format,
    i18n::words,
    pages::chargers::charger::later::{self, Bookable, Later},
    run::live,
    ui::{
        button::{Button, Weight},
        chip::{Chip, Tone},
        skeleton::Shape,
    },
};

chunk!(form in book draws Later);

const ONE: Decimal = Decimal::new(1, 0);

/// A place, and the form to book there.
#[component]
pub fn PlaceCard(
    /// As it was found.
    location: Location,
    /// The id of the one whose form is open.
    open: RwSignal<String>,
) -> impl IntoView {
    let waits = later::waits(&location.location_id);
    if waits {
        open.set(location.location_id.clone());
    }
    let heading = ["at-", &location.location_id].concat().replace(' ', "-");
    let labelled = heading.clone();
    let name = name(&location);
    let where_it_is = where_it_is(&location);
    let plugs = plugs(&location);
    let price = price(&location);
    let (free, all) = (free(&location), location.evses.len());
    let count = |number: usize| format::integer(number.try_into().unwrap_or_default());
    let chip = (all > 0).then(|| {
        let (tone, icon) = match free {
            0 => (Tone::Neutral, "bolt"),
            _ => (Tone::Good, "check"),
        };
        view! { <Chip tone icon text=words::chargers_free_of(&count(all), &count(free)) /> }
    });
    // What was asked for is seen through, whatever became of the plug.
    let booking = match cannot(&location, free).filter(|_| !waits) {
        Some(why) => view! { <p class="facts-note">{why}</p> }.into_any(),
        None => view! { <Book location open /> }.into_any(),
    };
    view! {
        <section class="card elsewhere-place" aria-labelledby=labelled>
            <h2 class="card-title" id=heading>{name}</h2>
            <p class="facts-note">{where_it_is}</p>
            <p>{plugs}</p>
            <p class="elsewhere-foot">{chip} <span class="elsewhere-price">{price}</span></p>
            {booking}
        </section>
    }
}

/// The form to book there, once it is asked for.
#[component]
fn Book(location: Location, open: RwSignal<String>) -> impl IntoView {
    let label = [words::elsewhere_book(), name(&location)].join(": ");
    let location = StoredValue::new(location);
    let id = move || location.with_value(|location| location.location_id.clone());
    let is_open = Memo::new(move |_| open.get() == id());
    live(move || {
        if !is_open.get() {
            let label = label.clone();
            return view! {
                <Button
                    text=words::elsewhere_book()
                    label
                    on_press=move |()| open.set(id())
                />
            }
            .into_any();
        }
        provide_context(location.with_value(Bookable::elsewhere));
        view! {
            <Chunk page=form shape=Shape::Fields />
            <Button
                weight=Weight::Quiet
                text=words::elsewhere_close()
                on_press=move |()| open.set(String::new())
            />
        }
        .into_any()
    })
}

fn name(location: &Location) -> String {
    if location.name.is_empty() {
        location.location_id.clone()
    } else {
        location.name.clone()
    }
}

/// How far, where, and whose it is.
fn where_it_is(location: &Location) -> String {
    let metres = location.distance_km.and_then(|km| km.product_at(ONE, 3));
    let metres = metres.and_then(|metres| u32::try_from(metres).ok());
    let address = format::joined(&[location.address.clone(), location.city.clone()], ", ");
    let far = metres.map(format::distance);
    format::dotted(&[far, Some(address), location.cpo_name.clone()])
}

/// Why nothing there can be booked, if nothing can.
fn cannot(location: &Location, free: usize) -> Option<String> {
    if !location.supports_reservation || location.evses.is_empty() {
        Some(words::elsewhere_unbookable())
    } else if free == 0 {
        Some(words::elsewhere_none_free())
    } else {
        None
    }
}

fn free(location: &Location) -> usize {
    let evses = location.evses.iter();
    evses.filter(|evse| evse.can_be_booked()).count()
}

/// What a booking there costs at least.
fn price(location: &Location) -> Option<String> {
    let prices = location.evses.iter();
    let prices = prices.filter_map(|evse| location.price(evse));
    let costs = prices.filter_map(|price| {
        let currency = price.currency.or_else(|| Currency::new("EUR"))?;
        Some((price.estimated_price?, currency))
    });
    let (amount, currency) = costs.min_by_key(|(amount, _)| amount.product_at(ONE, 4))?;
    money(Some(&Cost { amount, currency })).map(|price| words::book_about(&price))
}

/// What fits there and with how much power, each once.
fn plugs(location: &Location) -> String {
    let mut all: Vec<String> = Vec::new();
    let connectors = location.evses.iter().flat_map(|evse| &evse.connectors);
    for connector in connectors {
        let plug = connector.kind.as_deref().map(Plug::of_ocpi);
        let power = connector.power_kw.map(format::whole_power);
        let says = format::joined(&[Some(plug_name(plug.as_ref())), power], " ");
        if !all.contains(&says) {
            all.push(says);
        }
    }
    all.join(", ")
}
