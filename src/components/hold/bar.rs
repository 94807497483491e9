//! The hold that lapses first, on every page: above the tabs on a phone, below them
//! in the rail on a desk.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::portal::holds::Hold;

use super::{
    countdown::{Countdown, seconds_until},
    extend::Extend,
    leave::Leave,
    link, place, plug,
    reminder::remind,
    until,
};
use crate::{
    i18n::words,
    routes,
    run::{live, pause, whenever, while_here},
    state::{holds::use_holds, network::use_network},
    ui::icon::Icon,
};

/// When the time left is spoken, in minutes.
const SPOKEN: [i64; 3] = [15, 5, 1];

/// When the browser reminds of it, in minutes.
const REMINDED: i64 = 5;

/// The bar, as long as something is held.
#[component]
pub fn HoldBar() -> impl IntoView {
    let holding = use_holds();
    let first = Memo::new(move |_| {
        let mut held = holding.held();
        let more = held.len().saturating_sub(1);
        (!held.is_empty()).then(|| (held.swap_remove(0), more))
    });
    // It stands there before anything is to be said: only then is it spoken.
    let spoken = RwSignal::new(String::new());
    view! {
        <p class="said-only" aria-live="polite">{live(move || spoken.get())}</p>
        {live(move || first.get().map(|(hold, more)| view! { <Bar hold more spoken /> }))}
    }
}

#[component]
fn Bar(hold: Hold, more: usize, spoken: RwSignal<String>) -> impl IntoView {
    let network = use_network();
    let left = seconds_until(hold.reservation.expires_at);
    speak_in_time(left, place(&hold), spoken);
    ask_at_the_end(left);
    let near = move || (left.get() <= REMINDED * 60).then_some("");
    let kept = StoredValue::new(hold.clone());
    let actions = move || {
        network.online().then(|| {
            let hold = kept.get_value();
            view! {
                <div class="hold-bar-actions">
                    <Extend hold=hold.clone() />
                    <Leave hold />
                </div>
            }
        })
    };
    let more = (more > 0).then(|| {
        let count = u64::try_from(more).unwrap_or_default();
        view! { <a class="hold-bar-more" href=routes::RESERVATIONS>{words::hold_more(count)}</a> }
    });
    view! {
        <section class="hold-bar" aria-label=words::hold_held() data-near=live(near)>
            <a class="hold-bar-link" href=link(&hold)>
                <Icon name="clock" />
                <span class="hold-bar-place">{place(&hold)}</span>
                <span class="hold-bar-plug">
                    {plug(&hold)}" · "{words::hold_until(&until(&hold))}
                </span>
            </a>
            <Countdown left />
            {live(actions)}
            {more}
        </section>
    }
}

/// Says when only so many minutes are left.
fn speak_in_time(left: RwSignal<i64>, place: String, spoken: RwSignal<String>) {
    let mut before = None::<i64>;
    whenever(move || {
        let now = left.get();
        let passed = before.replace(now).and_then(|before| {
            let passes = |minutes: &&i64| before > **minutes * 60 && now <= **minutes * 60;
            SPOKEN.iter().rfind(passes)
        });
        if let Some(minutes) = passed {
            let text = words::hold_spoken(minutes.unsigned_abs(), &place);
            if *minutes == REMINDED {
                remind(text.clone());
            }
            spoken.set(text);
        }
    });
}

/// Once its time is up the server says what became of it.
fn ask_at_the_end(left: RwSignal<i64>) {
    let holding = use_holds();
    let over = Memo::new(move |_| left.get() <= 0);
    whenever(move || {
        if over.get() {
            while_here(async move {
                for seconds in [1, 2, 4, 8, 16] {
                    pause(Duration::from_secs(seconds)).await;
                    holding.read().await;
                }
            });
        }
    });
}
