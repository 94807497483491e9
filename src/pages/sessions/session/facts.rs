//! Everything else that is known of a session, one line each.

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    dynamo::Session,
    portal::{Current, Payment, SessionDetail},
    time::Instant,
};

use crate::{components::session_row::place, format, i18n::words};

/// The lines.
#[component]
pub fn Facts(
    /// All about the session.
    detail: SessionDetail,
) -> impl IntoView {
    let session = &detail.session;
    let zone = format::zone_note(session.started_at, session.time_zone.as_deref());
    let lines = where_and_when(&detail)
        .into_iter()
        .chain(with_what(&detail))
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="facts">
            <h2 class="card-title" id="facts">{words::session_facts()}</h2>
            <dl class="facts">{lines}</dl>
            {zone.map(|zone| view! { <p class="facts-note">{zone}</p> })}
        </section>
    }
}

type Line = (String, Option<String>);

fn where_and_when(detail: &SessionDetail) -> Vec<Line> {
    let session = &detail.session;
    let zone = session.time_zone.as_deref();
    let at = |instant| {
        [
            format::full_day(instant, zone),
            format::clock(instant, zone),
        ]
        .join(", ")
    };
    let ended = session.ended_at.map_or_else(words::session_still, at);
    let (charging, standing) = split(session, detail.charged_until);
    vec![
        (words::session_place(), Some(place(session))),
        (words::session_address(), detail.address.clone()),
        (words::session_operator(), detail.operator.clone()),
        (words::session_began(), Some(at(session.started_at))),
        (words::session_charged_until(), detail.charged_until.map(at)),
        (words::session_ended(), Some(ended)),
        (words::session_charging(), charging.map(format::duration)),
        (words::session_standing(), standing.map(format::duration)),
    ]
}

/// A minute in milliseconds.
const MINUTE: i64 = 60_000;

/// How many milliseconds lie between two moments.
fn between(from: Instant, to: Instant) -> i64 {
    (to.millis() - from.millis()).max(0)
}

/// How many minutes it charged, and how many it stood there afterwards.
fn split(session: &Session, charged_until: Option<Instant>) -> (Option<i64>, Option<i64>) {
    let minutes = |from, to| between(from, to) / MINUTE;
    match (charged_until, session.ended_at) {
        (Some(until), Some(ended)) => (
            Some(minutes(session.started_at, until)),
            Some(minutes(until, ended)),
        ),
        _ => (None, None),
    }
}

fn with_what(detail: &SessionDetail) -> Vec<Line> {
    let session = &detail.session;
    let connector = session
        .connector_id
        .map(|number| words::session_connector(&number.to_string()));
    let plug = format::dotted(&[Some(session.charge_point_id.clone()), connector]);
    let power = detail.power_kw.map(|power| match detail.current {
        Some(Current::Dc) => words::session_power_dc(&format::power(power)),
        Some(Current::Ac) => words::session_power_ac(&format::power(power)),
        _ => format::power(power),
    });
    let payment = detail.payment.and_then(|payment| match payment {
        Payment::Card => Some(words::session_paid_card()),
        Payment::Invoice => Some(words::session_paid_invoice()),
        Payment::Organisation => Some(words::session_paid_organisation()),
        Payment::Unknown => None,
    });
    vec![
        (words::session_charge_point(), Some(plug)),
        (words::session_power(), power),
        (
            words::session_average(),
            average_power(detail).map(format::power),
        ),
        (words::session_evse(), detail.evse_id.clone()),
        (words::session_tag(), detail.id_tag.clone()),
        (words::session_payment(), payment),
        (words::session_id(), Some(session.session_id.clone())),
    ]
}

/// Energy over the time of charging, in kW to a tenth; `None` for less than a minute.
fn average_power(detail: &SessionDetail) -> Option<Decimal> {
    let session = &detail.session;
    let charging = match (detail.charged_until, session.ended_at) {
        // To the second: of whole minutes it would be more than there ever was.
        (Some(until), Some(_)) => between(session.started_at, until),
        _ => session.duration_minutes?.checked_mul(MINUTE)?,
    };
    let watt_hours = session.energy_kwh?.units_at(3)?;
    let tenths = watt_hours.checked_mul(60 * MINUTE)? / charging.max(1) / 100;
    (charging >= MINUTE).then_some(Decimal::new(tenths, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(text: &str) -> Session {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_average_power_needs_a_minute_and_exact_energy() {
        let of = |minutes: &str, energy: &str, until: &str| {
            let detail = format!(
                r#"{{ "session": {{ "session_id": "s", "charge_point_id": "c",
                    "status": "completed", "started_at": "2025-03-02T16:00:00Z",
                    "ended_at": "2025-03-02T18:00:00Z", "duration_minutes": {minutes},
                    "energy_kwh": {energy} }}, "charged_until": {until} }}"#
            );
            average_power(&serde_json::from_str(&detail).unwrap())
        };
        let half_past = r#""2025-03-02T16:30:00Z""#;
        let nearly = r#""2025-03-02T16:30:59Z""#;
        assert_eq!(of("120", "5.5", half_past), Some(Decimal::new(110, 1)));
        assert_eq!(of("120", "5.5", nearly), Some(Decimal::new(106, 1)));
        assert_eq!(of("30", "5.5", "null"), Some(Decimal::new(110, 1)));
        assert_eq!(of("0", "5.5", "null"), None);
        assert_eq!(of("null", "5.5", "null"), None);
        assert_eq!(of("30", "null", "null"), None);
    }

    #[test]
    fn charging_and_standing_make_up_the_duration() {
        let session = session(
            r#"{ "session_id": "s", "charge_point_id": "c", "status": "completed",
                "started_at": "2025-03-02T16:00:00Z", "ended_at": "2025-03-02T18:30:00Z" }"#,
        );
        let until = "2025-03-02T17:45:00Z".parse().ok();
        assert_eq!(split(&session, until), (Some(105), Some(45)));
        assert_eq!(split(&session, None), (None, None));
    }
}
