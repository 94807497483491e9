//! Instants, days and months.
//!
//! Inside, time is an instant. Days and months are those of the place where
//! something happened; only the server knows time zones.

use std::{fmt, str::FromStr};

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point in time, to the millisecond.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Instant(i64);

/// The text is not a date or a time as ISO 8601 writes them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotATime;

impl fmt::Display for NotATime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not an ISO 8601 date or time")
    }
}

impl std::error::Error for NotATime {}

impl Instant {
    /// The instant that many milliseconds after 1970 began in UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 began in UTC.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Its date and time in UTC, or `None` beyond the calendar.
    pub fn utc(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.0)
    }

    /// The instant that many seconds later.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp_millis())
    }
}

impl FromStr for Instant {
    type Err = NotATime;

    /// Reads `2025-03-02T16:05:00Z`, with or without seconds and fractions, with `Z`
    /// or an offset such as `+11:00`. No offset means UTC.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (day, clock) = text.split_once(['T', 't', ' ']).ok_or(NotATime)?;
        let Day(day) = day.parse()?;
        let (clock, offset_minutes) = split_offset(clock)?;
        let time = parse_clock(clock)?;
        let utc = NaiveDateTime::new(day, time).and_utc().timestamp_millis();
        Ok(Self(utc - offset_minutes * 60_000))
    }
}

/// Splits `16:05:00+11:00` into the clock and the minutes the offset is ahead of UTC.
fn split_offset(clock: &str) -> Result<(&str, i64), NotATime> {
    if let Some(clock) = clock.strip_suffix(['Z', 'z']) {
        return Ok((clock, 0));
    }
    let Some(at) = clock.rfind(['+', '-']) else {
        return Ok((clock, 0));
    };
    let (clock, offset) = clock.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let digits: Vec<i64> = offset
        .bytes()
        .skip(1)
        .filter(|byte| *byte != b':')
        .map(|byte| {
            if byte.is_ascii_digit() {
                Ok(i64::from(byte - b'0'))
            } else {
                Err(NotATime)
            }
        })
        .collect::<Result<_, _>>()?;
    match digits[..] {
        [a, b] => Ok((clock, sign * (a * 10 + b) * 60)),
        [a, b, c, d] => Ok((clock, sign * ((a * 10 + b) * 60 + c * 10 + d))),
        _ => Err(NotATime),
    }
}

fn parse_clock(clock: &str) -> Result<NaiveTime, NotATime> {
    let mut parts = clock.split(':');
    let mut two = |missing: Option<&'static str>| {
        let part = parts.next().or(missing).ok_or(NotATime)?;
        let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
        let whole = number(whole, 2)?;
        let millis = fraction.get(..3.min(fraction.len())).unwrap_or("");
        let millis = match millis.len() {
            0 => 0,
            digits => number(millis, digits)? * [100, 10, 1][digits - 1],
        };
        Ok((whole, millis))
    };
    let (hour, _) = two(None)?;
    let (minute, _) = two(None)?;
    let (second, millis) = two(Some("00"))?;
    // A leap second is the second before it.
    NaiveTime::from_hms_milli_opt(hour, minute, second.min(59), millis).ok_or(NotATime)
}

/// Exactly `digits` digits.
fn number(text: &str, digits: usize) -> Result<u32, NotATime> {
    if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotATime);
    }
    text.parse().map_err(|_| NotATime)
}

/// A number with zeros in front, `width` digits at least.
fn padded(out: &mut fmt::Formatter<'_>, number: u32, width: usize) -> fmt::Result {
    let digits = number.to_string();
    for _ in digits.len()..width {
        out.write_str("0")?;
    }
    out.write_str(&digits)
}

impl fmt::Display for Instant {
    /// `2025-03-02T16:05:00Z`: UTC, whole seconds.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.utc().ok_or(fmt::Error)?;
        write_day(out, time.date_naive())?;
        for (mark, part) in [
            ("T", time.hour()),
            (":", time.minute()),
            (":", time.second()),
        ] {
            out.write_str(mark)?;
            padded(out, part, 2)?;
        }
        out.write_str("Z")
    }
}

fn write_day(out: &mut fmt::Formatter<'_>, day: NaiveDate) -> fmt::Result {
    padded(out, day.year().unsigned_abs(), 4)?;
    out.write_str("-")?;
    padded(out, day.month(), 2)?;
    out.write_str("-")?;
    padded(out, day.day(), 2)
}

/// A day of some place's calendar.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Day(pub NaiveDate);

impl Day {
    /// The day as a number that sorts like it: `20250302`.
    pub fn number(self) -> i32 {
        let day = self.0;
        day.year() * 10_000 + i32::try_from(day.month() * 100 + day.day()).unwrap_or(0)
    }

