//! What changes while somebody looks: `GET /api/portal/events`, server-sent. An
//! event's name is its word here, its data the JSON of the shape beside it.

use serde::{Deserialize, Serialize};

use super::charge_points::ConnectorState;
use crate::{
    decimal::Decimal, dynamo::SessionStatus, money::Currency, petit_monde::booking::Booking,
    time::Instant,
};

/// The first event: a [`Hello`].
pub const HELLO: &str = "hello";
/// A connector changed: a [`ConnectorNews`].
pub const CONNECTOR: &str = "connector";
/// A hold of the driver changed: a [`Hold`](super::holds::Hold).
pub const HOLD: &str = "hold";
/// A booking of the driver changed: a [`BookingNews`].
pub const BOOKING: &str = "booking";
/// A session of the driver changed: a [`SessionNews`].
pub const SESSION: &str = "session";
/// Everything is to be read again: too much was missed to tell it all, or somebody came
/// into a group or left one. No data.
pub const RESET: &str = "reset";

/// The stream stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Hello {
    /// The server's clock.
    pub now: Instant,
}

/// A connector changed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ConnectorNews {
    /// Of which charge point.
    pub charge_point_id: String,
    /// Which plug, from 1.
    pub connector_id: u32,
    /// What it is doing.
    pub state: ConnectorState,
    /// Since when.
    #[serde(default)]
    pub since: Option<Instant>,
}

/// A session of the driver began, went on or ended.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SessionNews {
    /// Prefix `sess_`.
    pub session_id: String,
    /// How far it is.
    pub status: SessionStatus,
    /// What went into the car so far.
    pub energy_kwh: Decimal,
    /// What flows at the moment, if the charge point says.
    #[serde(default)]
    pub power_kw: Option<Decimal>,
    /// What it has cost so far.
    #[serde(default)]
    pub cost: Option<Decimal>,
    /// Of the cost.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// When the meter was read.
    pub at: Instant,
}

/// A booking was made, is further, or its plug is held or no longer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BookingNews {
    /// As Petit Monde tells it.
    pub booking: Booking,
    /// Whether the charge point holds the plug.
    pub held: bool,
    /// The session that it became.
    #[serde(default)]
    pub session_id: Option<String>,
}
