//! Drivers who share tokens and what they may spend.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::{Decimal, rounded_if_any},
    money::Currency,
    time::{Day, Instant, Month},
    word::open_words,
};

/// How many tokens are made at once at most.
pub const MOST_TOKENS: u32 = 500;

/// From so many percent of the limit on, people are told.
pub const NEARLY_PERCENT: i64 = 80;

/// A fleet group.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Group {
    /// What it is known by.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it may spend in a month, in the major unit; `None` is no limit.
    #[serde(default, deserialize_with = "rounded_if_any")]
    pub monthly_limit: Option<Decimal>,
    /// What one booking may cost; `None` is no limit.
    #[serde(default, deserialize_with = "rounded_if_any")]
    pub per_session_limit: Option<Decimal>,
    /// Of every amount in it.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// What this month has cost so far.
    #[serde(default, deserialize_with = "rounded_if_any")]
    pub spent_this_month: Option<Decimal>,
    /// How many tokens it shares.
    #[serde(default)]
    pub token_count: u64,
    /// Since when there is such a group.
    #[serde(default)]
    pub created_at: Option<Instant>,
}

/// `GET /api/v1/fleet/groups`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Groups {
    /// By name.
    pub groups: Vec<Group>,
}

/// `POST /api/v1/fleet/groups`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// 1 to 100 characters.
    pub name: String,
    /// What it may spend in a month, in the major unit; `None` is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly_limit: Option<Decimal>,
    /// What one charge may cost; `None` is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_session_limit: Option<Decimal>,
    /// Of every amount in it; euros if it isn't said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
}

/// `PATCH /api/v1/fleet/groups/{id}`: what is `None` stays as it is.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GroupChange {
    /// 1 to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Both at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

/// What a group may spend.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// In a month, in the major unit; `None` is no limit.
    #[serde(default)]
    pub monthly_limit: Option<Decimal>,
    /// In one charge; `None` is no limit.
    #[serde(default)]
    pub per_session_limit: Option<Decimal>,
}

/// `GET /api/v1/fleet/groups/{id}/usage`: who charged what in a month.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Usage {
    /// Whose.
    pub group_id: String,
    /// By the group's calendar.
    pub month: Month,
    /// Of every amount in it.
    pub currency: Currency,
    /// What was paid, in the major unit.
    pub spent: Decimal,
    /// What of it nothing here belongs to: booked with the system that keeps the sum, but not
    /// through this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked_elsewhere: Option<Decimal>,
    /// What is set aside for what is open.
    pub held: Decimal,
    /// How many charges there were and will be.
    pub charges: u64,
    /// By whoever booked, the most first; charges that nobody booked come without a name.
    pub by_member: Vec<Share>,
    /// By the token that was shown, the most first; without a name before one was.
    pub by_token: Vec<Share>,
    /// By day, the first first; days without charges are left out.
    pub by_day: Vec<DayShare>,
}

/// What somebody or something charged.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Share {
    /// Of a person or a token; `None` if it isn't known.
    #[serde(default)]
    pub id: Option<String>,
    /// What they are called.
    #[serde(default)]
    pub name: Option<String>,
    /// How many charges.
    pub charges: u64,
    /// What was paid for them.
    pub spent: Decimal,
    /// What is set aside for those that are open.
    pub held: Decimal,
}

/// What was charged on a day.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct DayShare {
    /// By the group's calendar.
    pub day: Day,
    /// How many charges.
    pub charges: u64,
    /// What was paid for them.
    pub spent: Decimal,
    /// What is set aside for those that are open.
    pub held: Decimal,
}

/// `POST /api/v1/fleet/groups/{id}/tokens/bulk`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BulkTokens {
    /// How many, from 1 to [`MOST_TOKENS`].
    pub count: u32,
    /// Cards or numbers.
    #[serde(rename = "type")]
    pub kind: TokenKind,
    /// What their labels begin with, before a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_prefix: Option<String>,
}

/// The tokens that were made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct MadeTokens {
    /// Whose.
    pub group_id: String,
    /// How many.
    pub created: u32,
    /// All of them.
    pub tokens: Vec<Token>,
}

/// A token that a group shares.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Token {
    /// What it is known by.
    pub id: String,
    /// What is shown at the plug.
    pub uid: String,
    /// A card or a number.
    #[serde(rename = "type")]
    pub kind: TokenKind,
    /// Whether it works.
    pub status: TokenStatus,
    /// What is written on it.
    #[serde(default)]
    pub label: Option<String>,
    /// Since when there is such a token.
    #[serde(default)]
    pub created_at: Option<Instant>,
}

open_words! {
    /// What a token is.
    pub enum TokenKind {
        /// A card.
        Rfid = "RFID",
        /// A number on a screen.
        Virtual = "VIRTUAL",
    }
}

open_words! {
    /// Whether a token works.
    pub enum TokenStatus {
        /// It does.
        Active = "ACTIVE",
        /// It doesn't any more.
        Blocked = "BLOCKED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_without_limits_is_read() {
        let text = r#"{ "id": "group_lager_sued", "name": "Lager Süd", "monthly_limit": null,
            "currency": "EUR", "spent_this_month": 1810.40, "token_count": 12 }"#;
        let group: Group = serde_json::from_str(text).unwrap();
        assert_eq!((group.monthly_limit, group.per_session_limit), (None, None));
        assert_eq!(group.spent_this_month, Some(Decimal::new(181_040, 2)));
    }

    #[test]
    fn tokens_go_out_and_come_back_as_documented() {
        let asked = BulkTokens {
            count: 5,
            kind: TokenKind::Rfid,
            label_prefix: Some("Transporter ".into()),
        };
        let text = serde_json::to_string(&asked).unwrap();
        assert_eq!(
            text,
            r#"{"count":5,"type":"RFID","label_prefix":"Transporter "}"#
        );
        let made = r#"{ "group_id": "g", "created": 1, "tokens": [ { "id": "tok_81f0",
            "uid": "04C5D1AA22", "type": "RFID", "status": "ACTIVE", "label": "Transporter 1",
            "created_at": "2026-05-01T09:00:00Z" } ] }"#;
        let made: MadeTokens = serde_json::from_str(made).unwrap();
        assert_eq!(made.tokens[0].kind, TokenKind::Rfid);
        assert_eq!(made.tokens[0].status, TokenStatus::Active);
    }
}
