//! How long a system asks to be left alone.

use std::time::Duration;

use chrono::DateTime;
use portal_api::time::Instant;

/// Nobody is left alone for longer than this, whatever they say.
pub const LONGEST: Duration = Duration::from_secs(60);

/// Reads a `Retry-After`: seconds, an HTTP date, or ISO 8601 as some write it.
/// Nonsense is as good as nothing, a date in the past is no time at all.
pub fn read(value: &str, now: Instant) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = value.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let then = DateTime::parse_from_rfc2822(value).or_else(|_| DateTime::parse_from_rfc3339(value));
    let then = then.ok()?.timestamp_millis();
    let millis = u64::try_from(then.saturating_sub(now.millis())).unwrap_or(0);
    Some(Duration::from_millis(millis).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood_and_nonsense_is_not() {
        let now: Instant = "2026-11-21T08:00:00Z".parse().unwrap();
        let seconds = |value| read(value, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("0"), Some(0));
        assert_eq!(seconds("7"), Some(7));
        assert_eq!(seconds("1000000000"), Some(60));
        assert_eq!(seconds("99999999999999999999999"), Some(60));
        assert_eq!(seconds("Sat, 21 Nov 2026 08:00:09 GMT"), Some(9));
        assert_eq!(seconds("Sat, 21 Nov 2026 09:00:00 GMT"), Some(60));
        assert_eq!(seconds("Sat, 21 Nov 2026 07:00:00 GMT"), Some(0));
        assert_eq!(seconds("2026-11-21T08:00:09Z"), Some(9));
        assert_eq!(seconds("2026-11-21T09:00:09+01:00"), Some(9));
        for nonsense in ["-1", "abc", "", "1.5", "NaN", "Nov 21"] {
            assert_eq!(seconds(nonsense), None, "{nonsense}");
        }
    }
}
