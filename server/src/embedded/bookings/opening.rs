//! Whether a place is open for all of a time.

use std::collections::BTreeMap;

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use portal_api::{portal::charge_points::Opening, time::Instant};
use sqlx::AnyConnection;

use super::plugs::Plug;
use crate::embedded::sites::{Hours, hours};

/// A time as the clocks of a zone show it: pieces of days.
struct Shown(Vec<Piece>);

/// Of a day, 1 for Monday to 7 for Sunday, from one minute to another.
#[derive(Clone, Copy, Debug)]
struct Piece {
    day: u32,
    from: u32,
    to: u32,
}

impl Shown {
    /// It is looked at minute by minute: clocks go forward and back.
    fn of((start, end): (Instant, Instant), zone: Tz) -> Self {
        let minutes = start.millis().div_euclid(60_000)..end.millis().div_euclid(60_000);
        // The minute that it ends in belongs to it, unless it ends with its first moment.
        let rest = (end.millis().rem_euclid(60_000) > 0).then_some(minutes.end);
        let mut pieces: Vec<Piece> = Vec::new();
        for minute in minutes.chain(rest) {
            let Some(at) = Instant::from_millis(minute * 60_000).utc() else {
                continue;
            };
            let local = at.with_timezone(&zone);
            let day = local.weekday().number_from_monday();
            let from = local.hour() * 60 + local.minute();
            match pieces.last_mut() {
                Some(last) if last.day == day && last.to == from => last.to += 1,
                _ => pieces.push(Piece {
                    day,
                    from,
                    to: from + 1,
                }),
            }
        }
        Self(pieces)
    }

    /// Whether one can get in all the time; one opening may go on where another ends.
    fn is_within(&self, openings: &[Opening]) -> bool {
        self.0.iter().all(|piece| {
            let mut at = piece.from;
            while at < piece.to {
                let open = openings.iter().find(|opening| {
                    let minutes = u32::from(opening.from_minute)..u32::from(opening.to_minute);
                    u32::from(opening.day) == piece.day && minutes.contains(&at)
                });
                match open {
                    Some(opening) => at = u32::from(opening.to_minute),
                    None => return false,
                }
            }
            true
        })
    }
}

/// One time, for places in many zones.
pub(super) struct Time {
    window: (Instant, Instant),
    shown: BTreeMap<String, Shown>,
}

impl Time {
    pub const fn new(window: (Instant, Instant)) -> Self {
        Self {
            window,
            shown: BTreeMap::new(),
        }
    }

    /// Whether a place with these opening hours is open all the time.
    pub fn is_within(&mut self, zone: &str, openings: &[Opening]) -> bool {
        if !self.shown.contains_key(zone) {
            let shown = Shown::of(self.window, zone.parse().unwrap_or(Tz::UTC));
            self.shown.insert(zone.to_owned(), shown);
        }
        let shown = self.shown.get(zone);
        shown.is_some_and(|shown| shown.is_within(openings))
    }
}

/// Whether one can't get in for a part of a time, as far as anybody says.
pub(super) async fn is_closed(
    reader: &mut AnyConnection,
    plug: &Plug,
    window: (Instant, Instant),
) -> Result<bool, sqlx::Error> {
    Ok(match hours(reader, &plug.site.id).await? {
        Hours::Listed(openings) => !Shown::of(window, plug.site.time_zone).is_within(&openings),
        Hours::Unknown | Hours::Always => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn opening(day: u8, from_minute: u16, to_minute: u16) -> Opening {
        Opening {
            day,
            from_minute,
            to_minute,
        }
    }

    fn open(hours: &[Opening], start: &str, end: &str) -> bool {
        let window = (start.parse().unwrap(), end.parse().unwrap());
        Time::new(window).is_within("Europe/Berlin", hours)
    }

    #[test]
    fn a_window_is_open_from_its_first_to_its_last_moment_past_midnight_too() {
        // Saturday from eight, with a new sheet at noon, through the night, until noon on Sunday.
        let hours = [
            opening(6, 8 * 60, 12 * 60),
            opening(6, 12 * 60, 1_440),
            opening(7, 0, 12 * 60),
        ];
        let open = |start, end| open(&hours, start, end);
        assert!(open("2025-06-14T06:00:00Z", "2025-06-14T08:00:00Z"));
        assert!(open("2025-06-14T09:30:00Z", "2025-06-14T10:30:00Z"));
        assert!(open("2025-06-14T21:00:00Z", "2025-06-15T10:00:00Z"));
        assert!(!open("2025-06-14T05:59:00Z", "2025-06-14T08:00:00Z"));
        assert!(!open("2025-06-14T05:59:59Z", "2025-06-14T08:00:00Z"));
        assert!(!open("2025-06-15T09:00:00Z", "2025-06-15T10:00:01Z"));
        assert!(!open("2025-06-16T09:00:00Z", "2025-06-16T10:00:00Z"));
    }

    #[test]
    fn hours_are_those_of_the_place_when_its_clocks_change() {
        // On the Sunday when three o'clock follows the minute before two, and when it is
        // two o'clock twice.
        let night = [opening(7, 0, 2 * 60), opening(7, 3 * 60, 4 * 60)];
        assert!(open(&night, "2025-03-30T00:30:00Z", "2025-03-30T01:30:00Z"));
        assert!(!open(
            &night,
            "2025-10-26T00:30:00Z",
            "2025-10-26T00:31:00Z"
        ));
        let until_three = [opening(7, 0, 3 * 60)];
        let (first, last) = ("2025-10-26T00:30:00Z", "2025-10-26T02:00:00Z");
        assert!(open(&until_three, first, last));
        assert!(!open(&until_three, first, "2025-10-26T02:01:00Z"));
    }
}
