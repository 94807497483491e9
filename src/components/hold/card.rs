//! A hold with all one can do about it.

use leptos::prelude::*;
use portal_api::portal::holds::Hold;

use super::{
    calendar::HoldToCalendar,
    countdown::{Countdown, seconds_until},
    extend::Extend,
    leave::Leave,
    link, place, plug,
    reminder::Remind,
    until,
};
use crate::{
    i18n::words,
    run::live,
    state::{holds::use_holds, network::use_network},
    ui::chip::{Chip, Tone},
};

/// Everything that is held, one card each.
#[component]
pub fn HeldCards() -> impl IntoView {
    let holding = use_holds();
    let held = Memo::new(move |_| holding.held());
    let cards = move || {
        let held = held.get().into_iter();
        held.map(
            |hold| view! { <section class="card hold"><HoldCard hold linked=true /></section> },
        )
        .collect_view()
    };
    live(cards)
}

/// Which plug it is that is held.
#[derive(Clone)]
pub struct HeldPlug {
    /// Of which charge point.
    pub charge_point_id: String,
    /// Which one.
    pub connector_id: u32,
}

/// The hold of the [`HeldPlug`] of the context.
#[component]
pub fn HeldHere() -> impl IntoView {
    let (holding, plug) = (use_holds(), expect_context::<HeldPlug>());
    let hold = Memo::new(move |_| holding.of_plug(&plug.charge_point_id, plug.connector_id));
    let card = move || {
        let hold = hold.get()?;
        Some(view! { <div class="hold"><HoldCard hold /></div> })
    };
    live(card)
}

/// What is held, how long still, and what one can do about it.
#[component]
fn HoldCard(
    /// What is held.
    hold: Hold,
    /// Whether it leads to its charger.
    #[prop(optional)]
    linked: bool,
) -> impl IntoView {
    let network = use_network();
    let left = seconds_until(hold.reservation.expires_at);
    let free = match hold.free {
        Some(true) => Some(words::hold_free()),
        _ => None,
    };
    let kept = StoredValue::new(hold.clone());
    let actions = move || {
        let hold = kept.get_value();
        if network.online() {
            view! {
                <Extend hold=hold.clone() />
                <Leave hold />
            }
            .into_any()
        } else {
            view! { <p class="facts-note">{words::hold_offline()}</p> }.into_any()
        }
    };
    let name = if linked {
        view! {
            <a class="hold-link" href=link(&hold)>
                <span class="hold-place">{place(&hold)}</span>
                <span class="hold-plug">{plug(&hold)}</span>
            </a>
        }
        .into_any()
    } else {
        ().into_any()
    };
    view! {
        <Chip tone=Tone::Live icon="clock" text=words::hold_held() />
        {name}
        <p class="hold-left">
            <Countdown left />
            <span class="hold-until">{words::hold_until(&until(&hold))}</span>
        </p>
        <p class="facts-note">{words::hold_plug_in()}" "{free}</p>
        <div class="hold-actions">
            {live(actions)}
            <HoldToCalendar hold />
            <Remind />
        </div>
    }
}
