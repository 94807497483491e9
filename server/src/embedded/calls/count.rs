//! Calls of a month of the calendar and of the last minute. Of the minute before the
//! current one as much counts as is less than sixty seconds ago, as if they had come evenly.

use portal_api::time::Instant;
use sqlx::FromRow;

use super::standing::Full;
use crate::{
    config::Allowance,
    embedded::quota::calendar::{month, next_month},
};

/// A minute in milliseconds.
const MINUTE: i64 = 60_000;

/// Some calls.
#[derive(Clone, Copy, Debug, Eq, FromRow, PartialEq)]
pub(super) struct Count {
    /// A number such as 202503 (UTC).
    pub month: i64,
    /// The calls in it.
    pub in_month: i64,
    /// The number of a minute since 1970.
    pub minute: i64,
    /// The calls in it.
    pub in_minute: i64,
    /// The calls in the one before.
    pub in_minute_before: i64,
}

impl Count {
    /// No call.
    pub fn none(now: Instant) -> Self {
        Self {
            month: month(now),
            in_month: 0,
            minute: now.millis() / MINUTE,
            in_minute: 0,
            in_minute_before: 0,
        }
    }

    /// What of it counts at a moment. A clock that went back changes nothing.
    pub fn at(self, now: Instant) -> Self {
        let new = Self::none(now);
        let (in_minute, in_minute_before) = match new.minute - self.minute {
            ..=0 => (self.in_minute, self.in_minute_before),
            1 => (0, self.in_minute),
            _ => (0, 0),
        };
        Self {
            month: new.month.max(self.month),
            in_month: if new.month > self.month {
                0
            } else {
                self.in_month
            },
            minute: new.minute.max(self.minute),
            in_minute,
            in_minute_before,
        }
    }

    /// With another one at the same moment.
    pub fn plus(self, other: Self) -> Self {
        Self {
            in_month: self.in_month + other.in_month,
            in_minute: self.in_minute + other.in_minute,
            in_minute_before: self.in_minute_before + other.in_minute_before,
            ..self
        }
    }

    /// What is left without a part of it, at a moment not before that part's.
    pub fn without(self, part: Self) -> Self {
        let part = part.at(Instant::from_millis(self.minute * MINUTE));
        Self {
            in_month: (self.in_month - part.in_month).max(0),
            in_minute: (self.in_minute - part.in_minute).max(0),
            in_minute_before: (self.in_minute_before - part.in_minute_before).max(0),
            ..self
        }
    }

    /// With the call that is made now.
    pub fn one_more(self) -> Self {
        Self {
            in_month: self.in_month + 1,
            in_minute: self.in_minute + 1,
            ..self
        }
    }

    /// Whether there is none.
    pub fn is_none(self) -> bool {
        self.in_month == 0 && !self.is_recent()
    }

    /// Whether there is any that the minute counts.
    pub fn is_recent(self) -> bool {
        self.in_minute > 0 || self.in_minute_before > 0
    }

    /// The calls of the last sixty seconds.
    pub fn lately(self, now: Instant) -> i64 {
        let left = MINUTE - now.millis().rem_euclid(MINUTE);
        self.in_minute + (self.in_minute_before * left + MINUTE - 1) / MINUTE
    }

    /// Of what there is all, if one more call would be too many.
    pub fn full(self, allowance: Allowance, now: Instant) -> Option<Full> {
        if self.in_month >= allowance.a_month {
            Some(Full::Month(next_month(self.month)))
        } else if self.lately(now) >= allowance.a_minute {
            Some(Full::Minute(self.room_at(allowance.a_minute)))
        } else {
            None
        }
    }

    /// When its minute is over.
    pub fn ends_at(self) -> Instant {
        Instant::from_millis((self.minute + 1) * MINUTE)
    }

    /// When fewer than `most` calls are less than sixty seconds ago, if none comes.
    pub fn room_at(self, most: i64) -> Instant {
        // Once this minute is the one before, all its calls count until they fade.
        let (start, fading, kept) = if self.in_minute >= most {
            (self.minute + 1, self.in_minute, 0)
        } else {
            (self.minute, self.in_minute_before, self.in_minute)
        };
        // Of those that fade so many may be left, rounded up as above.
        let left = (most - 1 - kept) * MINUTE / fading.max(1);
        Instant::from_millis(start * MINUTE + (MINUTE - left).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEW: Allowance = Allowance {
        a_minute: 10,
        a_month: 25,
    };

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn asked(times: i64, now: Instant) -> Count {
        (0..times).fold(Count::none(now), |count, _| count.one_more())
    }

    #[test]
    fn a_minute_s_calls_fade_over_the_next_one() {
        let began = at("2025-06-14T15:00:10Z");
        let count = asked(10, began);
        assert_eq!(count.lately(began), 10);
        for (later, left) in [
            ("2025-06-14T15:00:59Z", 10),
            ("2025-06-14T15:01:00Z", 10),
            ("2025-06-14T15:01:06Z", 9),
            ("2025-06-14T15:01:30Z", 5),
            ("2025-06-14T15:01:59Z", 1),
            ("2025-06-14T15:02:00Z", 0),
        ] {
            assert_eq!(count.at(at(later)).lately(at(later)), left, "{later}");
        }
    }

    #[test]
    fn there_is_room_when_it_is_said_and_not_a_moment_before() {
        for (first, second) in [(10, 0), (10, 1), (10, 9), (3, 9), (0, 10), (1, 10), (7, 5)] {
            let began = at("2025-06-14T15:00:00Z");
            let later = began.plus_seconds(60);
            let mut count = asked(first, began).at(later);
            for _ in 0..second {
                count = count.one_more();
            }
            let Some(Full::Minute(room)) = count.full(FEW, later) else {
                panic!("{first}, {second}");
            };
            let before = Instant::from_millis(room.millis() - 1);
            assert!(count.at(before).full(FEW, before).is_some(), "{count:?}");
            assert_eq!(count.at(room).full(FEW, room), None, "{count:?}");
        }
    }

    #[test]
    fn a_month_s_calls_end_with_it() {
        let end = at("2025-06-30T23:59:59Z");
        let count = asked(25, end);
        let first = at("2025-07-01T00:00:00Z");
        assert_eq!(count.full(FEW, end), Some(Full::Month(first)));
        assert_eq!(count.at(first).in_month, 0);
        let later = first.plus_seconds(120);
        assert_eq!(count.at(later).full(FEW, later), None);
    }

    #[test]
    fn what_was_saved_is_taken_off_what_was_not() {
        let began = at("2025-06-14T15:00:00Z");
        let saved = asked(4, began);
        let unsaved = saved.one_more().one_more();
        assert_eq!(unsaved.without(saved), asked(2, began));
        let later = began.plus_seconds(60);
        let left = unsaved.at(later).one_more().without(saved);
        assert_eq!((left.in_minute, left.in_minute_before), (1, 2));
        assert_eq!(left.in_month, 3);
    }

    #[test]
    fn a_clock_that_went_back_forgets_nothing() {
        let began = at("2025-07-01T00:00:00Z");
        let count = asked(4, began);
        assert_eq!(count.at(began.plus_seconds(-90)), count);
    }
}
