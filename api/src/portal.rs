//! The shapes of our own paths under `/api/portal`; `detail`: all about one
//! session; [`disputes`]: what came of saying that a cost is wrong;
//! [`charge_points`]: where one can charge; [`holds`]: what is held for whom; [`bookings`]:
//! what is booked ahead; [`groups`]: those who share tokens; [`events`]: what changes while
//! somebody looks.

pub mod bookings;
pub mod charge_points;
mod detail;
pub mod disputes;
pub mod events;
pub mod groups;
pub mod holds;

use serde::{Deserialize, Serialize};

pub use self::detail::{Current, Payment, Reading, Receipt, SessionDetail};
use crate::{
    decimal::Decimal,
    language::Language,
    money::Currency,
    time::{Instant, Month},
};

/// `POST /api/portal/sign-in`.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Any case, spaces around it don't count.
    pub email: String,
    /// Exactly as typed.
    pub password: String,
    /// Somebody else uses this device too: nothing is kept on it, and the
    /// session ends with the browser's.
    #[serde(default)]
    pub shared_device: bool,
}

/// Who is signed in, and what they may see: `GET /api/portal/me`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Me {
    /// Prefix `usr_`.
    pub id: String,
    /// As they want to be called.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// The parts of the portal they have a use for, in the order of the tabs.
    pub tabs: Vec<Tab>,
    /// How they want the portal to be.
    pub preferences: Preferences,
    /// Whether what they read may be kept on this device.
    pub keep_on_device: bool,
    /// The groups they are in, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<groups::Named>,
    /// Whether they may make one.
    #[serde(default)]
    pub makes_groups: bool,
    /// Whether plugs are booked at a real Petit Monde, at whatever places it knows.
    #[serde(default)]
    pub books_elsewhere: bool,
    /// The server's clock.
    pub now: Instant,
}

/// The most characters of an address on receipts.
pub const ADDRESS_LONGEST: usize = 300;

/// The most characters of a VAT number.
pub const VAT_ID_LONGEST: usize = 30;

/// What stands on somebody's receipts beside their name: `/api/portal/me/billing`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Billing {
    /// Lines.
    pub address: Option<String>,
    /// The number that tax authorities know them by.
    pub vat_id: Option<String>,
}

/// A part of the portal.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tab {
    /// `/`
    Home,
    /// `/sessions`
    Sessions,
    /// `/chargers`
    Charge,
    /// `/groups`
    Group,
    /// `/desk/disputes`
    Desk,
    /// `/account`
    Account,
    /// A tab that this program doesn't know yet.
    #[serde(other)]
    Unknown,
}

/// How somebody wants the portal to be.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// `None` follows the browser.
    pub language: Option<Language>,
    /// Light, dark, or as the system says.
    pub look: Look,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Look {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Its word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// `PATCH /api/portal/me`: what is `None` stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MeChange {
    /// 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// All of them at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferences: Option<Preferences>,
}

/// `GET /api/portal/devices`: where they are signed in, the newest use first.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Devices {
    /// This one among them.
    pub devices: Vec<Device>,
}

/// A browser somebody is signed in with.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Device {
    /// Prefix `dev_`; not the session's secret.
    pub id: String,
    /// Whether the request came from it.
    pub current: bool,
    /// The browser, such as `Firefox`; `None` if it doesn't say.
    #[serde(default)]
    pub browser: Option<String>,
    /// The system it runs on, such as `Android`; `None` if it doesn't say.
    #[serde(default)]
    pub system: Option<String>,
    /// When they signed in.
    pub signed_in_at: Instant,
    /// When it was last used, to about a quarter of an hour.
    pub last_seen_at: Instant,
}

/// `POST /api/portal/password-reset`: always answered with 202.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    /// Who forgot it.
    pub email: String,
    /// The letter's language, if the person has set none.
    #[serde(default)]
    pub language: Language,
}

/// `POST /api/portal/password-reset/confirm`: 204, and every device is signed out.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ResetConfirm {
    /// From the letter's link.
    pub token: String,
    /// The new one.
    pub password: String,
}

/// The fewest characters of a password.
pub const PASSWORD_SHORTEST: usize = 8;

/// The most characters of a password.
pub const PASSWORD_LONGEST: usize = 128;

/// The most characters of a name.
pub const NAME_LONGEST: usize = 100;

/// `GET /api/portal/sessions/summary`: what the filtered sessions add up to.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SessionSummary {
    /// How many sessions the filter lets through.
    pub total: u64,
    /// By month, newest first, months without sessions left out.
    pub months: Vec<MonthTotals>,
    /// Every place the driver ever charged at, by name, whatever the filter.
    pub sites: Vec<Site>,
    /// What is new about the driver's disputes, whatever the filter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputes: Vec<DisputeNews>,
}

/// A dispute that waits for its driver, or was decided lately.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DisputeNews {
    /// Prefix `disp_`.
    pub dispute_id: String,
    /// The name of the place; empty if nobody knows.
    pub place: String,
    /// Whether it is decided; else the operator waits for an answer.
    pub decided: bool,
    /// What is given back, if it is decided so.
    #[serde(default)]
    pub credit: Option<Cost>,
}

/// What the sessions of one month add up to.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct MonthTotals {
    /// By the places' calendars.
    pub month: Month,
    /// How many.
    pub sessions: u64,
    /// What went into the car.
    pub energy_kwh: Decimal,
    /// What they cost, per currency, by code.
    pub costs: Vec<Cost>,
}

/// An amount on the wire of our own paths.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Cost {
    /// In the major unit.
    pub amount: Decimal,
    /// Of the amount.
    pub currency: Currency,
}

/// A place where one can charge.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Site {
    /// Prefix `site_`.
    pub site_id: String,
    /// Its name; the id if it has none.
    pub name: String,
}
