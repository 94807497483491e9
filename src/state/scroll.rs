//! How far down a page one is, so that coming back finds the same place.

use leptos::{ev, prelude::*};

/// How far down one is, `from` somewhere on. Noted all along: when one leaves, the
/// page is short and at its top already.
pub fn how_far_down(from: Option<f64>) -> StoredValue<f64> {
    let down = StoredValue::new(from.unwrap_or_default());
    let scrolled = window_event_listener(ev::scroll, move |_| {
        down.set_value(window().scroll_y().unwrap_or_default());
    });
    on_cleanup(move || scrolled.remove());
    down
}

/// Goes to where one was: at once, and again when the frame has settled.
pub fn back_to(scroll: f64) {
    let go = move || window().scroll_to_with_x_and_y(0.0, scroll);
    go();
    request_animation_frame(go);
}
