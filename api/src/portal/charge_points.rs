//! Where one can charge: `GET /api/portal/charge-points`.

use serde::{Deserialize, Serialize};

use super::Current;
use crate::{decimal::Decimal, money::Currency, time::Instant, word::open_words};

/// Some charge points: the nearest first, else by place and number.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ChargePointPage {
    /// From `offset` on, `limit` at most.
    pub charge_points: Vec<ChargePoint>,
    /// How many there are in all.
    pub total: u64,
    /// The server's clock.
    pub now: Instant,
}

/// A charge point: `GET /api/portal/charge-points/{id}`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ChargePoint {
    /// What stands on its sticker.
    pub charge_point_id: String,
    /// Where it stands.
    pub place: Place,
    /// How far it is from the position that was asked about, in metres.
    #[serde(default)]
    pub distance_m: Option<u32>,
    /// Its connectors, number 1 first.
    pub connectors: Vec<Connector>,
}

/// Where a charge point stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Place {
    /// Prefix `site_`.
    pub site_id: String,
    /// What people call it.
    pub name: String,
    /// Street, number and town.
    #[serde(default)]
    pub address: Option<String>,
    /// Who runs it.
    #[serde(default)]
    pub operator: Option<String>,
    /// Its IANA time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// On the map.
    #[serde(default)]
    pub position: Option<Position>,
    /// When one can get in; empty: always, or nobody says (`open`).
    #[serde(default)]
    pub hours: Vec<Opening>,
    /// Whether one can get in now; `None` if nobody says.
    #[serde(default)]
    pub open: Option<bool>,
}

/// On the map, in degrees.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Position {
    /// North of the equator.
    pub latitude: Decimal,
    /// East of Greenwich.
    pub longitude: Decimal,
}

/// A day on which one can get in, by the place's clock.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Opening {
    /// 1 for Monday to 7 for Sunday.
    pub day: u8,
    /// In minutes after midnight.
    pub from_minute: u16,
    /// In minutes after midnight, up to 1440.
    pub to_minute: u16,
}

/// A connector of a charge point, as it is now.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Connector {
    /// From 1.
    pub connector_id: u32,
    /// Its number in the world.
    #[serde(default)]
    pub evse_id: Option<String>,
    /// What fits.
    #[serde(default)]
    pub plug: Option<Plug>,
    /// What flows.
    #[serde(default)]
    pub current: Option<Current>,
    /// The most it delivers.
    #[serde(default)]
    pub power_kw: Option<Decimal>,
    /// What it is doing.
    pub state: ConnectorState,
    /// Since when, if anybody knows.
    #[serde(default)]
    pub since: Option<Instant>,
    /// Whether its charge point takes holds.
    pub reservable: bool,
    /// The caller's own hold of it.
    #[serde(default)]
    pub my_reservation_id: Option<String>,
    /// What charging there costs, if anybody knows.
    #[serde(default)]
    pub terms: Option<Terms>,
}

open_words! {
    /// What fits into a car.
    pub enum Plug {
        /// Alternating current in Europe.
        Type2 = "type2",
        /// Direct current in Europe and America.
        Ccs = "ccs",
        /// Direct current, from Japan.
        Chademo = "chademo",
    }
}

/// Each plug's name in OCPI.
const IN_OCPI: [(Plug, &str); 3] = [
    (Plug::Type2, "IEC_62196_T2"),
    (Plug::Ccs, "IEC_62196_T2_COMBO"),
    (Plug::Chademo, "CHADEMO"),
];

impl Plug {
    /// Its name in OCPI; of one that isn't known, its word.
    pub fn ocpi(&self) -> &str {
        let found = IN_OCPI.iter().find(|(plug, _)| plug == self);
        found.map_or(self.as_str(), |(_, name)| name)
    }

    /// The plug of a name in OCPI.
    pub fn of_ocpi(name: &str) -> Self {
        let found = IN_OCPI
            .iter()
            .find(|(_, known)| known.eq_ignore_ascii_case(name));
        found.map_or_else(|| Self::of_word(name), |(plug, _)| plug.clone())
    }
}

open_words! {
    /// What a connector is doing.
    pub enum ConnectorState {
        /// Free.
        Available = "available",
        /// A car is plugged in.
        Occupied = "occupied",
        /// Held for somebody.
        Reserved = "reserved",
        /// Broken.
        Faulted = "faulted",
        /// Out of service.
        Unavailable = "unavailable",
        /// The charge point cannot be reached.
        Offline = "offline",
    }
}

impl ConnectorState {
    /// Whether it is worth asking for: free, or nobody knows.
    pub const fn may_be_free(&self) -> bool {
        matches!(self, Self::Available | Self::Other(_))
    }
}

/// What charging costs.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Terms {
    /// What the operator calls it.
    pub name: String,
    /// Of every price in it.
    pub currency: Currency,
    /// For a kilowatt-hour.
    pub per_kwh: Decimal,
    /// For a minute of charging.
    pub per_minute: Decimal,
    /// For the session as such.
    pub per_session: Decimal,
    /// For a minute in which the car is plugged in and no longer charges.
    pub idle_per_minute: Decimal,
    /// How many minutes of that are free.
    pub idle_free_minutes: u32,
    /// What of every price is tax, in percent of the rest.
    pub tax_percent: Decimal,
    /// Other prices at certain times. Where several apply, the first one counts.
    #[serde(default)]
    pub at_times: Vec<TimedPrice>,
}

/// Another price at certain times.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TimedPrice {
    /// What the operator calls it.
    pub name: String,
    /// What for: `energy`, `time` or `parking`.
    pub part: String,
    /// For a kilowatt-hour or a minute.
    pub price: Decimal,
    /// On which days it begins: 1 for Monday to 7 for Sunday.
    pub days: Vec<u8>,
    /// In minutes after midnight, by the place's clock.
    pub from_minute: u16,
    /// In minutes after midnight; before the start: on the next day.
    pub to_minute: u16,
}
