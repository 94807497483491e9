//! A session in a list.

use leptos::prelude::*;
use portal_api::dynamo::{Session, SessionStatus};

use crate::{
    format,
    i18n::words,
    routes,
    ui::{
        chip::{Chip, Tone},
        icon::Icon,
    },
};

/// The status of a session as a chip.
#[component]
pub fn Status(
    /// How far it is.
    status: SessionStatus,
) -> impl IntoView {
    let (tone, icon, text) = match &status {
        SessionStatus::Active => (Tone::Live, "bolt", words::status_active()),
        SessionStatus::Completed => (Tone::Good, "check", words::status_completed()),
        SessionStatus::Stopped => (Tone::Notable, "stop", words::status_stopped()),
        SessionStatus::Other(word) => (Tone::Neutral, "alert", words::status_as_sent(word)),
    };
    view! { <Chip tone icon text /> }
}

/// The place of a session, by name if it has one.
pub fn place(session: &Session) -> String {
    session
        .site_name
        .clone()
        .unwrap_or_else(|| session.charge_point_id.clone())
}

/// What a session cost, or that nobody knows yet.
pub fn cost(session: &Session) -> String {
    session
        .cost()
        .map_or_else(words::sessions_no_cost_short, format::money)
}

/// A session as a link to itself: when and where, what went in and what it cost.
#[component]
pub fn SessionRow(
    /// The session.
    session: Session,
) -> impl IntoView {
    let zone = session.time_zone.as_deref();
    let when = [
        format::day(session.started_at, zone),
        format::clock(session.started_at, zone),
    ]
    .join(", ");
    let energy = session.energy_kwh.map(format::energy).unwrap_or_default();
    let mark = match session.status {
        SessionStatus::Completed => None,
        _ => Some(view! { <Status status=session.status.clone() /> }),
    };
    let disputed = session.dispute_status.as_ref().map(|status| {
        let text = if status.is_decided() {
            words::sessions_dispute_decided()
        } else {
            words::sessions_disputed()
        };
        view! { <Chip tone=Tone::Neutral icon="desk" text /> }
    });
    view! {
        <a class="session-row" href=routes::session(&session.session_id)>
            <span class="session-row-icon" data-status=session.status.as_str().to_owned()>
                <Icon name="bolt" />
            </span>
            <span class="session-row-place">{place(&session)}</span>
            <span class="session-row-cost">{cost(&session)}</span>
            <span class="session-row-when">
                <time datetime=session.started_at.to_string()>{when}</time>
                {mark}
                {disputed}
            </span>
            <span class="session-row-energy">{energy}</span>
        </a>
    }
}
