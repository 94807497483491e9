//! What waits to be sent, on every page; and its sending.

mod files;

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::{
    chunk::chunk_work,
    dispute::filing::{file, may_be_sent_again},
};
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

chunk_work!(send_files in dispute_files does files::send_files:
    (waiting: Waiting, outbox: Outbox, identity: Identity) -> Option<Waiting>);

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

/// What signing out would take with it, one line each.
#[component]
pub fn Lost() -> impl IntoView {
    let outbox = use_outbox();
    let lines = move || {
        let line = |waiting: Waiting| {
            view! { <p class="form-trouble">{words::outbox_lost(&waiting.place)}</p> }
        };
        outbox.all().into_iter().map(line).collect_view()
    };
    live(lines)
}

#[component]
fn Line(waiting: Waiting) -> impl IntoView {
    let outbox = use_outbox();
    let (place, about) = (waiting.place.clone(), waiting.session_id.clone());
    let (text, action) = match (&waiting.unfit, waiting.refused) {
        (Some(unfit), _) => (words::outbox_unfit(&place, unfit), words::outbox_cancel()),
        (None, true) => (words::outbox_refused(&place), words::outbox_remove()),
        (None, false) => (words::outbox_waits(&place), words::outbox_cancel()),
    };
    let icon = if waiting.refused { "alert" } else { "offline" };
    let href = routes::dispute_about(&about, None);
    let label = [&action, ": ", &place].concat();
    let without = waiting.unfit.is_some().then(|| {
        let text = words::outbox_without();
        let label = [&text, ": ", &place].concat();
        let on_press = move |()| outbox.leave_out_file(waiting.clone());
        view! { <Button text label on_press /> }
    });
    view! {
        <div class="outbox">
            <Icon name=icon />
            <a class="outbox-text" href=href>{text}</a>
            <div class="outbox-actions">
                {without}
                <Button
                    text=action
                    label
                    busy=outbox.sending()
                    on_press=move |()| outbox.take_out(&about)
                />
            </div>
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
    if waiting.next_file().is_some() {
        // Without the code for it, it is tried again later.
        match send_files(waiting, outbox, identity).await {
            Ok(Some(with_files)) => waiting = with_files,
            Ok(None) | Err(_) => return,
        }
    }
    match file(&waiting.session_id, &waiting.whole(), &waiting.key).await {
        Ok(filed) => {
            outbox.draft(&waiting.session_id).confirmed();
            toasts.say(words::outbox_sent(&waiting.place));
            outbox.sent(waiting, filed.dispute_id);
        }
        Err(problem) if may_be_sent_again(&problem) => identity.heed(&problem),
        Err(_) => {
            waiting.refused = true;
            outbox.note(waiting);
        }
    }
}
