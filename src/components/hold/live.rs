//! What runs on every page of somebody who charges: their holds are known, what
//! changes is heard, of what became of a booking they are told, and what was asked for before is brought to its end.

use leptos::{ev, prelude::*};
use portal_api::portal::events::BookingNews;

use super::{bar::HoldBar, ended::Ended, leave::give_up, refusal, reminder::remind};
use crate::{
    components::booking::news::news,
    routes,
    run::{to_the_end, whenever},
    state::{
        address::{Address, use_address},
        clock::{Clock, use_clock},
        events::{News, follow},
        holds::{Holding, Stage, use_holds},
        identity::{Identity, use_identity},
        live::{Live, use_live},
        network::use_network,
        toasts::{Toasts, use_toasts},
    },
};

/// The hold in the frame, and all that keeps it true.
#[component]
pub fn LiveNews() -> impl IntoView {
    let around = Around {
        holding: use_holds(),
        live: use_live(),
        clock: use_clock(),
        identity: use_identity(),
        address: use_address(),
        toasts: use_toasts(),
        since: js_sys::Date::now(),
    };
    let holding = around.holding;
    holding.remember();
    holding.resume();
    // What the page before had no time left for.
    give_up(holding, around.toasts, holding.left_before());
    read_in_time(holding, around.toasts);
    say_what_was_refused(holding);
    follow(move |news| hear(news, around));
    // Whatever changed since the page was asked for was told to others only.
    around.live.reset();
    view! {
        <Ended />
        <HoldBar />
    }
}

/// So long, in milliseconds, what is told to be read anew comes with the page itself, which
/// has just asked for it.
const SETTLED: f64 = 30_000.0;

/// What hears of changes.
#[derive(Clone, Copy)]
struct Around {
    holding: Holding,
    live: Live,
    clock: Clock,
    identity: Identity,
    address: Address,
    toasts: Toasts,
    /// When it began to hear, in the device's milliseconds.
    since: f64,
}

fn hear(news: News, around: Around) {
    let live = around.live;
    match news {
        News::Hello(hello) => around.clock.set(hello.now),
        News::Connector(news) => live.connector_changed(news),
        News::Session(news) => live.session_changed(news),
        News::Hold(hold) => around.holding.hear(*hold),
        News::Booking(news) => hear_of_booking(*news, around),
        News::Reset => {
            live.reset();
            if js_sys::Date::now() - around.since > SETTLED {
                live.sessions_missed();
            }
            to_the_end(around.holding.read());
            // Somebody may have added them to a group, or taken them out of one.
            to_the_end(around.identity.again());
        }
    }
}

/// Whoever looks at the booking's own page sees it there.
fn hear_of_booking(told: BookingNews, around: Around) {
    let text = news(&told, around.clock.exactly());
    let page = routes::booking(&told.booking.id);
    if !around.live.booking_changed(told) {
        return;
    }
    if let Some(text) = text {
        if document().hidden() {
            remind(text.clone());
        }
        if untrack(|| around.address.path()) != page {
            around.toasts.say(text);
        }
    }
}

/// Asks for the holds when the page is looked at again or the network comes back:
/// whoever sleeps hears nothing. What was left is given up before the page goes away.
fn read_in_time(holding: Holding, toasts: Toasts) {
    let network = use_network();
    let away = move || give_up(holding, toasts, holding.left_here());
    let looked = window_event_listener(
        ev::Custom::<web_sys::Event>::new("visibilitychange"),
        move |_| {
            if document().hidden() {
                away();
            } else {
                to_the_end(holding.read());
            }
        },
    );
    let gone = window_event_listener(ev::Custom::<web_sys::Event>::new("pagehide"), move |_| {
        away();
    });
    on_cleanup(move || {
        looked.remove();
        gone.remove();
    });
    whenever(move || {
        if network.online() {
            to_the_end(holding.read());
        }
    });
}

/// Somebody who went to another page meanwhile is told there.
fn say_what_was_refused(holding: Holding) {
    let (address, toasts) = (use_address(), use_toasts());
    whenever(move || {
        let Some((attempt, Stage::Refused(why))) = holding.attempt() else {
            return;
        };
        let path = untrack(|| address.path());
        let scanned = routes::scanned_in(&path).map(|(id, _)| id);
        if routes::charger_in(&path).or(scanned).as_ref() != Some(&attempt.charge_point_id) {
            let (title, text) = refusal(&why);
            toasts.say([&attempt.charge_point_id, ": ", &title, ". ", &text].concat());
            holding.forget_attempt();
        }
    });
}
