//! What a status means, what became of a booking, and why.

use leptos::prelude::*;
use portal_api::{
    petit_monde::booking::{Booking, BookingStatus},
    portal::bookings::{BookingDetail, BookingTrouble},
    time::Instant,
};

use crate::{
    components::booking::price,
    i18n::words,
    routes,
    run::live,
    state::clock::use_clock,
    ui::notice::{About, Notice},
};

/// What it means, and where it goes on.
#[component]
pub fn Outcome(
    /// The booking.
    of: BookingDetail,
) -> impl IntoView {
    let booking = &of.booking;
    let paid = fee(booking);
    let session = of.session_id.as_ref().map(|id| {
        view! {
            <a class="button" data-weight="main" href=routes::session(id)>
                {words::booking_session()}
            </a>
        }
    });
    let again = of
        .charge_point
        .as_ref()
        .filter(|_| booking.status.is_over() && of.session_id.is_none())
        .map(|point| {
            let href = routes::later(&routes::charger(&point.charge_point_id));
            view! { <a class="button" href=href>{words::booking_again()}</a> }
        });
    let refused = matches!(
        booking.status,
        BookingStatus::Rejected | BookingStatus::Failed
    );
    let clock = use_clock();
    let says = {
        let of = of.clone();
        move |now| match &of.trouble {
            Some(trouble) => why(trouble),
            None => meaning(&of.booking, of.held, now),
        }
    };
    let text = if refused {
        let text = says(clock.exactly());
        view! { <Notice about=About::Wrong icon="alert" title=words::booking_nothing() text /> }
            .into_any()
    } else {
        view! { <p>{live(move || says(clock.now()))}</p> }.into_any()
    };
    view! {
        {text}
        {paid.map(|paid| view! { <p>{paid}</p> })}
        {session}
        {again}
    }
}

/// What it cost though nobody charged; what a real Petit Monde keeps to itself is not said
/// to be nothing.
fn fee(booking: &Booking) -> Option<String> {
    use BookingStatus::{Cancelled, Expired, NoShow};
    match booking.status {
        Cancelled | Expired | NoShow if booking.client_price.is_none() => {
            Some(words::booking_fee_unknown())
        }
        Cancelled | Expired | NoShow => price(booking).map(|fee| words::booking_fee(&fee)),
        _ => None,
    }
}

/// What its status means for whoever booked.
fn meaning(booking: &Booking, held: bool, now: Instant) -> String {
    let gone = booking.reservation_end.is_some_and(|end| end <= now);
    match &booking.status {
        BookingStatus::Requested | BookingStatus::Pending => words::booking_means_asked(),
        BookingStatus::Confirmed if gone => words::booking_means_undecided(),
        BookingStatus::Confirmed if held => words::booking_means_held(),
        BookingStatus::Confirmed => words::booking_means_confirmed(),
        BookingStatus::Attending => words::booking_means_attending(),
        BookingStatus::Completed => words::booking_means_completed(),
        BookingStatus::Expired if booking.client_price.is_none() => words::booking_means_lapsed(),
        BookingStatus::Expired => words::booking_means_expired(),
        BookingStatus::Cancelled => words::booking_means_cancelled(),
        BookingStatus::NoShow => words::booking_means_no_show(),
        BookingStatus::Rejected => words::booking_means_rejected(),
        BookingStatus::Failed => words::booking_means_failed(),
        BookingStatus::Other(_) => words::booking_means_other(),
    }
}

/// Why it was refused or failed, was cut short, or was given up for its driver.
fn why(trouble: &BookingTrouble) -> String {
    match trouble {
        BookingTrouble::Unsupported => words::booking_trouble_unsupported(),
        BookingTrouble::Faulted => words::booking_trouble_faulted(),
        BookingTrouble::Unavailable => words::booking_trouble_unavailable(),
        BookingTrouble::Closed => words::booking_trouble_closed(),
        BookingTrouble::NoTariff => words::booking_trouble_no_tariff(),
        BookingTrouble::TooLate => words::booking_trouble_too_late(),
        BookingTrouble::LeftGroup => words::booking_trouble_left_group(),
        BookingTrouble::GroupLimit => words::booking_trouble_group_limit(),
        BookingTrouble::Other(word) => words::booking_step_unknown(word),
    }
}
