//! A driver says that a cost is wrong.

use serde::{Deserialize, Serialize};

use super::Session;
use crate::{
    decimal::Decimal,
    money::{Currency, Money},
    query::BadParameter,
    time::Instant,
    word::open_words,
};

/// The most files that go with one dispute.
pub const MOST_FILES: usize = 3;

/// The most characters of a reason, an answer, a question or a decision.
pub const TEXT_LONGEST: usize = 2_000;

/// `POST /api/v1/portal/sessions/{id}/dispute`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeRequest {
    /// What is wrong, 1 to 2,000 characters.
    #[serde(alias = "description")]
    pub reason: String,
    /// What the driver thinks is right, in the session's currency.
    #[serde(
        default,
        alias = "expected_amount",
        skip_serializing_if = "Option::is_none"
    )]
    pub expected_cost: Option<Decimal>,
    /// Ours: which line is wrong, by the breakdown's word; `None` is the total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// Ours: photos and papers sent before, by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

/// How many times as much as the bill a driver may think is right.
pub const MOST_EXPECTED: i64 = 10;

/// The most characters of a line's word.
const LINE_LONGEST: usize = 64;

impl DisputeRequest {
    /// What the driver thinks is right, if everything here can be said about
    /// a session.
    pub fn checked(&self, session: &Session) -> Result<Option<Money>, BadParameter> {
        let bad = |name, allowed| Err(BadParameter { name, allowed });
        if !is_text(&self.reason) {
            return bad("reason", TEXT_ALLOWED);
        }
        if self.line.as_deref().is_some_and(|line| !is_line(line)) {
            return bad("line", "the word of a line of the breakdown");
        }
        if self.files.len() > MOST_FILES {
            return bad("files", "three files at most");
        }
        let Some(expected) = self.expected_cost else {
            return Ok(None);
        };
        let Some(billed) = session.cost() else {
            return bad("expected_cost", "nothing: nobody knows what was charged");
        };
        let most = billed.minor.saturating_mul(MOST_EXPECTED);
        match Money::from_major(expected, billed.currency) {
            Some(money) if (0..=most).contains(&money.minor) => Ok(Some(money)),
            Some(_) => bad("expected_cost", "from nothing to ten times the bill"),
            None => bad("expected_cost", "an amount of the session's currency"),
        }
    }
}

/// What [`is_text`] lets through, in English.
pub const TEXT_ALLOWED: &str = "1 to 2000 characters, not only spaces, none of them U+0000";

/// Whether it can be a reason, an answer, a question or a decision.
pub fn is_text(text: &str) -> bool {
    text.chars().count() <= TEXT_LONGEST && !text.trim().is_empty() && !text.contains('\0')
}

fn is_line(line: &str) -> bool {
    (1..=LINE_LONGEST).contains(&line.chars().count()) && !line.chars().any(char::is_control)
}

/// A dispute as Dynamo tells it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Dispute {
    /// Prefix `disp_`.
    pub dispute_id: String,
    /// What it is about.
    pub session_id: String,
    /// How far it is.
    pub status: DisputeStatus,
    /// What is wrong, as the driver typed it.
    #[serde(default)]
    pub reason: String,
    /// What the driver thinks is right.
    #[serde(default)]
    pub expected_cost: Option<Decimal>,
    /// What was charged when it was filed.
    #[serde(default)]
    pub billed_cost: Option<Decimal>,
    /// Of the costs.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// When it was filed.
    pub created_at: Instant,
    /// When it was decided.
    #[serde(default)]
    pub resolved_at: Option<Instant>,
}

open_words! {
    /// How far a dispute is.
    pub enum DisputeStatus {
        /// Filed.
        Open = "open",
        /// Somebody looks at it.
        UnderReview = "under_review",
        /// Decided for the driver, in part or whole.
        Resolved = "resolved",
        /// Decided against the driver.
        Rejected = "rejected",
        /// Ours: sent to the system behind the server, which hasn't said whether it
        /// has it.
        Unconfirmed = "unconfirmed",
    }
}

impl DisputeStatus {
    /// Whether it is decided.
    pub const fn is_decided(&self) -> bool {
        matches!(self, Self::Resolved | Self::Rejected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_read_by_either_name() {
        for body in [
            r#"{ "reason": "x", "expected_cost": 94.20 }"#,
            r#"{ "description": "x", "expected_amount": 94.20 }"#,
        ] {
            let request: DisputeRequest = serde_json::from_str(body).unwrap();
            assert_eq!(request.reason, "x");
            assert_eq!(request.expected_cost, Some(Decimal::new(942, 1)));
        }
    }

    #[test]
    fn what_is_sent_is_as_documented() {
        let request = DisputeRequest {
            reason: "x".into(),
            expected_cost: None,
            line: None,
            files: Vec::new(),
        };
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            r#"{"reason":"x"}"#
        );
    }

    #[test]
    fn what_is_said_must_fit_the_session() {
        let session: Session = serde_json::from_str(
            r#"{ "session_id": "s", "charge_point_id": "c", "status": "completed",
                "started_at": "2025-03-02T16:05:00Z", "total_cost": 12.5, "currency": "EUR" }"#,
        )
        .unwrap();
        let request = |reason: &str, expected: Option<&str>, line: Option<&str>| DisputeRequest {
            reason: reason.into(),
            expected_cost: expected.map(|amount| amount.parse().unwrap()),
            line: line.map(str::to_owned),
            files: Vec::new(),
        };
        let (longest, most) = ("x".repeat(2_000), Some("125.00"));
        for fits in [
            request("<b>\u{202e}\u{1f50c}\u{7}", Some("0"), Some("energy")),
            request(&longest, most, None),
        ] {
            assert!(fits.checked(&session).is_ok(), "{fits:?}");
        }
        for (name, wrong) in [
            ("reason", request(" \n", None, None)),
            ("reason", request("a\0", None, None)),
            ("reason", request(&format!("{longest}x"), None, None)),
            ("expected_cost", request("x", Some("1.234"), None)),
            ("expected_cost", request("x", Some("-1"), None)),
            ("expected_cost", request("x", Some("125.01"), None)),
            ("line", request("x", None, Some(""))),
            ("line", request("x", None, Some("a\nb"))),
        ] {
            let refused = wrong.checked(&session).unwrap_err();
            assert_eq!(refused.name, name, "{wrong:?}");
        }
    }

    #[test]
    fn a_status_nobody_documented_is_kept() {
        let dispute: Dispute = serde_json::from_str(
            r#"{ "dispute_id": "disp_1", "session_id": "sess_1", "status": "escalated",
                "created_at": "2025-03-03T08:00:00Z" }"#,
        )
        .unwrap();
        assert_eq!(dispute.status.as_str(), "escalated");
        assert!(!dispute.status.is_decided());
    }
}
