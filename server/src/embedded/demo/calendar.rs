//! Local days, clocks and opening hours, as instants.

use chrono::{Datelike, Days, Duration, LocalResult, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use portal_api::time::Instant;

/// From when to when a place is open, in minutes after its midnight, Monday
/// first; `None` on a day when it stays shut.
pub type Hours = [Option<(i64, i64)>; 7];

/// A day's last minute and one: midnight.
pub const MIDNIGHT: i64 = 24 * 60;

/// Day and night.
pub const ALWAYS: Hours = [Some((0, MIDNIGHT)); 7];

/// The same hours on every day.
pub const fn daily(from: i64, to: i64) -> Hours {
    [Some((from * 60, to * 60)); 7]
}

/// A shop's: shut on Sundays.
pub const fn shop(from: i64, to: i64) -> Hours {
    let day = Some((from * 60, to * 60));
    [day, day, day, day, day, day, None]
}

/// A company's: shut on weekends.
pub const fn workdays(from: i64, to: i64) -> Hours {
    let day = Some((from * 60, to * 60));
    [day, day, day, day, day, None, None]
}

/// The instant at which a place's clocks show `minute` minutes after midnight
/// of `day`. A time that the change to summer time leaves out is an hour later,
/// one that comes twice is the first of the two.
pub fn instant(zone: Tz, day: NaiveDate, minute: i64) -> Option<Instant> {
    let wall = day.and_time(NaiveTime::MIN) + Duration::minutes(minute);
    let time = match zone.from_local_datetime(&wall) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time,
        LocalResult::None => zone
            .from_local_datetime(&(wall + Duration::hours(1)))
            .earliest()?,
    };
    Some(Instant::from_millis(time.timestamp_millis()))
}

/// The day and the minute after midnight that a place's clocks show.
pub fn wall(zone: Tz, time: Instant) -> Option<(NaiveDate, i64)> {
    use chrono::Timelike;
    let local = time.utc()?.with_timezone(&zone);
    let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
    Some((local.date_naive(), minute))
}

/// When a place that is open at `time` shuts next; `None` if it isn't open.
/// One that never shuts does so in a month.
pub fn shuts_at(hours: &Hours, zone: Tz, time: Instant) -> Option<Instant> {
    if *hours == ALWAYS {
        return Some(time.plus_seconds(30 * 24 * 3_600));
    }
    let (day, minute) = wall(zone, time)?;
    let (opens, shuts) = hours_of(hours, day)?;
    (opens..shuts)
        .contains(&minute)
        .then(|| instant(zone, day, shuts))
        .flatten()
}

fn hours_of(hours: &Hours, day: NaiveDate) -> Option<(i64, i64)> {
    let weekday = usize::try_from(day.weekday().num_days_from_monday()).ok()?;
    *hours.get(weekday)?
}

/// So many days earlier.
pub fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// So many days later.
pub fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::{Berlin, London};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_night_in_which_the_clocks_change_is_an_hour_shorter_or_longer() {
        for (from, to, hours) in [
            ("2026-03-28", "2026-03-29", 10),
            ("2026-10-24", "2026-10-25", 12),
            ("2026-06-13", "2026-06-14", 11),
        ] {
            let start = instant(Berlin, day(from), 20 * 60).unwrap();
            let end = instant(Berlin, day(to), 7 * 60).unwrap();
            assert_eq!(end.millis() - start.millis(), hours * 3_600_000, "{from}");
        }
    }

    #[test]
    fn a_time_that_does_not_exist_is_an_hour_later() {
        let time = instant(London, day("2026-03-29"), 90).unwrap();
        assert_eq!(wall(London, time), Some((day("2026-03-29"), 150)));
    }

    #[test]
    fn a_shop_is_shut_on_sunday_and_before_it_opens() {
        let sunday = instant(Berlin, day("2026-11-15"), 12 * 60).unwrap();
        assert_eq!(shuts_at(&shop(8, 20), Berlin, sunday), None);
        let early = instant(Berlin, day("2026-11-16"), 7 * 60).unwrap();
        assert_eq!(shuts_at(&shop(8, 20), Berlin, early), None);
        let open = instant(Berlin, day("2026-11-16"), 8 * 60).unwrap();
        let shuts = instant(Berlin, day("2026-11-16"), 20 * 60);
        assert_eq!(shuts_at(&shop(8, 20), Berlin, open), shuts);
    }
}
