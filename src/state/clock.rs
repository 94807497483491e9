//! Now, by the server's clock.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::time::Instant;

/// How often the time on the screen moves on.
const TICK: Duration = Duration::from_secs(10);

/// The server's clock, ticking.
#[derive(Clone, Copy)]
pub struct Clock {
    now: RwSignal<Instant>,
    /// How far the server is ahead of this device, in milliseconds.
    ahead: StoredValue<i64>,
}

impl Clock {
    /// The time now; whoever reads it is told when it moves on.
    pub fn now(self) -> Instant {
        self.now.get()
    }

    /// The time now to the millisecond; nobody is told when it moves on.
    pub fn exactly(self) -> Instant {
        Instant::from_millis(device_millis() + self.ahead.get_value())
    }

    /// Sets the clock by what the server said.
    pub fn set(self, server: Instant) {
        self.ahead.set_value(server.millis() - device_millis());
        self.tick();
    }

    fn tick(self) {
        self.now.set(self.exactly());
    }
}

fn device_millis() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds fit an i64")]
    let millis = js_sys::Date::now() as i64;
    millis
}

/// Starts the clock.
pub(super) fn provide() {
    let clock = Clock {
        now: RwSignal::new(Instant::from_millis(device_millis())),
        ahead: StoredValue::new(0),
    };
    set_interval(move || clock.tick(), TICK);
    provide_context(clock);
}

/// The clock.
pub fn use_clock() -> Clock {
    expect_context()
}

/// This month, by this device's calendar.
pub fn this_month() -> portal_api::time::Month {
    let today = js_sys::Date::new_0();
    portal_api::time::Month {
        year: i32::try_from(today.get_full_year()).unwrap_or(1970),
        month: today.get_month() + 1,
    }
}
