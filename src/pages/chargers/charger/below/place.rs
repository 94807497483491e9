//! Where a charge point stands and when one can get in.

use leptos::prelude::*;
use portal_api::portal::charge_points::{ChargePoint, Opening, Place};

use crate::{
    components::charging::map_link,
    format::{self, week},
    i18n::words,
    state::clock::use_clock,
    ui::chip::{Chip, Tone},
};

/// Where it stands and when one can get in.
#[component]
pub fn PlaceCard(
    /// The charge point.
    charger: ChargePoint,
) -> impl IntoView {
    let place = charger.place;
    let open = place.open.map(|open| {
        let (tone, icon, text) = if open {
            (Tone::Good, "check", words::charger_open())
        } else {
            (Tone::Notable, "alert", words::charger_closed())
        };
        view! { <Chip tone icon text /> }
    });
    let map = map_link(&place);
    let hours = hours(&place);
    let zone = place
        .time_zone
        .as_deref()
        .filter(|_| !place.hours.is_empty());
    let zone = format::zone_note(use_clock().exactly(), zone);
    let lines = [
        (words::session_address(), place.address.clone()),
        (words::session_operator(), place.operator.clone()),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="place">
            <h2 class="card-title" id="place">{words::charger_place()} {open}</h2>
            <dl class="facts">{lines} {hours}</dl>
            {zone.map(|zone| view! { <p class="facts-note">{zone}</p> })}
            {map}
        </section>
    }
}

/// When one can get in, days with the same hours together.
fn hours(place: &Place) -> Option<AnyView> {
    let lines: Vec<String> = if place.hours.is_empty() {
        place
            .open
            .filter(|open| *open)
            .map(|_| words::charger_always())
            .into_iter()
            .collect()
    } else {
        together(&place.hours)
            .into_iter()
            .map(|(days, from, to)| [week::days(&days), week::times(from, to)].join(" "))
            .collect()
    };
    if lines.is_empty() {
        return None;
    }
    let lines = lines
        .into_iter()
        .map(|line| view! { <dd>{line}</dd> })
        .collect_view();
    Some(view! { <dt>{words::charger_hours()}</dt>{lines} }.into_any())
}

/// The days of each time span.
fn together(hours: &[Opening]) -> Vec<(Vec<u8>, u16, u16)> {
    let mut spans: Vec<(Vec<u8>, u16, u16)> = Vec::new();
    for opening in hours {
        let (from, to) = (opening.from_minute, opening.to_minute);
        match spans.iter_mut().find(|span| (span.1, span.2) == (from, to)) {
            Some(span) => span.0.push(opening.day),
            None => spans.push((vec![opening.day], from, to)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_with_the_same_hours_stand_together() {
        let opening = |day, from_minute| Opening {
            day,
            from_minute,
            to_minute: 1200,
        };
        let hours = [opening(1, 480), opening(2, 480), opening(6, 600)];
        let spans = [(vec![1, 2], 480, 1200), (vec![6], 600, 1200)];
        assert_eq!(together(&hours), spans);
    }
}
