//! A booking: how far it is, when and where, and what became of it, in words.

pub mod list;
pub mod news;
pub mod next;

use leptos::prelude::*;
use portal_api::{
    money::Money,
    petit_monde::booking::{Booking, BookingStatus},
    portal::Cost,
    time::Instant,
};

use crate::{
    format,
    i18n::words,
    routes,
    ui::chip::{Chip, Tone},
};

/// How far a booking is, in a word.
pub fn status_text(status: &BookingStatus) -> String {
    match status {
        BookingStatus::Requested => words::booking_requested(),
        BookingStatus::Pending => words::booking_pending(),
        BookingStatus::Confirmed => words::booking_confirmed(),
        BookingStatus::Attending => words::booking_attending(),
        BookingStatus::Completed => words::booking_completed(),
        BookingStatus::Expired => words::booking_expired(),
        BookingStatus::Cancelled => words::booking_cancelled(),
        BookingStatus::NoShow => words::booking_no_show(),
        BookingStatus::Rejected => words::booking_rejected(),
        BookingStatus::Failed => words::booking_failed(),
        BookingStatus::Other(word) => words::status_as_sent(word),
    }
}

/// How far a booking is.
#[component]
pub fn StatusChip(
    /// How far.
    status: BookingStatus,
) -> impl IntoView {
    use BookingStatus::{Attending, Completed, Confirmed, Expired, Failed, NoShow, Rejected};
    let (tone, icon) = match &status {
        Confirmed => (Tone::Good, "check"),
        Attending => (Tone::Live, "bolt"),
        Completed => (Tone::Good, "check"),
        Rejected | Failed | NoShow | Expired => (Tone::Notable, "alert"),
        _ => (Tone::Neutral, "clock"),
    };
    view! { <Chip tone icon text=status_text(&status) /> }
}

/// Where it is, by name if it has one.
pub fn place(booking: &Booking) -> String {
    let known = [
        &booking.location_name,
        &booking.evse_uid,
        &booking.location_id,
    ];
    let known = known.into_iter().flatten().find(|name| !name.is_empty());
    known.cloned().unwrap_or_else(|| booking.id.clone())
}

/// `Sun, 2 Mar, 17:05–18:35` by a place's clock, or by this device's; the zone is said
/// once, at its end.
pub fn window(start: Instant, end: Instant, zone: Option<&str>) -> String {
    let (day, last) = (format::day(start, zone), format::day(end, zone));
    let from = [day.as_str(), &format::clock_alone(start, zone)].join(", ");
    let until = format::clock(end, zone);
    if day == last {
        return words::week_times(&from, &until);
    }
    words::week_times(&from, &[last, until].join(", "))
}

/// The time of a booking, as far as it is known.
pub fn window_of(booking: &Booking) -> Option<String> {
    Some(window(
        booking.reservation_start?,
        booking.reservation_end?,
        booking.location_time_zone.as_deref(),
    ))
}

/// An amount in words, nothing if there is none.
pub fn money(cost: Option<&Cost>) -> Option<String> {
    let cost = cost?;
    let money = Money::from_major(cost.amount, cost.currency)?;
    (money.minor > 0).then(|| format::money(money))
}

/// What it costs whoever booked, if that is known and not nothing.
pub fn price(booking: &Booking) -> Option<String> {
    let cost = Cost {
        amount: booking.client_price?,
        currency: booking.client_price_currency?,
    };
    money(Some(&cost))
}

/// A booking in a list, which leads to its page.
#[component]
pub fn BookingRow(
    /// The booking.
    booking: Booking,
) -> impl IntoView {
    let what = format::dotted(&[window_of(&booking), booking.location_city.clone()]);
    view! {
        <a class="booking-row" href=routes::booking(&booking.id)>
            <span class="booking-row-place">{place(&booking)}</span>
            <span class="booking-row-what">{what}</span>
            <span class="booking-row-status"><StatusChip status=booking.status /></span>
        </a>
    }
}
