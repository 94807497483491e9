//! From when something is that was kept on this device.

use leptos::prelude::*;
use portal_api::time::Instant;

use crate::run::live;
use crate::{format, i18n::words, state::clock::use_clock, ui::icon::Icon};

/// Says from when something is, if it was kept and there is no network.
#[component]
pub fn Kept(
    /// Since when it is kept; `None` if it is fresh.
    since: Option<Instant>,
) -> impl IntoView {
    let clock = use_clock();
    since.map(|since| {
        let says = move || words::app_seen_at(&format::ago(since, clock.now()));
        view! {
            <p class="kept" role="status">
                <Icon name="offline" />
                <span>{words::app_offline()}" · "{live(says)}</span>
            </p>
        }
    })
}
