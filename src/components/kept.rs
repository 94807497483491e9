//! From when something is that was kept on this device.

use leptos::prelude::*;
use portal_api::time::Instant;

use crate::run::live;
use crate::{
    format,
    i18n::words,
    state::{clock::use_clock, network::use_network},
    ui::icon::Icon,
};

/// Says from when something is and why it isn't newer, if it was kept.
#[component]
pub fn Kept(
    /// Since when it is kept; `None` if it is fresh.
    since: Option<Instant>,
) -> impl IntoView {
    let (clock, network) = (use_clock(), use_network());
    since.map(|since| {
        let says = move || words::app_seen_at(&format::ago(since, clock.now()));
        let why = move || {
            if network.online() {
                words::app_no_answer()
            } else {
                words::app_offline()
            }
        };
        view! {
            <p class="kept" role="status">
                <Icon name="offline" />
                <span>{live(why)}" · "{live(says)}</span>
            </p>
        }
    })
}
