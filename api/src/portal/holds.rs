//! What is held for a driver: `GET /api/portal/holds`.

use serde::{Deserialize, Serialize};

use super::charge_points::Plug;
use crate::{decimal::Decimal, dynamo::reservation::Reservation, time::Instant, word::open_words};

/// A driver's holds.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Holds {
    /// Those that live, and of those that are over the newest: the newest first.
    pub holds: Vec<Hold>,
    /// What the operator allows.
    pub rules: HoldRules,
    /// Whether holding costs nothing, used or not; `None` if nobody says.
    #[serde(default)]
    pub free: Option<bool>,
    /// The tags that can be held for, the usual one first.
    pub id_tags: Vec<String>,
    /// The server's clock.
    pub now: Instant,
}

/// What the operator allows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct HoldRules {
    /// The shortest hold.
    pub shortest_minutes: u32,
    /// The longest, counted from when it was asked for.
    pub longest_minutes: u32,
    /// How many plugs one may hold at a time.
    pub most: u32,
}

/// A hold and what Dynamo doesn't tell of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Hold {
    /// As Dynamo tells it.
    pub reservation: Reservation,
    /// How far it is, more exactly.
    pub stage: HoldStage,
    /// Why it is over; `None` while it lives.
    #[serde(default)]
    pub end: Option<HoldEnd>,
    /// The name of the place; empty if nobody knows.
    #[serde(default)]
    pub place: String,
    /// Street, number and town.
    #[serde(default)]
    pub address: Option<String>,
    /// The place's IANA time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// What fits.
    #[serde(default)]
    pub plug: Option<Plug>,
    /// The most the connector delivers.
    #[serde(default)]
    pub power_kw: Option<Decimal>,
    /// Until when it can be extended at most.
    #[serde(default)]
    pub latest: Option<Instant>,
    /// The session that used it.
    #[serde(default)]
    pub session_id: Option<String>,
    /// Whether holding costs nothing, used or not; `None` if nobody says.
    #[serde(default)]
    pub free: Option<bool>,
}

impl Hold {
    /// Whether the plug is, or may be, held.
    pub fn is_live(&self) -> bool {
        self.end.is_none()
    }
}

open_words! {
    /// How far a hold is, more exactly than Dynamo tells.
    pub enum HoldStage {
        /// The charge point was asked and has not answered.
        Asking = "asking",
        /// The charge point holds the plug.
        Held = "held",
        /// It is over for the driver; the charge point has yet to hear of it.
        Ending = "ending",
        /// It is over.
        Over = "over",
    }
}

open_words! {
    /// Why a hold is over.
    pub enum HoldEnd {
        /// The driver has plugged in.
        Used = "used",
        /// Nobody came in time.
        Expired = "expired",
        /// The driver gave it up.
        Cancelled = "cancelled",
        /// The operator gave it up.
        ByOperator = "by_operator",
        /// The charger broke or was taken out of service.
        OutOfOrder = "out_of_order",
        /// There never was one: the charge point said no.
        Refused = "refused",
        /// There never was one: the charge point didn't answer.
        NoAnswer = "no_answer",
    }
}

/// `POST /api/portal/holds/{id}/extend`: the hold as it is then.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// When it is to lapse.
    pub expires_at: Instant,
}
