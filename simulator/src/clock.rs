//! What time it is.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use portal_api::time::Instant;

/// The longest that anybody sleeps at a time: after a laptop's own sleep, what is
/// due must not wait for hours.
const LONGEST: Duration = Duration::from_secs(60);

/// Now.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Instant::from_millis(since.map_or(0, |since| since.as_millis() as i64))
}

/// How long it is until then, a minute at most.
pub fn until(then: Instant) -> Duration {
    let millis = then.millis().saturating_sub(now().millis());
    Duration::from_millis(millis.max(0) as u64).min(LONGEST)
}
