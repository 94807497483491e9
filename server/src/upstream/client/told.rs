//! What a system says about its limits, in the heads of its answers.

use std::time::Duration;

use portal_api::time::Instant;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::{
    provider::{Failure, meter::Said},
    upstream::retry_after,
};

const REMAINING: &str = "x-ratelimit-remaining";
const RESET: &str = "x-ratelimit-reset";

/// So many seconds a system is left alone whose month is used up, before it is asked
/// whether somebody has made it longer.
const EXHAUSTED: i64 = 60 * 60;

/// How many calls are left, where the system says until when.
pub fn of(headers: &HeaderMap, now: Instant) -> Said {
    let left = text(headers, REMAINING).and_then(|text| text.trim().parse().ok());
    let until = text(headers, RESET).and_then(|text| retry_after::read(text, now));
    let left = left.zip(until.map(|wait| later(now, wait)));
    Said {
        left: left.filter(|(left, _)| *left >= 0),
        shut_until: None,
    }
}

/// How long it wants to be left alone: as `Retry-After` says, or else until it counts anew.
pub fn wait(headers: &HeaderMap, now: Instant) -> Option<Duration> {
    let said = |name: &str| text(headers, name).and_then(|text| retry_after::read(text, now));
    said(RETRY_AFTER.as_str()).or_else(|| said(RESET))
}

/// Until when nobody asks a system that has said no.
pub fn shut_until(message: &str, wait: Duration, now: Instant) -> Instant {
    let message = message.to_ascii_lowercase();
    if message.contains("quota") || message.contains("month") {
        tracing::error!(event = "upstream_quota_gone");
        return now.plus_seconds(EXHAUSTED);
    }
    later(now, wait)
}

/// It may not be asked before then.
pub fn limited(now: Instant, until: Instant) -> Failure {
    let millis = u64::try_from(until.millis() - now.millis()).unwrap_or(0);
    Failure::Limited {
        retry_after: millis.div_ceil(1_000).max(1),
    }
}

fn later(now: Instant, wait: Duration) -> Instant {
    let millis = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    Instant::from_millis(now.millis().saturating_add(millis))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_reset_is_read_and_the_wait_wins_over_it() {
        let now: Instant = "2026-05-13T18:02:15Z".parse().unwrap();
        let reset = (RESET, "2026-05-13T18:03:00Z");
        let said = of(&headers(&[(REMAINING, "64"), reset]), now);
        assert_eq!(said.left, Some((64, now.plus_seconds(45))));
        assert_eq!(of(&headers(&[(REMAINING, "64")]), now).left, None);
        assert_eq!(of(&headers(&[(REMAINING, "-1"), reset]), now).left, None);
        let seconds = |pairs: &[(&'static str, &str)]| wait(&headers(pairs), now);
        assert_eq!(seconds(&[reset]), Some(Duration::from_secs(45)));
        assert_eq!(
            seconds(&[reset, ("retry-after", "7")]),
            Some(Duration::from_secs(7))
        );
        assert_eq!(seconds(&[]), None);
    }

    #[test]
    fn a_month_that_is_used_up_is_no_matter_of_a_minute() {
        let now: Instant = "2026-05-13T18:02:15Z".parse().unwrap();
        let wait = Duration::from_secs(45);
        let minute = shut_until("Rate limit exceeded. Retry after 45 seconds.", wait, now);
        assert_eq!(minute, now.plus_seconds(45));
        let month = shut_until("Monthly quota exceeded", wait, now);
        assert_eq!(month, now.plus_seconds(EXHAUSTED));
    }
}
