//! Giving a booking up: what that costs is said before the last yes.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::{
    petit_monde::booking::Booking,
    portal::bookings::{BookingDetail, Cancelling},
    time::Instant,
};

use super::{Shown, zone};
use crate::{
    client::{self, Problem},
    components::{booking::money, trouble::FormTrouble},
    format,
    i18n::{problem::say, words},
    run::{live, next_frame, pause, to_the_end},
    state::{clock::use_clock, identity::use_identity, network::use_network, toasts::use_toasts},
    ui::{
        button::{Button, Weight},
        dialog::Dialog,
        field::focus,
    },
};

/// After what time it is asked again, and how often at most: together longer than the
/// server sees a request through whose asker has gone.
const AGAIN: Duration = Duration::from_secs(3);
const MOST_TIMES: u32 = 10;

/// What it costs at a time; `None` is nothing.
fn costs(cancelling: &Cancelling, at: Instant) -> Option<String> {
    let late = cancelling.fee_from.is_some_and(|from| at >= from);
    let later = cancelling.fee.as_ref().filter(|_| late);
    money(Some(later.unwrap_or(&cancelling.costs)))
}

/// Something to press that gives it up, where that can be done.
#[component]
pub fn Cancel(
    /// The booking.
    of: BookingDetail,
    /// What the page shows of it.
    detail: Shown,
) -> impl IntoView {
    let network = use_network();
    let cancelling = StoredValue::new(of.cancelling.clone()?);
    let asking = RwSignal::new(false);
    let id = StoredValue::new(of.booking.id.clone());
    let until = free_until(&of, use_clock().exactly());
    let press = move || {
        if !network.online() {
            return view! { <p class="facts-note">{words::hold_offline()}</p> }.into_any();
        }
        view! {
            <Button text=words::booking_cancel() on_press=move |()| asking.set(true) />
        }
        .into_any()
    };
    Some(view! {
        {live(press)}
        <p class="facts-note booking-free">{until}</p>
        <Dialog
            open=asking
            title=words::booking_cancel_title()
            on_close=Callback::new(move |()| asking.set(false))
            children=ToChildren::to_children(move || view! {
                <Sure id=id.get_value() cancelling=cancelling.get_value() asking detail />
            })
        />
    })
}

/// Until when it costs nothing, and what it costs from then on.
fn free_until(of: &BookingDetail, now: Instant) -> Option<String> {
    let cancelling = of.cancelling.as_ref()?;
    let from = cancelling.fee_from?;
    let fee = money(cancelling.fee.as_ref())?;
    if from <= now {
        return None;
    }
    let zone = zone(of);
    let at = [format::day(from, zone), format::clock(from, zone)].join(", ");
    Some(words::booking_free_until(&fee, &at))
}

/// The last yes.
#[component]
fn Sure(
    id: String,
    cancelling: Cancelling,
    asking: RwSignal<bool>,
    detail: Shown,
) -> impl IntoView {
    let (clock, identity, toasts) = (use_clock(), use_identity(), use_toasts());
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    // A second tap is the same request.
    let key = client::new_key();
    let fee = move || match costs(&cancelling, clock.now()) {
        Some(fee) => words::booking_cancel_costs(&fee),
        None if cancelling.may_cost => words::booking_cancel_may_cost(),
        None => words::booking_cancel_free(),
    };
    let press = move |()| {
        let (id, key) = (id.clone(), key.clone());
        busy.set(true);
        refusal.set(None);
        to_the_end(async move {
            let outcome = given_up(&id, &key).await;
            busy.try_set(false);
            match outcome {
                Ok(_) => {
                    asking.try_set(false);
                    toasts.say(words::booking_cancelled_toast());
                    detail.again();
                    // What opened the dialog goes.
                    next_frame().await;
                    focus("heading");
                }
                Err(Problem::Refused { .. }) => {
                    asking.try_set(false);
                    toasts.say(words::booking_cancel_late());
                    detail.again();
                }
                Err(problem) => {
                    identity.heed(&problem);
                    refusal.try_set(Some(unsure(&problem)));
                }
            }
        });
    };
    view! {
        <p>{live(fee)}</p>
        <FormTrouble problem=refusal.into() />
        <div class="booking-sure">
            <Button
                weight=Weight::Danger
                text=words::booking_cancel()
                busy_text=words::booking_cancelling()
                busy
                on_press=press
            />
            <Button text=words::booking_keep() on_press=move |()| asking.set(false) />
        </div>
    }
}

/// Asks again while what was asked before is still under way.
async fn given_up(id: &str, key: &str) -> client::Result<Booking> {
    let mut times = 0;
    loop {
        match client::bookings::cancel(id, key).await {
            Err(Problem::Busy { wait: Some(_) }) if times < MOST_TIMES => times += 1,
            outcome => return outcome,
        }
        pause(AGAIN).await;
    }
}

fn unsure(problem: &Problem) -> String {
    match problem {
        Problem::Offline | Problem::Unanswered => words::booking_cancel_unsure(),
        problem => {
            let said = say(problem);
            let text = [Some(said.text), said.note];
            text.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_costs_nothing_is_free_to_give_up() {
        let free: Cancelling =
            serde_json::from_str(r#"{ "costs": { "amount": 0, "currency": "EUR" } }"#).unwrap();
        assert_eq!(costs(&free, Instant::from_millis(0)), None);
    }
}
