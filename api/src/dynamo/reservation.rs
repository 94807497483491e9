//! Holding a plug for somebody who is on the way.

use serde::{Deserialize, Serialize};

use crate::{time::Instant, word::open_words};

/// `POST /api/v1/reservations`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReservationRequest {
    /// Where.
    pub charge_point_id: String,
    /// Which plug, from 1.
    pub connector_id: u32,
    /// When the hold lapses if nobody plugs in.
    pub expires_at: Instant,
    /// The driver's tag: a card's number or their e-mail address. Only this tag can
    /// use the plug.
    pub id_tag: String,
}

/// A hold as Dynamo tells it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reservation {
    /// Prefix `rsv_`.
    pub reservation_id: String,
    /// Where.
    pub charge_point_id: String,
    /// Which plug, from 1.
    pub connector_id: u32,
    /// Whose tag can use it.
    #[serde(default)]
    pub id_tag: String,
    /// How far it is.
    pub status: ReservationStatus,
    /// When it lapses if nobody plugs in.
    pub expires_at: Instant,
    /// When it was asked for.
    #[serde(default)]
    pub created_at: Option<Instant>,
    /// When anything about it changed last.
    #[serde(default)]
    pub updated_at: Option<Instant>,
}

/// `GET /api/v1/reservations`: the newest first.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reservations {
    /// The driver's own.
    pub data: Vec<Reservation>,
}

open_words! {
    /// How far a hold is.
    pub enum ReservationStatus {
        /// The plug is held.
        Active = "active",
        /// The driver has plugged in.
        Used = "used",
        /// Nobody came in time.
        Expired = "expired",
        /// It was given up: by the driver, the operator, or because the charger broke.
        Cancelled = "cancelled",
    }
}

/// By this name, `details` of a 409 say why a plug cannot be held: a [`Blocked`].
pub const REASON: &str = "reason";

open_words! {
    /// Why a plug cannot be held.
    pub enum Blocked {
        /// Somebody else was faster.
        Taken = "taken",
        /// A car is plugged in.
        Occupied = "occupied",
        /// The charger is broken.
        Faulted = "faulted",
        /// The operator has taken it out of service.
        Unavailable = "unavailable",
        /// The charger cannot be reached.
        Offline = "offline",
        /// The charger said no and not why.
        Rejected = "rejected",
        /// The charger didn't answer; the hold was withdrawn.
        NoAnswer = "no_answer",
        /// The charger takes no holds.
        Unsupported = "unsupported",
        /// The driver holds as many plugs as they may.
        MostHolds = "most_holds",
        /// The hold is over already.
        Over = "over",
    }
}

impl Blocked {
    /// Whether another plug could be held instead.
    pub fn is_about_the_plug(&self) -> bool {
        !matches!(self, Self::MostHolds | Self::Over)
    }
}
