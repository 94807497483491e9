//! How often Petit Monde may still be asked.

use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// `GET /api/v1/client/usage`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Usage {
    /// Within a minute.
    #[serde(default)]
    pub rate_limit: Option<Period>,
    /// Within a month.
    #[serde(default)]
    pub quota: Option<Period>,
}

/// How many calls a time has.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Period {
    /// In all.
    #[serde(default)]
    pub limit: i64,
    /// Made so far; told of a month only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<i64>,
    /// Left.
    #[serde(default)]
    pub remaining: i64,
    /// `minute` or `month`.
    #[serde(default)]
    pub period: Option<String>,
    /// When there are more again.
    #[serde(default)]
    pub reset_at: Option<Instant>,
}
