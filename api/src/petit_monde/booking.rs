//! A plug for a time that comes.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::{Decimal, rounded_if_any},
    money::Currency,
    time::Instant,
    word::open_words,
};

/// How far ahead a booking begins at least, in minutes.
pub const AHEAD_MINUTES: i64 = 15;

/// `POST /api/v1/client/bookings`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BookingRequest {
    /// Where.
    pub location_id: String,
    /// Which plug.
    pub evse_uid: String,
    /// Which of its cables: a number, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connector_id: Option<String>,
    /// From when.
    pub reservation_start: Instant,
    /// Until when.
    pub reservation_end: Instant,
    /// What the caller knows it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// With whose token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_strategy: Option<TokenStrategy>,
    /// Whose token, by who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Whose token, by the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
    /// Whose group's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fleet_group_id: Option<String>,
}

open_words! {
    /// With whose token a booking is used.
    pub enum TokenStrategy {
        /// That of one driver.
        DriverToken = "driver_token",
        /// One of a group, whoever of it comes.
        GroupToken = "group_token",
        /// One that is made for this booking only.
        AdHoc = "ad_hoc",
    }
}

/// Why a request fits no strategy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unfit {
    /// A driver's token was to be used, and nothing says whose.
    NoDriver,
    /// A group's token was to be used, and nothing says which group's.
    NoGroup,
    /// It names somebody whom this strategy has no use for.
    Foreign,
    /// Nobody knows the strategy.
    Unknown,
}

impl BookingRequest {
    /// The strategy that is meant: what isn't said follows from who is named.
    pub fn strategy(&self) -> TokenStrategy {
        self.token_strategy.clone().unwrap_or_else(|| {
            if self.fleet_group_id.is_some() {
                TokenStrategy::GroupToken
            } else if self.names_a_driver() {
                TokenStrategy::DriverToken
            } else {
                TokenStrategy::AdHoc
            }
        })
    }

    /// Whether it names exactly those whom its strategy needs.
    pub fn check_strategy(&self) -> Result<(), Unfit> {
        let (driver, group) = (self.names_a_driver(), self.fleet_group_id.is_some());
        match (self.strategy(), driver, group) {
            (TokenStrategy::DriverToken, true, false)
            | (TokenStrategy::GroupToken, false, true)
            | (TokenStrategy::AdHoc, false, false) => Ok(()),
            (TokenStrategy::Other(_), ..) => Err(Unfit::Unknown),
            (TokenStrategy::DriverToken, false, _) => Err(Unfit::NoDriver),
            (TokenStrategy::GroupToken, _, false) => Err(Unfit::NoGroup),
            _ => Err(Unfit::Foreign),
        }
    }

    fn names_a_driver(&self) -> bool {
        self.customer_id.is_some() || self.token_id.is_some()
    }
}

open_words! {
    /// How far a booking is.
    pub enum BookingStatus {
        /// It was asked for.
        Requested = "REQUESTED",
        /// The operator was asked.
        Pending = "PENDING",
        /// The plug is kept for the time.
        Confirmed = "CONFIRMED",
        /// The driver is there.
        Attending = "ATTENDING",
        /// The driver was there.
        Completed = "COMPLETED",
        /// It lapsed.
        Expired = "EXPIRED",
        /// It was given up.
        Cancelled = "CANCELLED",
        /// Nobody came.
        NoShow = "NO_SHOW",
        /// The operator doesn't want it.
        Rejected = "REJECTED",
        /// It couldn't be made.
        Failed = "FAILED",
    }
}

impl BookingStatus {
    /// Whether nothing more will happen. A word nobody knows may not be the last.
    pub fn is_over(&self) -> bool {
        use BookingStatus::{Cancelled, Completed, Expired, Failed, NoShow, Rejected};
        matches!(
            self,
            Completed | Expired | Cancelled | NoShow | Rejected | Failed
        )
    }

    /// Whether it can be given up.
    pub fn can_be_cancelled(&self) -> bool {
        matches!(self, Self::Requested | Self::Pending | Self::Confirmed)
    }

    /// Whether giving it up may cost something.
    pub fn may_cost_to_cancel(&self) -> bool {
        *self == Self::Confirmed
    }
}

/// A booking.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Booking {
    /// A UUID.
    pub id: String,
    /// What the caller knows it by.
    #[serde(default)]
    pub external_id: Option<String>,
    /// How far it is.
    pub status: BookingStatus,
    /// Since when.
    #[serde(default)]
    pub status_updated_at: Option<Instant>,
    /// Where.
    #[serde(default)]
    pub location_id: Option<String>,
    /// Where, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_name: Option<String>,
    /// Where, by town.
    #[serde(default)]
    pub location_city: Option<String>,
    /// By whose clock its times are read there; Petit Monde itself doesn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_time_zone: Option<String>,
    /// Whose plug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpo_name: Option<String>,
    /// Which plug.
    #[serde(default)]
    pub evse_uid: Option<String>,
    /// Which of its cables.
    #[serde(default)]
    pub connector_id: Option<String>,
    /// From when.
    #[serde(default)]
    pub reservation_start: Option<Instant>,
    /// Until when.
    #[serde(default)]
    pub reservation_end: Option<Instant>,
    /// With whose token.
    #[serde(default)]
    pub token_strategy: Option<TokenStrategy>,
    /// Whose group's.
    #[serde(default)]
    pub fleet_group_id: Option<String>,
    /// Whose.
    #[serde(default)]
    pub customer_id: Option<String>,
    /// Which.
    #[serde(default)]
    pub token_id: Option<String>,
    /// What it costs whoever booked, in the major unit; `None` until known.
    #[serde(default, deserialize_with = "rounded_if_any")]
    pub client_price: Option<Decimal>,
    /// Of the price.
    #[serde(default)]
    pub client_price_currency: Option<Currency>,
    /// What the operator knows it by, once it is confirmed.
    #[serde(default)]
    pub cpo_reservation_id: Option<String>,
    /// Why it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
    /// A guest's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<GuestToken>,
    /// When it was asked for.
    #[serde(default)]
    pub created_at: Option<Instant>,
    /// When anything about it changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Instant>,
}

