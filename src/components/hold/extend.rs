//! Holding a plug for longer.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::{portal::holds::Hold, time::Instant};

use crate::{
    client::{self, Problem},
    format,
    i18n::words,
    run::{pause, to_the_end},
    state::{holds::use_holds, identity::use_identity, toasts::use_toasts},
    ui::button::Button,
};

/// How much longer, in minutes.
const STEP: i64 = 15;

/// How often the same is asked again when no answer comes.
const TRIES: u32 = 4;

/// Until when it would be held then; `None` if that is not a minute longer.
fn longer(hold: &Hold) -> Option<Instant> {
    let now = hold.reservation.expires_at;
    let wanted = now.plus_seconds(STEP * 60);
    let until = hold.latest.map_or(wanted, |latest| wanted.min(latest));
    (until >= now.plus_seconds(60)).then_some(until)
}

/// Something to press that holds it for longer, where that can be.
#[component]
pub fn Extend(
    /// What is held.
    hold: Hold,
) -> impl IntoView {
    let (holding, identity, toasts) = (use_holds(), use_identity(), use_toasts());
    let until = longer(&hold)?;
    let busy = RwSignal::new(false);
    let before = hold.reservation.expires_at;
    let minutes = (until.millis() - before.millis()) / 60_000;
    let minutes = format::duration(minutes);
    let (id, zone) = (hold.reservation.reservation_id, hold.time_zone);
    let press = move |()| {
        let (id, zone) = (id.clone(), zone.clone());
        busy.set(true);
        to_the_end(async move {
            let outcome = ask(&id, until).await;
            busy.try_set(false);
            match outcome {
                Ok(hold) => {
                    let until = hold.reservation.expires_at;
                    // A charge point that says no, or a hold that is over: it is told as it is.
                    let text = if hold.end.is_some() || until <= before {
                        words::hold_not_extended()
                    } else {
                        words::hold_extended(&format::clock(until, zone.as_deref()))
                    };
                    holding.hear(hold);
                    toasts.say(text);
                }
                Err(problem) => {
                    identity.heed(&problem);
                    toasts.say(words::hold_not_extended());
                    holding.read().await;
                }
            }
        });
    };
    Some(view! {
        <Button
            text=words::hold_longer(&minutes)
            label=words::hold_longer_label(&minutes)
            busy
            on_press=press
        />
    })
}

/// Asks with one key until it is known.
async fn ask(reservation_id: &str, until: Instant) -> client::Result<Hold> {
    let key = client::new_key();
    let mut tries = 0;
    loop {
        tries += 1;
        match client::charging::extend(reservation_id, until, &key).await {
            Err(
                Problem::Offline | Problem::Slow | Problem::Unanswered | Problem::Upstream { .. },
            ) if tries < TRIES => {
                pause(Duration::from_secs(2)).await;
            }
            outcome => return outcome,
        }
    }
}
