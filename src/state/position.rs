//! Where somebody is: asked for only when they want to find what is near, and kept
//! nowhere but in this page's memory.

use std::cell::Cell;

use leptos::prelude::*;
use portal_api::{decimal::Decimal, portal::charge_points};
use wasm_bindgen::prelude::*;

thread_local! {
    static HERE: Cell<Option<charge_points::Position>> = const { Cell::new(None) };
}

/// Why nobody knows where somebody is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Lost {
    /// They don't want to tell.
    Denied,
    /// The device cannot find out.
    Unknown,
}

/// Where they were when they told last.
pub fn here() -> Option<charge_points::Position> {
    HERE.get()
}

/// Forgets where they are.
pub fn forget() {
    HERE.set(None);
}

/// Asks the browser, which asks them; its answer may come when the page that asked is gone.
pub fn find(found: Callback<Result<charge_points::Position, Lost>>) {
    let tell = move |outcome| {
        found.try_run(outcome);
    };
    let Ok(geolocation) = window().navigator().geolocation() else {
        return tell(Err(Lost::Unknown));
    };
    let known = Closure::once_into_js(move |position: web_sys::Position| {
        let coordinates = position.coords();
        let position = charge_points::Position {
            latitude: degrees(coordinates.latitude()),
            longitude: degrees(coordinates.longitude()),
        };
        HERE.set(Some(position));
        tell(Ok(position));
    });
    let lost = Closure::once_into_js(move |error: web_sys::PositionError| {
        let denied = error.code() == web_sys::PositionError::PERMISSION_DENIED;
        tell(Err(if denied { Lost::Denied } else { Lost::Unknown }));
    });
    let options = web_sys::PositionOptions::new();
    options.set_timeout(10_000);
    options.set_maximum_age(60_000);
    let asked = geolocation.get_current_position_with_error_callback_and_options(
        known.unchecked_ref(),
        Some(lost.unchecked_ref()),
        &options,
    );
    if asked.is_err() {
        tell(Err(Lost::Unknown));
    }
}

/// To about ten metres: nobody needs to know it more exactly.
fn degrees(exact: f64) -> Decimal {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "degrees are far below 2^53 parts"
    )]
    let parts = (exact * 10_000.0).round() as i64;
    Decimal::new(parts, 4)
}