/// A token that works for one booking only.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct GuestToken {
    /// What a guest shows at the plug.
    pub uid: String,
    /// `AD_HOC_USER`.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    /// From when it works.
    #[serde(default)]
    pub valid_from: Option<Instant>,
    /// Until when.
    #[serde(default)]
    pub valid_until: Option<Instant>,
}

/// `GET /api/v1/client/bookings`: the newest first.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bookings {
    /// Those of this page.
    pub bookings: Vec<Booking>,
    /// How many there are in all; Petit Monde itself doesn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// How many at most are in a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// How many stand before this page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
}

/// `POST /api/v1/client/bookings/{id}/cancel`; all of it may be missing.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cancellation {
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(extra: &str) -> BookingRequest {
        let text = format!(
            r#"{{ "location_id": "L", "evse_uid": "E", "connector_id": "1",
                "reservation_start": "2026-05-14T06:00:00Z",
                "reservation_end": "2026-05-14T07:30:00Z" {extra} }}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_strategy_takes_whom_it_needs_and_nobody_else() {
        use Unfit::{Foreign, NoDriver, NoGroup, Unknown};
        for (extra, fits) in [
            (
                r#", "token_strategy": "driver_token", "customer_id": "c""#,
                Ok(()),
            ),
            (
                r#", "token_strategy": "driver_token", "token_id": "t""#,
                Ok(()),
            ),
            (r#", "token_strategy": "driver_token""#, Err(NoDriver)),
            (
                r#", "token_strategy": "driver_token", "token_id": "t", "fleet_group_id": "g""#,
                Err(Foreign),
            ),
            (
                r#", "token_strategy": "group_token", "fleet_group_id": "g""#,
                Ok(()),
            ),
            (
                r#", "token_strategy": "group_token", "customer_id": "c""#,
                Err(NoGroup),
            ),
            (
                r#", "token_strategy": "group_token", "fleet_group_id": "g", "token_id": "t""#,
                Err(Foreign),
            ),
            (r#", "token_strategy": "ad_hoc""#, Ok(())),
            (
                r#", "token_strategy": "ad_hoc", "customer_id": "c""#,
                Err(Foreign),
            ),
            (r#", "token_strategy": "shared""#, Err(Unknown)),
            (
                r#", "customer_id": "c", "fleet_group_id": "g""#,
                Err(Foreign),
            ),
            ("", Ok(())),
        ] {
            assert_eq!(request(extra).check_strategy(), fits, "{extra}");
        }
    }

    #[test]
    fn what_is_not_said_follows_from_who_is_named() {
        assert_eq!(request("").strategy(), TokenStrategy::AdHoc);
        let named = request(r#", "fleet_group_id": "g""#);
        assert_eq!(named.strategy(), TokenStrategy::GroupToken);
        let named = request(r#", "token_id": "t""#);
        assert_eq!(named.strategy(), TokenStrategy::DriverToken);
    }

    #[test]
    fn a_connector_goes_out_as_text_and_nothing_unsaid_goes_out() {
        let text = serde_json::to_string(&request("")).unwrap();
        assert!(text.contains(r#""connector_id":"1""#), "{text}");
        assert!(!text.contains("null"), "{text}");
    }

    #[test]
    fn a_booking_is_read_also_with_a_status_nobody_documented() {
        let text = r#"{ "id": "0f6f2d7e", "external_id": null, "status": "ON_HOLD",
            "client_price": 14.30, "client_price_currency": "EUR", "surprise": 1,
            "token": { "uid": "04C5", "type": "AD_HOC_USER" } }"#;
        let booking: Booking = serde_json::from_str(text).unwrap();
        assert_eq!(booking.client_price, Some(Decimal::new(1430, 2)));
        assert!(!booking.status.is_over() && !booking.status.can_be_cancelled());
        assert_eq!(booking.token.unwrap().uid, "04C5");
    }

    #[test]
    fn each_status_is_over_or_can_be_cancelled_or_is_under_way() {
        let over = BookingStatus::KNOWN
            .iter()
            .filter(|status| status.is_over());
        assert_eq!(over.count(), 6);
        let words = BookingStatus::KNOWN.iter();
        let words: Vec<_> = words
            .filter(|status| status.can_be_cancelled())
            .map(BookingStatus::as_str)
            .collect();
        assert_eq!(words, ["REQUESTED", "PENDING", "CONFIRMED"]);
        assert!(BookingStatus::Confirmed.may_cost_to_cancel());
        assert!(!BookingStatus::Pending.may_cost_to_cancel());
    }
}
