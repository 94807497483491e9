//! When an open booking is asked for again: often while somebody waits for a yes, seldom
//! while nothing is going to happen; and when no more.

use portal_api::{petit_monde::booking::BookingStatus, time::Instant};

/// Between two looks at a booking that waits for its answer, in seconds. Later on it is
/// twice as long each time.
const WAITING: [i64; 10] = [5, 5, 10, 20, 40, 60, 60, 60, 60, 60];

/// Between two looks at one whose time has come.
const UNDER_WAY: i64 = 5 * 60;

/// The longest between two looks at one whose time is near or was just over.
const NEAR: i64 = 60;

/// The longest between two looks at one whose time is far.
const FAR: i64 = 6 * 60 * 60;

/// The same of one whose time is long over.
const LATE: i64 = 24 * 60 * 60;

/// So many seconds after its time nobody expects to hear any more what became of it.
pub const GIVEN_UP: i64 = 30 * 24 * 60 * 60;

/// In how many seconds a booking is asked for again that was asked for so often.
pub fn pause(
    status: &BookingStatus,
    (start, end): (Instant, Instant),
    asked: i64,
    now: Instant,
) -> i64 {
    let seconds = |from: Instant, to: Instant| (to.millis() - from.millis()) / 1_000;
    let by_clock = if now < start {
        (seconds(now, start) / 2).clamp(NEAR, FAR)
    } else if now < end {
        UNDER_WAY
    } else {
        (seconds(end, now) / 2).clamp(UNDER_WAY, LATE)
    };
    match status {
        BookingStatus::Requested | BookingStatus::Pending => waiting(asked).min(by_clock),
        // Nobody knows what it means, or whether there is one at all: there is no hurry.
        BookingStatus::Other(_) | BookingStatus::Failed => by_clock.max(UNDER_WAY),
        _ => by_clock,
    }
}

fn waiting(asked: i64) -> i64 {
    let asked = usize::try_from(asked).unwrap_or(0);
    let last = WAITING.len() - 1;
    match WAITING.get(asked) {
        Some(pause) => *pause,
        None => WAITING[last] << (asked - last).min(16),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    #[test]
    fn who_waits_for_a_yes_is_answered_soon_and_then_less_and_less_often() {
        let now = Instant::from_millis(0);
        let window = (now.plus_seconds(HOUR), now.plus_seconds(2 * HOUR));
        let pauses: Vec<_> = (0..16)
            .map(|asked| pause(&BookingStatus::Pending, window, asked, now))
            .collect();
        let first = [5, 5, 10, 20, 40, 60, 60, 60, 60, 60];
        assert_eq!(pauses[..10], first);
        assert_eq!(pauses[10..], [120, 240, 480, 960, HOUR / 2, HOUR / 2]);
        let far = (now.plus_seconds(99 * HOUR), now.plus_seconds(100 * HOUR));
        assert_eq!(pause(&BookingStatus::Requested, far, i64::MAX, now), FAR);
    }

    #[test]
    fn the_nearer_its_time_the_oftener_a_booking_is_looked_at() {
        let start = Instant::from_millis(0).plus_seconds(1_000 * HOUR);
        let window = (start, start.plus_seconds(HOUR));
        let at = |seconds| {
            let now = start.plus_seconds(seconds);
            pause(&BookingStatus::Confirmed, window, 9, now)
        };
        assert_eq!(at(-100 * HOUR), FAR);
        assert_eq!(at(-HOUR), HOUR / 2);
        assert_eq!(at(-10), NEAR);
        assert_eq!(at(HOUR / 2), UNDER_WAY);
        assert_eq!(at(2 * HOUR), HOUR / 2);
        assert_eq!(at(100 * HOUR), LATE);
        let now = start.plus_seconds(-10);
        for unknown in [
            BookingStatus::Other("ON_HOLD".into()),
            BookingStatus::Failed,
        ] {
            assert_eq!(pause(&unknown, window, 0, now), UNDER_WAY);
        }
    }
}
