//! What is said to a booking that was asked for.

use chrono::{Datelike, Timelike};
use portal_api::{
    petit_monde::booking::BookingStatus, portal::bookings::BookingTrouble, time::Instant,
};
use sqlx::AnyConnection;

use super::{
    plugs::{self, Plug},
    reading::{self, Stored},
    steps::Change,
};
use crate::{
    embedded::{
        Write,
        charging::Work,
        sites::{Hours, hours},
    },
    ids,
};

impl Work {
    /// The operator is asked: that is us.
    pub(in crate::embedded) async fn ask(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let (from, to) = (BookingStatus::Requested, BookingStatus::Pending);
        let change = Change::default();
        self.turn(id, &from, &to, &change).await.map(drop)
    }

    /// Says yes to a booking, or why not.
    pub(in crate::embedded) async fn answer(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let Some(stored) = reading::one(&mut self.write, id).await? else {
            return Ok(());
        };
        let place = (&stored.charge_point_id[..], stored.connector);
        let plug = plugs::at(&mut self.write, place).await?;
        let trouble = trouble(&mut self.write, &stored, plug.as_ref(), self.now).await?;
        let reservation = ids::new_id("rsv").map_err(|_| sqlx::Error::WorkerCrashed)?;
        let to = match trouble {
            None => BookingStatus::Confirmed,
            Some(BookingTrouble::NoTariff | BookingTrouble::TooLate) => BookingStatus::Failed,
            Some(_) => BookingStatus::Rejected,
        };
        let change = Change {
            trouble: trouble.as_ref(),
            reservation: trouble.is_none().then_some(&reservation),
            ..Change::default()
        };
        let from = BookingStatus::Pending;
        self.turn(id, &from, &to, &change).await.map(drop)
    }
}

/// Why a plug cannot be kept for a booking.
async fn trouble(
    write: &mut Write,
    stored: &Stored,
    plug: Option<&Plug>,
    now: Instant,
) -> Result<Option<BookingTrouble>, sqlx::Error> {
    let Some(plug) = plug else {
        return Ok(Some(BookingTrouble::Unavailable));
    };
    let said = match plug.state.as_deref() {
        Some("faulted") => Some(BookingTrouble::Faulted),
        Some("unavailable") => Some(BookingTrouble::Unavailable),
        _ if !plug.takes_holds => Some(BookingTrouble::Unsupported),
        _ if plug.tariff.is_none() => Some(BookingTrouble::NoTariff),
        _ if stored.window().1 <= now => Some(BookingTrouble::TooLate),
        _ => None,
    };
    if said.is_some() {
        return Ok(said);
    }
    let closed = is_closed(write, plug, stored.window()).await?;
    Ok(closed.then_some(BookingTrouble::Closed))
}

/// Whether one can't get in for a part of a time, as far as anybody says; it is looked at
/// minute by minute.
pub(super) async fn is_closed(
    reader: &mut AnyConnection,
    plug: &Plug,
    window: (Instant, Instant),
) -> Result<bool, sqlx::Error> {
    let hours = hours(reader, &plug.site.id).await?;
    Ok(!is_open(&hours, plug.site.time_zone, window))
}

/// Whether one can get in all the time, as far as anybody says.
fn is_open(hours: &Hours, zone: chrono_tz::Tz, (start, end): (Instant, Instant)) -> bool {
    let Hours::Listed(openings) = hours else {
        return true;
    };
    let minutes = (end.millis() - start.millis()) / 60_000;
    (0..=minutes).all(|minute| {
        let at = start.plus_seconds(minute * 60);
        let Some(local) = at.utc().filter(|_| at < end) else {
            return at >= end;
        };
        let local = local.with_timezone(&zone);
        let day = local.weekday().number_from_monday();
        let minute = local.hour() * 60 + local.minute();
        openings.iter().any(|opening| {
            let hours = u32::from(opening.from_minute)..u32::from(opening.to_minute);
            u32::from(opening.day) == day && hours.contains(&minute)
        })
    })
}

#[cfg(test)]
mod tests {
    use portal_api::portal::charge_points::Opening;

    use super::*;

    #[test]
    fn a_window_is_open_from_its_first_to_its_last_minute_past_midnight_too() {
        let opening = |day, from_minute, to_minute| Opening {
            day,
            from_minute,
            to_minute,
        };
        // Saturday from eight, through the night, until noon on Sunday.
        let hours = Hours::Listed(vec![opening(6, 8 * 60, 1_440), opening(7, 0, 12 * 60)]);
        let open = |start: &str, end: &str| {
            let window = (start.parse().unwrap(), end.parse().unwrap());
            is_open(&hours, chrono_tz::Europe::Berlin, window)
        };
        assert!(open("2025-06-14T06:00:00Z", "2025-06-14T08:00:00Z"));
        assert!(open("2025-06-14T21:00:00Z", "2025-06-15T10:00:00Z"));
        assert!(!open("2025-06-14T05:59:00Z", "2025-06-14T08:00:00Z"));
        assert!(!open("2025-06-15T09:00:00Z", "2025-06-15T10:01:00Z"));
        assert!(is_open(
            &Hours::Unknown,
            chrono_tz::UTC,
            (Instant::from_millis(0), Instant::from_millis(60_000))
        ));
    }
}
