//! Sessions, as they stand in a list.

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    dynamo::{Session, SessionStatus, dispute::DisputeStatus},
    money::Currency,
    time::Instant,
};

use super::Pieces;
use crate::components::session_row::{SessionRow, Status};

/// Sunday, 2 March 2025, 16:05 in UTC.
const BEGAN: Instant = Instant::from_millis(1_740_931_500_000);

/// Every status, a long name, and a cost that nobody knows yet.
#[component]
pub fn Sessions() -> impl IntoView {
    let all = || {
        let other = SessionStatus::Other("parked".to_owned());
        SessionStatus::KNOWN.into_iter().chain([other])
    };
    let rows = all().map(|status| view! { <SessionRow session=with_status(status) /> });
    let chips = all().map(|status| view! { <Status status /> });
    let long = Session {
        site_name: Some("Parkhaus am alten Güterbahnhof, Einfahrt Nord, unterstes Deck".to_owned()),
        dispute_status: Some(DisputeStatus::Open),
        ..with_status(SessionStatus::Stopped)
    };
    let unknown = Session {
        site_name: None,
        energy_kwh: None,
        total_cost: None,
        ..with_status(SessionStatus::Active)
    };
    let dear = Session {
        total_cost: Some(Decimal::new(123_456_789, 2)),
        ..long.clone()
    };
    view! {
        <Pieces title="Sessions">
            <div class="choice-options">{chips.collect_view()}</div>
            <div>
                {rows.collect_view()}
                <SessionRow session=long />
                <SessionRow session=unknown />
                <SessionRow session=dear />
            </div>
        </Pieces>
    }
}

fn with_status(status: SessionStatus) -> Session {
    Session {
        session_id: "sess_1".to_owned(),
        charge_point_id: "CP-A-02".to_owned(),
        connector_id: Some(2),
        site_id: None,
        started_at: BEGAN,
        ended_at: None,
        duration_minutes: Some(42),
        energy_kwh: Some(Decimal::new(216, 1)),
        total_cost: Some(Decimal::new(9720, 2)),
        currency: Currency::new("NOK"),
        status,
        receipt_available: None,
        dispute_status: None,
        site_name: Some("Tøyen".to_owned()),
        time_zone: Some("Europe/Oslo".to_owned()),
        local_day: None,
    }
}