    /// The day of a number such as `20250302`.
    pub fn from_number(number: i32) -> Option<Self> {
        let month_and_day = u32::try_from(number % 10_000).ok()?;
        NaiveDate::from_ymd_opt(number / 10_000, month_and_day / 100, month_and_day % 100).map(Self)
    }

    /// The month it is in.
    pub fn month(self) -> Month {
        Month {
            year: self.0.year(),
            month: self.0.month(),
        }
    }
}

impl FromStr for Day {
    type Err = NotATime;

    /// Reads `2025-03-02`.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let mut parts = text.splitn(3, '-');
        let mut part = |digits| number(parts.next().unwrap_or(""), digits);
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let year = i32::try_from(year).map_err(|_| NotATime)?;
        NaiveDate::from_ymd_opt(year, month, day)
            .map(Self)
            .ok_or(NotATime)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_day(out, self.0)
    }
}

/// A month of some place's calendar.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month as a number that sorts like it: `202503`.
    pub fn number(self) -> i32 {
        self.year * 100 + i32::try_from(self.month).unwrap_or(0)
    }

    /// The month of a number such as `202503`.
    pub fn from_number(number: i32) -> Option<Self> {
        let month = u32::try_from(number % 100).ok()?;
        NaiveDate::from_ymd_opt(number / 100, month, 1).map(|day| Day(day).month())
    }

    /// Its first day.
    pub fn first_day(self) -> Option<Day> {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).map(Day)
    }

    /// Its last day.
    pub fn last_day(self) -> Option<Day> {
        let next = self.first_day()?.0.checked_add_months(Months::new(1))?;
        next.checked_sub_days(Days::new(1)).map(Day)
    }

    /// The month before.
    pub fn before(self) -> Option<Self> {
        let before = self.first_day()?.0.checked_sub_months(Months::new(1))?;
        Some(Day(before).month())
    }
}

impl FromStr for Month {
    type Err = NotATime;

    /// Reads `2025-03`.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (year, month) = text.split_once('-').ok_or(NotATime)?;
        let year = i32::try_from(number(year, 4)?).map_err(|_| NotATime)?;
        let month = number(month, 2)?;
        if !(1..=12).contains(&month) {
            return Err(NotATime);
        }
        Ok(Self { year, month })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        padded(out, self.year.unsigned_abs(), 4)?;
        out.write_str("-")?;
        padded(out, self.month, 2)
    }
}

macro_rules! as_text {
    ($($kind:ty),*) => { $(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.to_string())
            }
        }

        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(de::Error::custom)
            }
        }
    )* };
}

as_text!(Instant, Day, Month);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_any_offset_and_precision() {
        let noon = "2025-03-02T16:05:00Z".parse::<Instant>().unwrap();
        for text in [
            "2025-03-02T16:05Z",
            "2025-03-02T16:05:00.000Z",
            "2025-03-02t16:05:00z",
            "2025-03-02 16:05:00",
            "2025-03-03T03:05:00+11:00",
            "2025-03-03T03:05:00+1100",
            "2025-03-02T06:05:00-10",
        ] {
            assert_eq!(text.parse::<Instant>(), Ok(noon), "{text}");
        }
        assert_eq!(
            "2025-03-02T16:05:00.25Z"
                .parse::<Instant>()
                .unwrap()
                .millis()
                % 1000,
            250
        );
    }

    #[test]
    fn nonsense_is_not_a_time() {
        for text in [
            "",
            "abc",
            "2025-02-30T00:00:00Z",
            "2025-3-2T00:00Z",
            "2025-03-02",
            "2025-03-02T25:00Z",
            "2025-03-02T10:00+1",
        ] {
            assert_eq!(text.parse::<Instant>(), Err(NotATime), "{text}");
        }
        for text in [
            "",
            "2025-13-01",
            "2025-02-29",
            "02025-01-01",
            "2025-1-1",
            "+025-01-01",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NotATime), "{text}");
        }
    }

    #[test]
    fn an_instant_is_written_to_the_second_in_utc() {
        let time = "2025-03-02T03:05:09.999+11:00".parse::<Instant>().unwrap();
        assert_eq!(time.to_string(), "2025-03-01T16:05:09Z");
    }

    #[test]
    fn days_and_months_keep_their_order_as_numbers() {
        let day: Day = "2024-02-29".parse().unwrap();
        assert_eq!(day.number(), 20_240_229);
        assert_eq!(Day::from_number(20_240_229), Some(day));
        assert_eq!(day.month().last_day(), Some(day));
        let january: Month = "2025-01".parse().unwrap();
        assert_eq!(january.before().unwrap().to_string(), "2024-12");
        assert_eq!(Month::from_number(202_513), None);
    }
}
