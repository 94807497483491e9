//! What waits to be sent, on every page; and its sending.

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::dispute::filing::{file, may_be_sent_again};
use crate::{
    i18n::words,
    routes,
    run::{live, to_the_end, whenever},
    state::{
        address::use_address,
        identity::{Identity, use_identity},
        network::use_network,
        outbox::{Outbox, Waiting, use_outbox},
        toasts::{Toasts, use_toasts},
    },
    ui::{button::Button, icon::Icon},
};

/// How often it is tried while something waits: a browser doesn't always hear
/// that the network is back.
const AGAIN: Duration = Duration::from_secs(20);

/// What waits, one line each.
#[component]
pub fn OutboxNote() -> impl IntoView {
    let (outbox, address) = (use_outbox(), use_address());
    send_in_time();
    let lines = move || {
        let path = address.path();
        outbox
            .all()
            .into_iter()
            // Its own page says more about it.
            .filter(|waiting| routes::dispute_about(&waiting.session_id, None) != path)
            .map(|waiting| view! { <Line waiting /> })
            .collect_view()
    };
    view! { <div role="status">{live(lines)}</div> }
}

#[component]
fn Line(waiting: Waiting) -> impl IntoView {
    let outbox = use_outbox();
    let key = waiting.key.clone();
    let (text, action) = if waiting.refused {
        (
            words::outbox_refused(&waiting.place),
            words::outbox_remove(),
        )
    } else {
        (words::outbox_waits(&waiting.place), words::outbox_cancel())
    };
    let href = routes::dispute_about(&waiting.session_id, None);
    let label = [&action, ": ", &waiting.place].concat();
    view! {
        <div class="outbox">
            <Icon name="offline" />
            <a class="outbox-text" href=href>{text}</a>
            <Button
                text=action
                label
                busy=outbox.sending()
                on_press=move |()| outbox.take_out(&key)
            />
        </div>
    }
}

/// Sends at once, when the network or the person comes back, when the page is
/// looked at again, and now and then.
fn send_in_time() {
    let (outbox, identity, network, toasts) =
        (use_outbox(), use_identity(), use_network(), use_toasts());
    let send = move || to_the_end(send_all(outbox, identity, toasts));
    whenever(move || {
        identity.returns();
        let some = outbox.all().iter().any(|waiting| !waiting.refused);
        if network.online() && some {
            send();
        }
    });
    let looked = window_event_listener(
        ev::Custom::<web_sys::Event>::new("visibilitychange"),
        move |_| send(),
    );
    let timer = set_interval_with_handle(send, AGAIN).ok();
    on_cleanup(move || {
        looked.remove();
        if let Some(timer) = timer {
            timer.clear();
        }
    });
}

async fn send_all(outbox: Outbox, identity: Identity, toasts: Toasts) {
    if outbox.sending().get_untracked() {
        return;
    }
    let work = async move {
        // Another page may have sent it while this one waited its turn.
        let all = untrack(|| outbox.all());
        for waiting in all.into_iter().filter(|waiting| !waiting.refused) {
            send_one(waiting, outbox, identity, toasts).await;
        }
    };
    outbox.alone(work).await;
}

async fn send_one(mut waiting: Waiting, outbox: Outbox, identity: Identity, toasts: Toasts) {
    match file(&waiting.session_id, &waiting.request, &waiting.key).await {
        Ok(filed) => {
            outbox.draft(&waiting.session_id).confirmed();
            outbox.sent(&waiting, filed.dispute_id);
            toasts.say(words::outbox_sent(&waiting.place));
        }
        Err(problem) if may_be_sent_again(&problem) => identity.heed(&problem),
        Err(_) => {
            waiting.refused = true;
            outbox.put(waiting);
        }
    }
}
