//! Drivers who share tokens and what they may spend: `/api/portal/groups`.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    money::Currency,
    petit_monde::{
        group::{TokenKind, TokenStatus},
        usage::Usage,
    },
    time::{Instant, Month},
    word::open_words,
};

/// The most characters of a group's name, of a label and of a vehicle's name.
pub const LABEL_LONGEST: usize = 100;

/// A group by its name.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Named {
    /// Prefix `group_`.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// `GET /api/portal/groups`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct MyGroups {
    /// Those that the caller is in, by name.
    pub groups: Vec<MyGroup>,
    /// Whether they may make one.
    pub may_make: bool,
}

/// A group in a list.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct MyGroup {
    /// Prefix `group_`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether the caller looks after it.
    pub admin: bool,
    /// What it may spend.
    pub budget: Budget,
}

/// What a group may spend this month, and what of it is gone.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Budget {
    /// Of every amount in it.
    pub currency: Currency,
    /// By the group's calendar.
    pub month: Month,
    /// When the month ends.
    pub ends_at: Instant,
    /// In a month; `None` is no limit.
    #[serde(default)]
    pub monthly_limit: Option<Decimal>,
    /// In one charge; `None` is no limit.
    #[serde(default)]
    pub per_session_limit: Option<Decimal>,
    /// What was paid.
    pub spent: Decimal,
    /// What is set aside for open bookings and charges under way.
    pub held: Decimal,
    /// What is left, nothing if more is gone; `None` without a limit.
    #[serde(default)]
    pub left: Option<Decimal>,
    /// What the month will come to if it goes on like this, and no less than is booked.
    pub forecast: Decimal,
    /// When all this was true; `None` if the system that keeps it hasn't said yet.
    #[serde(default)]
    pub as_of: Option<Instant>,
}

/// `GET /api/portal/groups/{id}`: what the page shows above its lists.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct GroupPage {
    /// Prefix `group_`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it belongs to.
    pub organisation: String,
    /// Whose midnight ends the month; IANA.
    pub time_zone: String,
    /// Whether the caller looks after it.
    pub admin: bool,
    /// What it may spend.
    pub budget: Budget,
    /// Who looks after it, by name: whom to ask.
    pub admins: Vec<String>,
    /// How many are in it.
    pub members: u64,
    /// How many of its tokens work.
    pub tokens: u64,
    /// How many don't any more.
    pub blocked_tokens: u64,
    /// Where a real Petit Monde keeps its limits: how often that may still be asked, told
    /// to whoever looks after the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Usage>,
    /// Whether a real Petit Monde keeps its tokens: one that is blocked here only our own
    /// charge points refuse.
    #[serde(default)]
    pub tokens_elsewhere: bool,
}

/// Some of a group's members.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct MemberPage {
    /// By name, from `offset` on, `limit` at most.
    pub members: Vec<Member>,
    /// How many there are in all.
    pub total: u64,
}

/// Somebody in a group.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Member {
    /// Prefix `usr_`.
    pub person_id: String,
    /// As they want to be called.
    pub name: String,
    /// Told to whoever looks after the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether they look after it.
    pub admin: bool,
    /// Since when.
    pub added_at: Instant,
}

/// `POST …/members`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Of somebody in the group's organisation.
    pub email: String,
    /// Whether they are to look after it.
    #[serde(default)]
    pub admin: bool,
}

/// `PATCH …/members/{person}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    /// Whether they are to look after it.
    pub admin: bool,
}

/// Some of a group's tokens.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TokenPage {
    /// In the order they were made, from `offset` on, `limit` at most.
    pub tokens: Vec<GroupToken>,
    /// How many there are in all.
    pub total: u64,
}

/// A token that a group shares.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct GroupToken {
    /// Prefix `tok_`.
    pub id: String,
    /// What is shown at the plug. Of a card only whoever looks after the group is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// A card or a number.
    pub kind: TokenKind,
    /// Whether it works.
    pub status: TokenStatus,
    /// What is written on it.
    pub label: String,
    /// The vehicle that it lies in.
    #[serde(default)]
    pub vehicle: Option<String>,
    /// When it was blocked.
    #[serde(default)]
    pub blocked_at: Option<Instant>,
    /// Why.
    #[serde(default)]
    pub reason: Option<BlockedFor>,
    /// The token in its place.
    #[serde(default)]
    pub replaced_by: Option<String>,
    /// Since when there is such a token.
    pub created_at: Instant,
}

open_words! {
    /// Why a token was blocked.
    pub enum BlockedFor {
        /// Somebody said that it is lost.
        Lost = "lost",
        /// Another one took its place.
        Replaced = "replaced",
    }
}

/// `PATCH …/tokens/{token}`: both at once.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TokenChange {
    /// 1 to [`LABEL_LONGEST`] characters.
    pub label: String,
    /// `None` is none.
    #[serde(default)]
    pub vehicle: Option<String>,
}

/// Some of the charges on a group's account.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ChargePage {
    /// The newest first, from `offset` on, `limit` at most.
    pub charges: Vec<GroupCharge>,
    /// How many there are in all.
    pub total: u64,
}

/// A charge on a group's account: booked, under way or over.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct GroupCharge {
    /// Of the booking, or of the session if nobody booked.
    pub reference: String,
    /// When it begins or began.
    pub at: Instant,
    /// Whether it is still to be paid: then `amount` is what is set aside.
    pub open: bool,
    /// What it cost, or is thought to cost.
    pub amount: Decimal,
    /// Of the amount.
    pub currency: Currency,
    /// Whether the caller booked it.
    pub mine: bool,
    /// Whoever booked it, told to whoever looks after the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// What is written on the token that was shown.
    #[serde(default)]
    pub token_label: Option<String>,
    /// The vehicle that it lies in.
    #[serde(default)]
    pub vehicle: Option<String>,
    /// The name of the place.
    #[serde(default)]
    pub place: Option<String>,
    /// The place's time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<Instant>,
    /// Whether it was ended because it had reached what the group may spend.
    #[serde(default)]
    pub ended_at_limit: bool,
    /// What went into the car.
    #[serde(default)]
    pub energy_kwh: Option<Decimal>,
}
