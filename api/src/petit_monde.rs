//! The wire shapes of Petit Monde, the system of bookings and fleet groups, as it
//! documents them. What it leaves open is read tolerantly.

pub mod booking;
pub mod group;
pub mod search;
pub mod usage;

use serde::{Deserialize, Serialize};

/// How it says no: a sentence, with neither a code nor a field.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ErrorBody {
    /// In English.
    pub error: String,
}

/// The group's month would cost more than it may.
pub const LIMIT_EXCEEDED: &str = "Fleet group spending limit exceeded";

/// One booking would cost more than one may.
pub const SESSION_LIMIT_EXCEEDED: &str = "Estimated price exceeds per-session limit";

/// So many bookings of one's own stand that there may not be another.
pub const MOST_BOOKINGS: &str = "too many bookings are open";

/// So it begins where the real system was surely not brought to do anything: it can be
/// asked again, and nobody need look for what came of it.
pub const NOTHING_DONE: &str = "nothing was done";

/// Which of a group's limits a refusal speaks of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// That of the month.
    Monthly,
    /// That of one booking.
    PerSession,
}

impl ErrorBody {
    /// Whether the system behind the server surely did nothing.
    pub fn says_nothing_was_done(&self) -> bool {
        self.error.starts_with(NOTHING_DONE)
    }

    /// The limit it speaks of, if it does: only the sentence tells it from other
    /// refusals.
    pub fn limit(&self) -> Option<Limit> {
        let text = self.error.to_ascii_lowercase();
        if text.contains("spending limit") {
            Some(Limit::Monthly)
        } else if text.contains("per-session limit") {
            Some(Limit::PerSession)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_from_other_refusals_by_its_sentence() {
        for (text, limit) in [
            (LIMIT_EXCEEDED, Some(Limit::Monthly)),
            ("fleet group SPENDING LIMIT reached", Some(Limit::Monthly)),
            (SESSION_LIMIT_EXCEEDED, Some(Limit::PerSession)),
            ("Invalid latitude: must be between -90 and 90", None),
            ("Rate limit exceeded. Retry after 45 seconds.", None),
        ] {
            let body = ErrorBody { error: text.into() };
            assert_eq!(body.limit(), limit, "{text}");
        }
    }
}
