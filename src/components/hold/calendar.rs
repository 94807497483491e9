//! A hold as an entry in a calendar.

use leptos::prelude::*;
use portal_api::portal::holds::Hold;

use super::{link, place, plug};
use crate::{
    components::calendar::{Entry, Reminder, ToCalendar},
    i18n::words,
    state::clock::use_clock,
};

/// Something to press that makes the entry.
#[component]
pub fn HoldToCalendar(
    /// What is held.
    hold: Hold,
) -> impl IntoView {
    let start = hold.reservation.created_at;
    let entry = Entry {
        start: start.unwrap_or_else(|| use_clock().exactly()),
        end: hold.reservation.expires_at,
        title: words::hold_calendar_title(&place(&hold)),
        text: plug(&hold),
        path: link(&hold),
        place: vec![place(&hold), hold.address.unwrap_or_default()],
        id: hold.reservation.reservation_id,
        reminder: Reminder::BeforeEnd,
    };
    view! { <ToCalendar entry file="hold.ics" /> }
}
