//! Booking ahead, with what Petit Monde doesn't tell of it.

use serde::{Deserialize, Serialize};

use super::{Cost, charge_points::ChargePoint};
use crate::{
    language::Language,
    money::Currency,
    petit_monde::booking::{Booking, TokenStrategy},
    time::Instant,
    word::open_words,
};

/// So many minutes before it begins a booked plug is held at the charge point.
pub const HELD_EARLIER_MINUTES: i64 = 15;

/// One booking: `GET /api/portal/bookings/{id}`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BookingDetail {
    /// As Petit Monde tells it.
    pub booking: Booking,
    /// Where, with the one connector that is booked.
    #[serde(default)]
    pub charge_point: Option<ChargePoint>,
    /// The group that pays, by name.
    #[serde(default)]
    pub group_name: Option<String>,
    /// What can be shown at the plug, the usual one first.
    #[serde(default)]
    pub tokens: Vec<ShownToken>,
    /// From when the charge point is asked to hold the plug.
    #[serde(default)]
    pub held_from: Option<Instant>,
    /// Whether it holds the plug now.
    #[serde(default)]
    pub held: bool,
    /// What giving it up costs; `None` where it can't be given up.
    #[serde(default)]
    pub cancelling: Option<Cancelling>,
    /// What not coming costs.
    #[serde(default)]
    pub no_show_fee: Option<Cost>,
    /// Why it was refused, failed or was cut short.
    #[serde(default)]
    pub trouble: Option<BookingTrouble>,
    /// The session that it became, if it is the caller's own.
    #[serde(default)]
    pub session_id: Option<String>,
    /// Whether a link was made for a guest; `None` where none can be.
    #[serde(default)]
    pub guest_link: Option<bool>,
    /// The server's clock.
    pub now: Instant,
}

/// A token that opens a booked plug.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ShownToken {
    /// Its number; `None` for a card, which one has in the hand.
    #[serde(default)]
    pub uid: Option<String>,
    /// What people call it.
    #[serde(default)]
    pub label: Option<String>,
    /// What it is.
    pub kind: TokenKind,
}

open_words! {
    /// What a token is.
    pub enum TokenKind {
        /// A card to hold to the reader.
        Card = "card",
        /// A number to show.
        Virtual = "virtual",
        /// The portal itself: it stands for the driver's e-mail address.
        Portal = "portal",
        /// A guest's number.
        Guest = "guest",
    }
}

/// What giving a booking up costs.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Cancelling {
    /// Now.
    pub costs: Cost,
    /// Whether it may cost something all the same, which only the operator knows.
    #[serde(default)]
    pub may_cost: bool,
    /// From then on.
    #[serde(default)]
    pub fee_from: Option<Instant>,
    /// So much.
    #[serde(default)]
    pub fee: Option<Cost>,
}

open_words! {
    /// Why a booking was refused or failed, was cut short, or was given up for its driver.
    pub enum BookingTrouble {
        /// The charger takes no reservations.
        Unsupported = "unsupported",
        /// The charger is broken.
        Faulted = "faulted",
        /// The operator has taken it out of service.
        Unavailable = "unavailable",
        /// One can't get in then.
        Closed = "closed",
        /// Nobody can charge there any more.
        NoTariff = "no_tariff",
        /// It wasn't confirmed before its time was over.
        TooLate = "too_late",
        /// It was given up: whoever booked had left the group that was to pay.
        LeftGroup = "left_group",
        /// The charge was ended: the group may not spend more on it.
        GroupLimit = "group_limit",
    }
}

/// How this person can book a plug:
/// `GET /api/portal/bookings/options?location_id&evse_uid&connector_id&start&end`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BookingOptions {
    /// What they may use, the suggested one first.
    pub choices: Vec<BookingChoice>,
    /// How long one may book there at most.
    pub longest_minutes: u32,
    /// How many days ahead that may begin at most.
    #[serde(default)]
    pub days_ahead: Option<u32>,
    /// Whether nobody has it then.
    pub free: bool,
    /// Whether one can't get in all that time.
    #[serde(default)]
    pub closed: bool,
    /// What it is thought to cost.
    #[serde(default)]
    pub estimate: Option<Cost>,
    /// Giving it up is free until so many minutes before it begins; `None` where only the
    /// operator knows what it costs.
    #[serde(default)]
    pub free_cancel_minutes: Option<u32>,
    /// What giving it up costs after that.
    #[serde(default)]
    pub late_cancel_fee: Option<Cost>,
    /// What not coming costs.
    #[serde(default)]
    pub no_show_fee: Option<Cost>,
    /// The server's clock.
    pub now: Instant,
}

/// With whose token somebody may book.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BookingChoice {
    /// How.
    pub strategy: TokenStrategy,
    /// Of `driver_token`: who.
    #[serde(default)]
    pub customer_id: Option<String>,
    /// Of `group_token`: whose.
    #[serde(default)]
    pub group_id: Option<String>,
    /// The group's name.
    #[serde(default)]
    pub group_name: Option<String>,
    /// What the group pays in.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// What the group may still spend that month; `None`: as much as it likes.
    #[serde(default)]
    pub left: Option<Cost>,
    /// What one booking of the group may cost; `None`: as much as it likes.
    #[serde(default)]
    pub most: Option<Cost>,
    /// What the group sets aside for it, where that is known: not using it may cost more
    /// than charging is thought to.
    #[serde(default)]
    pub set_aside: Option<Cost>,
    /// Whether it can be booked so.
    pub fits: bool,
}

/// `POST /api/portal/bookings/{id}/guest`: make a link for a guest; the one before works
/// no longer.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GuestLinkRequest {
    /// Where to send it, if it is to be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The letter's language.
    #[serde(default)]
    pub language: Language,
}

/// A link to hand over.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct GuestLink {
    /// Whoever has it sees the booking.
    pub link: String,
    /// Until when.
    pub valid_until: Instant,
    /// Whether a letter is on its way.
    pub sent: bool,
}

/// `POST /api/portal/guest`: what a guest's link shows.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GuestAsks {
    /// From the link.
    pub secret: String,
}

/// A booking as its guest sees it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct GuestBooking {
    /// As Petit Monde tells how far it is.
    pub status: crate::petit_monde::booking::BookingStatus,
    /// Where, with the one connector that is booked.
    pub charge_point: ChargePoint,
    /// From when.
    pub start: Instant,
    /// Until when.
    pub end: Instant,
    /// What to show at the plug; empty until the system behind the server has told it.
    pub uid: String,
    /// From when it works.
    pub valid_from: Instant,
    /// Whether the charge point holds the plug now.
    pub held: bool,
    /// The server's clock.
    pub now: Instant,
}
