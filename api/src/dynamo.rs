//! The wire shapes of Dynamo CSMS: my sessions; [`cost`]: what each of them cost
//! and why; [`dispute`]: saying that it is wrong; [`reservation`]: holding a plug.
//!
//! Fields that Dynamo's own answers lack (a place's name and time zone) are
//! extra and optional: another client of the documented shape ignores them.

pub mod cost;
pub mod dispute;
pub mod reservation;

use dispute::DisputeStatus;
use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    money::{Currency, Money},
    time::{Day, Instant},
    word::open_words,
};

/// The most sessions one request may ask for.
pub const MOST_SESSIONS: u32 = 100;

/// How many sessions an answer has when the request doesn't say.
pub const USUAL_SESSIONS: u32 = 50;

/// One charging session, as its driver sees it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Session {
    /// Prefix `sess_`.
    pub session_id: String,
    /// Where the car was plugged in.
    pub charge_point_id: String,
    /// Which plug, from 1.
    #[serde(default)]
    pub connector_id: Option<u32>,
    /// The place.
    #[serde(default)]
    pub site_id: Option<String>,
    /// When it began.
    pub started_at: Instant,
    /// When it ended; `None` while it runs.
    #[serde(default)]
    pub ended_at: Option<Instant>,
    /// Whole minutes, so far if it runs.
    #[serde(default)]
    pub duration_minutes: Option<i64>,
    /// What went into the car, so far if it runs.
    #[serde(default)]
    pub energy_kwh: Option<Decimal>,
    /// In the major unit, so far if it runs; `None` if nobody knows yet.
    #[serde(default)]
    pub total_cost: Option<Decimal>,
    /// Of the cost.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// How far it is.
    pub status: SessionStatus,
    /// Whether a receipt can be had.
    #[serde(default)]
    pub receipt_available: Option<bool>,
    /// How far its dispute is, if there is one.
    #[serde(default)]
    pub dispute_status: Option<DisputeStatus>,
    /// Ours: the name of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_name: Option<String>,
    /// Ours: the place's IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Ours: the day on which it began, by the place's calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_day: Option<Day>,
}

impl Session {
    /// Whether it has ended and its figures may still change.
    pub fn is_settling(&self) -> bool {
        self.status != SessionStatus::Active && self.receipt_available == Some(false)
    }

    /// What it cost, if it is known exactly.
    pub fn cost(&self) -> Option<Money> {
        Money::from_major(self.total_cost?, self.currency?)
    }
}

open_words! {
    /// How far a session is.
    pub enum SessionStatus {
        /// Under way: its figures still grow.
        Active = "active",
        /// Ended and settled.
        Completed = "completed",
        /// Ended early, by the driver, the charge point or the operator.
        Stopped = "stopped",
    }
}

/// Some of a driver's sessions, newest first.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SessionPage {
    /// From `offset` on, `limit` at most.
    pub sessions: Vec<Session>,
    /// How many there are in all.
    #[serde(default)]
    pub total: u64,
    /// As asked for.
    #[serde(default)]
    pub limit: u32,
    /// As asked for.
    #[serde(default)]
    pub offset: u64,
}

/// How Dynamo's paths say no.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ErrorBody {
    /// What is wrong.
    pub error: ErrorDetail,
}

/// What is wrong, by Dynamo's words.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ErrorDetail {
    /// `invalid_request`, `unauthorized`, `forbidden`, `not_found`, `conflict`, `expired`,
    /// `validation_failed`, `rate_limited`, `internal_error`.
    pub code: String,
    /// A sentence in English.
    pub message: String,
    /// Which fields, if it is about fields.
    #[serde(default)]
    pub details: Option<Vec<FieldError>>,
}

/// One wrong field or query parameter.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FieldError {
    /// Its name on the wire.
    pub field: String,
    /// What is allowed.
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTED: &str = r#"{ "sessions": [ { "session_id": "sess_1", "charge_point_id": "CP-A-02",
        "connector_id": 2, "site_id": "site_1", "started_at": "2025-03-02T16:05:00Z",
        "ended_at": "2025-03-02T16:47:00Z", "duration_minutes": 42, "energy_kwh": 21.6,
        "total_cost": 97.20, "currency": "NOK", "status": "completed", "receipt_available": true,
        "dispute_status": null } ], "total": 1, "limit": 50, "offset": 0 }"#;

    #[test]
    fn the_documented_shape_is_read() {
        let page: SessionPage = serde_json::from_str(DOCUMENTED).unwrap();
        let session = &page.sessions[0];
        assert_eq!(
            session.cost(),
            Some(Money::new(9720, Currency::new("NOK").unwrap()))
        );
        assert_eq!(session.status, SessionStatus::Completed);
        assert_eq!(page.total, 1);
    }

    #[test]
    fn an_unknown_status_an_extra_field_and_nulls_break_nothing() {
        let page: SessionPage = serde_json::from_str(
            r#"{ "sessions": [ { "session_id": "s", "charge_point_id": "c", "connector_id": null,
                "started_at": "2025-03-02T16:05:00Z", "ended_at": null, "duration_minutes": null,
                "energy_kwh": null, "total_cost": null, "currency": null, "status": "parked",
                "transaction_id": 7, "user_id": "usr_1" } ] }"#,
        )
        .unwrap();
        assert_eq!(
            page.sessions[0].status,
            SessionStatus::Other("parked".into())
        );
        assert_eq!(page.sessions[0].cost(), None);
    }

    #[test]
    fn what_is_missing_is_written_as_null_as_documented() {
        let page: SessionPage = serde_json::from_str(DOCUMENTED).unwrap();
        let text = serde_json::to_string(&page).unwrap();
        assert!(text.contains(r#""dispute_status":null"#), "{text}");
        assert!(text.contains(r#""total_cost":97.2,"#), "{text}");
        assert!(!text.contains("site_name"), "{text}");
    }
}
