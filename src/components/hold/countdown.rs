//! How long something still takes, by the server's clock.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::time::Instant;

use crate::{format, run::live, state::clock::use_clock};

/// From when on it is time to hurry, in seconds.
const NEAR: i64 = 300;

/// The seconds until then, counted down once a second.
pub fn seconds_until(end: Instant) -> RwSignal<i64> {
    let clock = use_clock();
    let count = move || (end.millis() - clock.exactly().millis()).div_euclid(1000);
    let left = RwSignal::new(count());
    let timer = set_interval_with_handle(
        move || {
            left.try_set(count());
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || drop(timer.map(|timer| timer.clear())));
    left
}

/// The time left in figures.
#[component]
pub fn Countdown(
    /// The seconds until then.
    left: RwSignal<i64>,
) -> impl IntoView {
    let near = move || (left.get() <= NEAR).then_some("");
    view! {
        <span class="countdown" role="timer" data-near=live(near)>
            {live(move || format::countdown(left.get()))}
        </span>
    }
}
