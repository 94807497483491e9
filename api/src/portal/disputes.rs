//! What came of saying that a cost is wrong: `/api/portal/disputes`, and the desk
//! of those who answer.

use serde::{Deserialize, Serialize};

use super::SessionDetail;
use crate::{
    decimal::Decimal,
    dynamo::{cost::CostBreakdown, dispute::Dispute},
    time::Instant,
};

pub use crate::dynamo::dispute::MOST_FILES;

/// The most bytes of one of them.
pub const FILE_LARGEST: usize = 5 * 1024 * 1024;

/// The kinds of files that are taken.
pub const FILE_KINDS: [&str; 3] = ["image/jpeg", "image/png", "application/pdf"];

/// Some of the driver's disputes, or of those that wait at the desk.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DisputePage {
    /// From `offset` on, `limit` at most.
    pub disputes: Vec<DisputeRow>,
    /// How many there are in all.
    pub total: u64,
}

/// A dispute in a list.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DisputeRow {
    /// As Dynamo tells it.
    pub dispute: Dispute,
    /// The name of the place; `None` if nobody knows.
    #[serde(default)]
    pub site_name: Option<String>,
    /// The place's time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// When the session began.
    #[serde(default)]
    pub started_at: Option<Instant>,
    /// Whose turn it is.
    pub turn: Turn,
    /// What is given back, tax and all.
    #[serde(default)]
    pub credit: Option<Decimal>,
    /// When something last happened.
    pub changed_at: Instant,
    /// Who filed it; told to the desk only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// The driver was asked something.
    Driver,
    /// The operator has to answer.
    Operator,
    /// Nobody's: it is decided.
    Nobody,
    /// The system behind the server doesn't tell, or says something new.
    #[serde(other)]
    Unknown,
}

/// `GET /api/portal/disputes/{id}`: a dispute and all that happened.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DisputeDetail {
    /// As it stands in the list.
    pub row: DisputeRow,
    /// Which line is said to be wrong, by the breakdown's word; `None` is the total.
    #[serde(default)]
    pub line: Option<String>,
    /// What happened, oldest first.
    pub events: Vec<DisputeEvent>,
    /// What was sent with it.
    pub files: Vec<DisputeFile>,
    /// How it was decided.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The receipt that came of it.
    #[serde(default)]
    pub corrected_receipt: Option<String>,
}

/// Something that happened to a dispute.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DisputeEvent {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: EventKind,
    /// What was written, exactly as typed.
    #[serde(default)]
    pub text: Option<String>,
}

/// What can happen to a dispute.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The driver filed it; the text is the reason.
    Filed,
    /// Somebody looks at it.
    InReview,
    /// The operator asks the driver.
    Question,
    /// The driver answers, or adds something.
    Answer,
    /// The operator decided; the text says why.
    Decided,
    /// The money is given back.
    Credited,
    /// Something that this program doesn't know yet.
    #[serde(other)]
    Unknown,
}

/// How a dispute was decided.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The driver is right.
    Accepted,
    /// The driver is right in part.
    PartlyAccepted,
    /// The driver is not right.
    Rejected,
    /// Something that this program doesn't know yet.
    #[serde(other)]
    Unknown,
}

/// A file that was sent with a dispute.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct DisputeFile {
    /// Prefix `file_`.
    pub id: String,
    /// As the driver's device calls it.
    pub name: String,
    /// One of [`FILE_KINDS`].
    pub kind: String,
    /// In bytes.
    pub size: u64,
}

/// `POST /api/portal/disputes/{id}/messages`, and a question of the desk.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeMessage {
    /// 1 to 2,000 characters.
    pub text: String,
}

/// `GET /api/portal/desk/disputes/{id}`: a dispute and everything about its session.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DeskDispute {
    /// What happened.
    pub dispute: DisputeDetail,
    /// The session.
    pub session: SessionDetail,
    /// What it cost.
    pub cost: CostBreakdown,
}

/// `POST /api/portal/desk/disputes/{id}/decision`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// How.
    pub outcome: Outcome,
    /// What is given back, tax and all; nothing unless accepted, in part or whole.
    #[serde(default)]
    pub credit: Option<Decimal>,
    /// Why, 1 to 2,000 characters.
    pub text: String,
}
