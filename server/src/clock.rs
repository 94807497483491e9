//! What time it is, as a value: a test sets it instead of waiting.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use portal_api::time::Instant;

/// Tells the time; clones tell the same.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `instant` until somebody moves it.
    pub fn standing_at(instant: Instant) -> Self {
        Self(Some(Arc::new(AtomicI64::new(instant.millis()))))
    }

    /// The time.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Some(millis) => Instant::from_millis(millis.load(Ordering::SeqCst)),
            None => Instant::from_millis(system_millis()),
        }
    }

    /// Moves a standing clock on; the machine's clock takes no orders.
    pub fn advance(&self, seconds: i64) {
        if let Some(millis) = &self.0 {
            millis.fetch_add(seconds.saturating_mul(1000), Ordering::SeqCst);
        }
    }
}

/// Milliseconds since 1970; 0 on a machine that believes to live before.
fn system_millis() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
