//! Where, which plug, with whose token, and what it costs.

use leptos::prelude::*;
use portal_api::{
    petit_monde::booking::TokenStrategy,
    portal::{bookings::BookingDetail, charge_points::Connector},
};

use super::zone;
use crate::{
    components::{
        booking::{money, price},
        charging::{plug_and_number, power},
    },
    format,
    i18n::words,
    routes,
};

/// The plug that is booked.
fn connector(of: &BookingDetail) -> Option<&Connector> {
    of.charge_point.as_ref()?.connectors.first()
}

/// The plug in words.
pub fn plug(of: &BookingDetail) -> String {
    match connector(of) {
        Some(plug) => plug_and_number(plug.plug.as_ref(), plug.connector_id),
        None => of.booking.evse_uid.clone().unwrap_or_default(),
    }
}

/// With whose token it is used, in words.
fn whose(of: &BookingDetail) -> Option<String> {
    let group = of.group_name.as_deref().unwrap_or_default();
    Some(match of.booking.token_strategy.as_ref()? {
        TokenStrategy::DriverToken => words::book_driver(),
        TokenStrategy::GroupToken => words::book_group(group),
        TokenStrategy::AdHoc => words::book_guest(),
        TokenStrategy::Other(word) => words::status_as_sent(word),
    })
}

/// What there is to know about a booking.
#[component]
pub fn Facts(
    /// The booking.
    of: BookingDetail,
) -> impl IntoView {
    let point = of.charge_point.as_ref();
    let strength = connector(&of).and_then(|plug| Some(power(plug.power_kw?, plug.current)));
    let what = format::dotted(&[Some(plug(&of)), strength]);
    let over = of.booking.status.is_over();
    let no_show = money(of.no_show_fee.as_ref()).filter(|_| !over);
    let paid = if over {
        words::booking_price()
    } else {
        words::booking_estimate()
    };
    let lines = [
        (
            words::session_address(),
            point.and_then(|point| point.place.address.clone()),
        ),
        (
            words::session_charge_point(),
            point.map(|point| point.charge_point_id.clone()),
        ),
        (words::booking_plug(), Some(what)),
        (words::booking_token(), whose(&of)),
        (paid, price(&of.booking)),
        (words::booking_no_show_fee(), no_show),
        (words::booking_reference(), of.booking.external_id.clone()),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    let link = point.map(|point| {
        view! {
            <a class="card-more" href=routes::charger(&point.charge_point_id)>
                {words::booking_charger()}
            </a>
        }
    });
    let start = of.booking.reservation_start;
    let zone = start.and_then(|start| format::zone_note(start, zone(&of)));
    view! {
        <section class="card" aria-labelledby="facts">
            <h2 class="card-title" id="facts">{words::booking_facts()}</h2>
            <dl class="facts">{lines}</dl>
            {zone.map(|zone| view! { <p class="facts-note">{zone}</p> })}
            {link}
        </section>
    }
}
