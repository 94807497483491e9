//! Where one can book a plug.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::{Decimal, rounded, rounded_if_any},
    money::Currency,
    word::open_words,
};

/// How far around, in kilometres, unless asked otherwise.
pub const USUAL_RADIUS_KM: u32 = 50;

/// How far around at most.
pub const LARGEST_RADIUS_KM: u32 = 200;

/// `GET /api/v1/client/search`: the nearest first.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SearchPage {
    /// Where.
    #[serde(default)]
    pub results: Vec<Location>,
    /// How many there are in all.
    #[serde(default)]
    pub total: u64,
    /// What each operator answered.
    #[serde(default)]
    pub cpo_results: Vec<OperatorAnswer>,
}

/// A place with plugs.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Location {
    /// `DE-XXX-E123456`.
    pub location_id: String,
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// Street and number.
    #[serde(default)]
    pub address: Option<String>,
    /// Its town.
    #[serde(default)]
    pub city: Option<String>,
    /// Where on earth.
    #[serde(default)]
    pub coordinates: Option<Coordinates>,
    /// From where somebody searched.
    #[serde(default, deserialize_with = "rounded_if_any")]
    pub distance_km: Option<Decimal>,
    /// Who runs it.
    #[serde(default)]
    pub cpo_name: Option<String>,
    /// Who runs it, in three letters.
    #[serde(default)]
    pub cpo_party_id: Option<String>,
    /// Only then can it be booked.
    #[serde(default)]
    pub supports_reservation: bool,
    /// Its plugs.
    #[serde(default)]
    pub evses: Vec<Evse>,
    /// What a booking would cost, here or at each plug.
    #[serde(default)]
    pub pricing: Option<Pricing>,
}

/// Where on earth, in degrees.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Coordinates {
    /// North of the equator.
    #[serde(deserialize_with = "rounded")]
    pub lat: Decimal,
    /// East of Greenwich.
    #[serde(deserialize_with = "rounded")]
    pub lng: Decimal,
}

/// What charges one car at a time.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Evse {
    /// `DE*XXX*E123456*1`.
    pub evse_uid: String,
    /// What it is doing.
    #[serde(default = "EvseStatus::unknown")]
    pub status: EvseStatus,
    /// What fits.
    #[serde(default)]
    pub connectors: Vec<EvseConnector>,
    /// What a booking would cost, where the location doesn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
}

/// A cable or a socket.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct EvseConnector {
    /// A number, as text.
    pub connector_id: String,
    /// What fits, by its OCPI name.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// At most.
    #[serde(default, deserialize_with = "rounded_if_any")]
    pub power_kw: Option<Decimal>,
}

/// What a booking would cost.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Pricing {
    /// In the major unit.
    #[serde(default, deserialize_with = "rounded_if_any")]
    pub estimated_price: Option<Decimal>,
    /// Euro unless said.
    #[serde(default)]
    pub currency: Option<Currency>,
}

/// What one operator answered to a search.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct OperatorAnswer {
    /// In three letters.
    #[serde(default)]
    pub cpo_party_id: Option<String>,
    /// By name.
    #[serde(default)]
    pub cpo_name: Option<String>,
    /// How many places.
    #[serde(default)]
    pub count: u64,
    /// How long it took.
    #[serde(default)]
    pub duration_ms: Option<u64>,
    /// Why there are none.
    #[serde(default)]
    pub error: Option<String>,
}

open_words! {
    /// What a plug is doing, in OCPI's words.
    pub enum EvseStatus {
        /// It can be booked.
        Available = "AVAILABLE",
        /// It doesn't start now.
        Blocked = "BLOCKED",
        /// A car charges.
        Charging = "CHARGING",
        /// It is broken or switched off.
        Inoperative = "INOPERATIVE",
        /// It is broken.
        OutOfOrder = "OUTOFORDER",
        /// It will be there.
        Planned = "PLANNED",
        /// It is no more.
        Removed = "REMOVED",
        /// Somebody has booked it for now.
        Reserved = "RESERVED",
        /// Nobody knows.
        Unknown = "UNKNOWN",
    }
}

impl EvseStatus {
    const fn unknown() -> Self {
        Self::Unknown
    }
}

impl Evse {
    /// Whether it can be booked: Petit Monde takes bookings of what is free now.
    pub fn can_be_booked(&self) -> bool {
        self.status == EvseStatus::Available
    }
}

impl Location {
    /// What a booking of a plug would cost: whichever of the two says so.
    pub fn price(&self, evse: &Evse) -> Option<Pricing> {
        let known = |pricing: &Pricing| pricing.estimated_price.is_some();
        evse.pricing.filter(known).or(self.pricing.filter(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"{ "results": [ { "location_id": "DE-NOV-E770011",
        "name": "Novastrom Bahnhof Nord", "address": "Gleisweg 4", "city": "Ulm",
        "coordinates": { "lat": 48.4, "lng": 9.98 }, "distance_km": 1.9, "cpo_name": "Novastrom",
        "cpo_party_id": "NOV", "supports_reservation": true, "evses": [
            { "evse_uid": "DE*NOV*E770011*1", "status": "AVAILABLE", "connectors": [
                { "connector_id": "1", "type": "IEC_62196_T2_COMBO", "power_kw": 150 } ] } ],
        "pricing": { "estimated_price": 14.30, "currency": "EUR" } } ], "total": 1,
        "cpo_results": [ { "cpo_party_id": "NOV", "count": 1, "duration_ms": 182, "error": null } ] }"#;

    #[test]
    fn a_page_is_read() {
        let page: SearchPage = serde_json::from_str(PAGE).unwrap();
        let location = &page.results[0];
        let evse = &location.evses[0];
        assert!(location.supports_reservation);
        assert_eq!(evse.status, EvseStatus::Available);
        assert_eq!(evse.connectors[0].connector_id, "1");
        let price = location.price(evse).unwrap();
        assert_eq!(price.estimated_price, Some(Decimal::new(1430, 2)));
    }

    #[test]
    fn what_floats_have_left_takes_no_place_away() {
        let text = PAGE
            .replace("1.9,", "13.600000000000001,")
            .replace("48.4", "48.400000000000006");
        let page: SearchPage = serde_json::from_str(&text).unwrap();
        assert_eq!(page.results[0].distance_km, Some(Decimal::new(136, 1)));
    }

    #[test]
    fn what_is_left_out_or_unknown_breaks_nothing() {
        let text = r#"{ "results": [ { "location_id": "L", "evses": [ { "evse_uid": "E",
            "status": "SLEEPING", "pricing": { "estimated_price": 2 } }, { "evse_uid": "F" } ] } ] }"#;
        let page: SearchPage = serde_json::from_str(text).unwrap();
        let location = &page.results[0];
        let [first, second] = location.evses.as_slice() else {
            panic!("two plugs");
        };
        assert!(
            !location.supports_reservation,
            "only what says so can be booked"
        );
        assert_eq!(first.status, EvseStatus::Other("SLEEPING".into()));
        assert_eq!(second.status, EvseStatus::Unknown);
        let price = location.price(first).unwrap();
        assert_eq!(price.estimated_price, Some(Decimal::new(2, 0)));
        assert_eq!(location.price(second), None);
    }
}
