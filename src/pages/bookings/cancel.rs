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
    components::{
        booking::money,
        chunk::{Chunk, chunk},
        trouble::FormTrouble,
    },
    format,
    i18n::{problem::say_in_a_line, words},
    run::{live, next_frame, pause, to_the_end},
    state::{
        clock::use_clock,
        identity::use_identity,
        network::use_network,
        toasts::{Toasts, use_toasts},
    },
    ui::{
        button::{Button, Weight},
        dialog::Dialog,
        field::focus,
        skeleton::Shape,
    },
};

chunk!(sure in booking_cancel draws Sure);

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

/// A booking that may be given up.
#[derive(Clone, Copy)]
struct Giving {
    detail: Shown,
    /// What that costs, as it was told last.
    cancelling: Memo<Option<Cancelling>>,
    asking: RwSignal<bool>,
    busy: RwSignal<bool>,
    refusal: RwSignal<Option<String>>,
    /// A second tap is the same request.
    key: StoredValue<String>,
}

impl Giving {
    fn of(detail: Shown) -> Self {
        let told = move || detail.value().and_then(|of| of.cancelling);
        Self {
            detail,
            cancelling: Memo::new(move |before: Option<&Option<Cancelling>>| {
                told().or_else(|| before.cloned().flatten())
            }),
            asking: RwSignal::new(false),
            busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
            key: StoredValue::new(client::new_key()),
        }
    }

    /// Why it isn't given up, beside the question as long as that stands there.
    fn refused(self, why: String, toasts: Toasts) {
        if self.asking.try_get_untracked() == Some(true) {
            self.refusal.set(Some(why));
        } else {
            toasts.say(why);
        }
    }

    /// Nothing is asked any more.
    fn over(self, says: String, toasts: Toasts) {
        self.asking.try_set(false);
        toasts.say(says);
        self.detail.again();
    }
}

/// Something to press that gives it up, where that can be done.
#[component]
pub fn Cancel(
    /// What the page shows of it.
    detail: Shown,
) -> impl IntoView {
    let (network, clock) = (use_network(), use_clock());
    let giving = Giving::of(detail);
    provide_context(giving);
    let may = Memo::new(move |_| detail.value().is_some_and(|of| of.cancelling.is_some()));
    let ask = move |()| {
        giving.refusal.set(None);
        giving.asking.set(true);
    };
    let press = move || {
        may.get().then(|| {
            if network.online() {
                view! { <Button text=words::booking_cancel() on_press=ask /> }.into_any()
            } else {
                view! { <p class="facts-note">{words::hold_offline()}</p> }.into_any()
            }
        })
    };
    let until = move || free_until(&detail.value()?, clock.exactly());
    view! {
        {live(press)}
        <p class="facts-note booking-free">{live(until)}</p>
        <Dialog
            open=giving.asking
            title=words::booking_cancel_title()
            on_close=Callback::new(move |()| giving.asking.set(false))
            children=ToChildren::to_children(|| view! { <Chunk page=sure shape=Shape::Rows(1) /> })
        />
    }
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

/// The last yes; it has code of its own.
#[component]
fn Sure() -> impl IntoView {
    let giving: Giving = expect_context();
    let (clock, identity, toasts) = (use_clock(), use_identity(), use_toasts());
    let fee = move || {
        let cancelling = giving.cancelling.get()?;
        Some(match costs(&cancelling, clock.now()) {
            Some(fee) => words::booking_cancel_costs(&fee),
            None if cancelling.may_cost => words::booking_cancel_may_cost(),
            None => words::booking_cancel_free(),
        })
    };
    let press = move |()| {
        let Some(of) = untrack(|| giving.detail.value()) else {
            return;
        };
        let (id, key) = (of.booking.id, giving.key.get_value());
        giving.busy.set(true);
        giving.refusal.set(None);
        to_the_end(async move {
            let outcome = given_up(&id, &key).await;
            giving.busy.try_set(false);
            match outcome {
                Ok(_) => {
                    giving.over(words::booking_cancelled_toast(), toasts);
                    // What opened the dialog goes.
                    next_frame().await;
                    focus("heading");
                }
                Err(Problem::Refused { .. }) => giving.over(words::booking_cancel_late(), toasts),
                Err(problem) => {
                    identity.heed(&problem);
                    giving.refused(unsure(&problem), toasts);
                }
            }
        });
    };
    view! {
        <p>{live(fee)}</p>
        <FormTrouble problem=giving.refusal.into() />
        <div class="booking-sure">
            <Button
                weight=Weight::Danger
                text=words::booking_cancel()
                busy_text=words::booking_cancelling()
                busy=giving.busy
                on_press=press
            />
            <Button text=words::booking_keep() on_press=move |()| giving.asking.set(false) />
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
        problem => say_in_a_line(problem),
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
