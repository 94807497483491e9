//! A plug that is held for the driver: how long still, for longer, given up.

pub mod bar;
mod calendar;
pub mod card;
mod countdown;
mod ended;
mod extend;
mod leave;
pub mod live;
mod reminder;

use portal_api::{
    dynamo::reservation::Blocked,
    portal::holds::{Hold, HoldEnd},
};

use super::charging::plug_and_number;
use crate::{
    format,
    i18n::{
        problem::{say, say_in_a_line},
        words,
    },
    routes,
    state::holds::Refusal,
};

/// Where it is, by name if it has one.
pub fn place(hold: &Hold) -> String {
    let reservation = &hold.reservation;
    if hold.place.is_empty() {
        reservation.charge_point_id.clone()
    } else {
        hold.place.clone()
    }
}

/// What is held there.
fn plug(hold: &Hold) -> String {
    plug_and_number(hold.plug.as_ref(), hold.reservation.connector_id)
}

/// The page of what is held.
fn link(hold: &Hold) -> String {
    let reservation = &hold.reservation;
    routes::plug(&reservation.charge_point_id, reservation.connector_id)
}

/// Until when, by the place's clock.
fn until(hold: &Hold) -> String {
    format::clock(hold.reservation.expires_at, hold.time_zone.as_deref())
}

/// Why it is over, in a word.
pub fn end_in_short(end: &HoldEnd) -> String {
    match end {
        HoldEnd::Used => words::hold_end_used(),
        HoldEnd::Expired => words::hold_end_expired(),
        HoldEnd::Cancelled => words::hold_end_cancelled(),
        HoldEnd::ByOperator => words::hold_end_by_operator(),
        HoldEnd::OutOfOrder => words::hold_end_out_of_order(),
        HoldEnd::Refused => words::hold_end_refused(),
        HoldEnd::NoAnswer => words::hold_end_no_answer(),
        HoldEnd::Other(word) => words::status_as_sent(word),
    }
}

/// Why nothing is held: in a few words, and what it means.
pub fn refusal(refusal: &Refusal) -> (String, String) {
    match refusal {
        Refusal::Blocked(reason) => blocked(reason),
        Refusal::TooLate => (words::blocked_no_answer(), words::blocked_no_answer_text()),
        Refusal::Problem(problem) => (say(problem).title, say_in_a_line(problem)),
    }
}

fn blocked(reason: &Blocked) -> (String, String) {
    match reason {
        Blocked::Taken => (words::blocked_taken(), words::blocked_taken_text()),
        Blocked::Occupied => (words::blocked_occupied(), words::blocked_occupied_text()),
        Blocked::Faulted => (words::blocked_faulted(), words::blocked_faulted_text()),
        Blocked::Unavailable => (
            words::blocked_unavailable(),
            words::blocked_unavailable_text(),
        ),
        Blocked::Offline => (words::blocked_offline(), words::blocked_offline_text()),
        Blocked::Rejected | Blocked::Other(_) => {
            (words::blocked_rejected(), words::blocked_rejected_text())
        }
        Blocked::NoAnswer => (words::blocked_no_answer(), words::blocked_no_answer_text()),
        Blocked::Unsupported => (
            words::blocked_unsupported(),
            words::blocked_unsupported_text(),
        ),
        Blocked::MostHolds => (
            words::blocked_most_holds(),
            words::blocked_most_holds_text(),
        ),
        Blocked::Over => (words::blocked_over(), words::blocked_over_text()),
    }
}
