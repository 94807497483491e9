//! Whether a plug can be booked for the time that is typed.

use portal_api::{
    petit_monde::booking::AHEAD_MINUTES,
    time::{Day, Instant},
};

/// An hour, in seconds.
const HOUR: i64 = 60 * 60;

/// A day, in seconds.
const DAY: i64 = 24 * HOUR;

/// What is wrong with a time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wrong {
    /// There is no day.
    NoDay,
    /// There is no time to begin at.
    NoFrom,
    /// There is no time to end at.
    NoTo,
    /// No clock there shows it on that day.
    NeverFrom,
    /// No clock there shows it on the day it would end.
    NeverTo,
    /// It begins too soon.
    TooSoon,
    /// It begins more than so many days from now.
    TooFar(u32),
    /// It ends when it begins.
    Same,
    /// It is longer than so many minutes.
    TooLong(u32),
}

impl Wrong {
    /// The id of the field it is about.
    pub const fn field(self) -> &'static str {
        match self {
            Self::NoDay | Self::TooFar(_) => "day",
            Self::NoFrom | Self::NeverFrom | Self::TooSoon => "from",
            Self::NoTo | Self::NeverTo | Self::Same | Self::TooLong(_) => "to",
        }
    }

    /// Whether something isn't typed yet.
    pub const fn is_missing(self) -> bool {
        matches!(self, Self::NoDay | Self::NoFrom | Self::NoTo)
    }
}

/// From when until when.
pub type Window = (Instant, Instant);

/// What is typed, as the fields have it.
#[derive(Clone, Copy, Debug)]
pub struct Times<'a> {
    /// `2025-03-02`
    pub day: &'a str,
    /// `16:05`
    pub from: &'a str,
    /// `17:35`; before the beginning: on the next day.
    pub to: &'a str,
}

/// The time that is meant; `at` says when a place's clock shows a day and a time.
pub fn window(typed: Times, at: impl Fn(&str, &str) -> Option<Instant>) -> Result<Window, Wrong> {
    let day: Day = typed.day.parse().map_err(|_| Wrong::NoDay)?;
    if typed.from.is_empty() {
        return Err(Wrong::NoFrom);
    }
    if typed.to.is_empty() {
        return Err(Wrong::NoTo);
    }
    let last = match typed.from.cmp(typed.to) {
        std::cmp::Ordering::Less => day,
        std::cmp::Ordering::Equal => return Err(Wrong::Same),
        std::cmp::Ordering::Greater => day.0.succ_opt().map(Day).ok_or(Wrong::NeverTo)?,
    };
    let start = at(typed.day, typed.from).ok_or(Wrong::NeverFrom)?;
    let end = at(&last.to_string(), typed.to).ok_or(Wrong::NeverTo)?;
    if end <= start {
        return Err(Wrong::Same);
    }
    Ok((start, end))
}

/// What is proposed from a time on, as the fields have it: an hour, or, in the night in
/// which the clocks show one hour twice, till they go on; `of` says what they show.
pub fn proposal(
    start: Instant,
    of: impl Fn(Instant) -> (String, String),
) -> (String, String, String) {
    let (day, from) = of(start);
    let mut to = of(start.plus_seconds(HOUR)).1;
    if to <= from && of(start.plus_seconds(HOUR)).0 == day {
        to = of(start.plus_seconds(2 * HOUR)).1;
    }
    (day, from, to)
}

/// What the operator takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// How many minutes a booking lasts at most.
    pub longest: u32,
    /// How many days ahead it begins at most, if that is known.
    pub days_ahead: Option<u32>,
}

