//! A driver says that a cost is wrong.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{decimal::Decimal, money::Currency, time::Instant};

/// The most characters of a reason, an answer, a question or a decision.
pub const TEXT_LONGEST: usize = 2_000;

/// `POST /api/v1/portal/sessions/{id}/dispute`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
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

/// How far a dispute is.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum DisputeStatus {
    /// Filed.
    Open,
    /// Somebody looks at it.
    UnderReview,
    /// Decided for the driver, in part or whole.
    Resolved,
    /// Decided against the driver.
    Rejected,
    /// A word nobody documented, kept as it came.
    Other(String),
}

impl DisputeStatus {
    /// The documented ones.
    pub const KNOWN: [Self; 4] = [
        Self::Open,
        Self::UnderReview,
        Self::Resolved,
        Self::Rejected,
    ];

    /// Its word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Open => "open",
            Self::UnderReview => "under_review",
            Self::Resolved => "resolved",
            Self::Rejected => "rejected",
            Self::Other(word) => word,
        }
    }

    /// The status of a word on the wire, in any case.
    pub fn of_word(word: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(word))
            .unwrap_or_else(|| Self::Other(word.to_owned()))
    }

    /// Whether it is decided.
    pub const fn is_decided(&self) -> bool {
        matches!(self, Self::Resolved | Self::Rejected)
    }
}

impl Serialize for DisputeStatus {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for DisputeStatus {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|word| Self::of_word(&word))
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
