//! What somebody is told of their calls.

use portal_api::{
    petit_monde::usage::{Period, Usage},
    time::Instant,
};

use super::count::Count;
use crate::{config::Allowance, embedded::quota::calendar::next_month};

/// Which count has no room for another call, and when it has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Full {
    /// That of the last sixty seconds.
    Minute(Instant),
    /// That of this month.
    Month(Instant),
}

/// How somebody's count stands after a call.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// How many calls a minute has.
    pub limit: i64,
    /// How many are left now.
    pub remaining: i64,
    /// When there are more, on a whole second.
    pub reset_at: Instant,
    count: Count,
    allowance: Allowance,
}

impl Standing {
    pub(super) fn new(count: Count, allowance: Allowance, now: Instant) -> Self {
        let (remaining, reset_at) = match count.full(allowance, now) {
            Some(Full::Month(at) | Full::Minute(at)) => (0, at),
            None => {
                let this_minute = allowance.a_minute - count.lately(now);
                let this_month = allowance.a_month - count.in_month;
                (this_minute.min(this_month), count.ends_at())
            }
        };
        Self {
            limit: allowance.a_minute,
            remaining,
            reset_at: Instant::from_millis((reset_at.millis() + 999) / 1_000 * 1_000),
            count,
            allowance,
        }
    }

    /// The same as Petit Monde tells it.
    pub fn usage(&self) -> Usage {
        let Allowance { a_minute, a_month } = self.allowance;
        let used = self.count.in_month;
        Usage {
            rate_limit: Some(Period {
                limit: a_minute,
                used: None,
                remaining: self.remaining,
                period: Some("minute".to_owned()),
                reset_at: Some(self.reset_at),
            }),
            quota: Some(Period {
                limit: a_month,
                used: Some(used),
                remaining: (a_month - used).max(0),
                period: Some("month".to_owned()),
                reset_at: Some(next_month(self.count.month)),
            }),
        }
    }
}