/// What is wrong with a time that can be meant.
pub fn wrong((start, end): Window, now: Instant, limits: Option<Limits>) -> Option<Wrong> {
    if start < now.plus_seconds(AHEAD_MINUTES * 60) {
        return Some(Wrong::TooSoon);
    }
    let Limits {
        longest,
        days_ahead,
    } = limits?;
    let far = |days: &u32| start > now.plus_seconds(i64::from(*days) * DAY);
    let too_long = end > start.plus_seconds(i64::from(longest) * 60);
    let too_far = days_ahead.filter(far).map(Wrong::TooFar);
    too_far.or_else(|| too_long.then_some(Wrong::TooLong(longest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place where the clocks show UTC, but no half past two.
    fn at(day: &str, time: &str) -> Option<Instant> {
        let known = (time != "02:30").then(|| [day, "T", time, ":00Z"].concat());
        known?.parse().ok()
    }

    fn meant(day: &str, from: &str, to: &str) -> Result<Window, Wrong> {
        window(Times { day, from, to }, at)
    }

    fn instant(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn what_ends_before_it_begins_ends_on_the_next_day() {
        let (start, end) = meant("2025-12-31", "23:00", "01:30").unwrap();
        assert_eq!(start, instant("2025-12-31T23:00:00Z"));
        assert_eq!(end, instant("2026-01-01T01:30:00Z"));
        assert_eq!(meant("2025-12-31", "23:00", "23:00"), Err(Wrong::Same));
    }

    #[test]
    fn an_hour_is_proposed_though_the_clocks_show_it_twice() {
        // Central Europe in the autumn of 2025: two hours ahead, one from the change on.
        let berlin = |at: Instant| {
            let hours = if at < instant("2025-10-26T01:00:00Z") {
                2
            } else {
                1
            };
            let wall = at.plus_seconds(hours * HOUR).to_string();
            (wall[..10].to_owned(), wall[11..16].to_owned())
        };
        for (start, from, to) in [
            ("2025-10-25T23:30:00Z", "01:30", "02:30"),
            ("2025-10-26T00:00:00Z", "02:00", "03:00"),
            ("2025-10-26T00:30:00Z", "02:30", "03:30"),
            ("2025-10-26T01:00:00Z", "02:00", "03:00"),
            ("2025-10-26T22:30:00Z", "23:30", "00:30"),
        ] {
            let (day, from, to) = (String::from("2025-10-26"), from.to_owned(), to.to_owned());
            assert_eq!(proposal(instant(start), berlin), (day, from, to), "{start}");
        }
    }

    #[test]
    fn what_is_missing_or_never_shown_is_said_at_its_field() {
        for (day, from, to, expected, field) in [
            ("", "10:00", "11:00", Wrong::NoDay, "day"),
            ("2025-03-02", "", "11:00", Wrong::NoFrom, "from"),
            ("2025-03-02", "10:00", "", Wrong::NoTo, "to"),
            ("2025-03-02", "02:30", "11:00", Wrong::NeverFrom, "from"),
            ("2025-03-02", "01:00", "02:30", Wrong::NeverTo, "to"),
        ] {
            assert_eq!(meant(day, from, to), Err(expected));
            assert_eq!(expected.field(), field);
        }
    }

    #[test]
    fn a_booking_begins_a_quarter_of_an_hour_ahead_and_is_as_long_as_the_operator_says() {
        let now = instant("2025-03-02T09:45:00Z");
        let window = meant("2025-03-02", "10:00", "14:00").unwrap();
        let limits = |longest, days_ahead| {
            Some(Limits {
                longest,
                days_ahead,
            })
        };
        assert_eq!(wrong(window, now, limits(240, None)), None);
        assert_eq!(wrong(window, now, None), None);
        assert_eq!(
            wrong(window, now, limits(239, None)),
            Some(Wrong::TooLong(239))
        );
        let days_before = window.0.plus_seconds(-2 * DAY);
        assert_eq!(wrong(window, days_before, limits(240, Some(2))), None);
        let earlier = days_before.plus_seconds(-1);
        assert_eq!(
            wrong(window, earlier, limits(240, Some(2))),
            Some(Wrong::TooFar(2))
        );
        let later = now.plus_seconds(1);
        assert_eq!(wrong(window, later, None), Some(Wrong::TooSoon));
    }
}
