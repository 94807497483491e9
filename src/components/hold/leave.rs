//! Giving a hold up, with a while to think again.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;
use portal_api::portal::holds::Hold;

use super::place;
use crate::{
    i18n::words,
    run::{pause, to_the_end},
    state::{
        holds::{Holding, use_holds},
        toasts::{Toasts, name, use_toasts},
    },
    ui::{button::Button, field::focus},
};

/// Something to press that gives it up.
#[component]
pub fn Leave(
    /// What is held.
    hold: Hold,
) -> impl IntoView {
    let (holding, toasts) = (use_holds(), use_toasts());
    let label = words::hold_leave_label(&place(&hold));
    let press = move |()| leave(holding, toasts, &hold);
    view! { <Button text=words::hold_leave() label on_press=press /> }
}

fn leave(holding: Holding, toasts: Toasts, hold: &Hold) {
    let by_keyboard = has_keyboard_focus();
    let (id, at) = (hold.reservation.reservation_id.clone(), place(hold));
    // One after the other: about the one before nobody thinks again.
    give_up(holding, toasts, holding.left_here());
    holding.leave(&id);
    let text = words::hold_left(&at);
    let left = id.clone();
    let undo = Arc::new(move || {
        if !holding.stay(&left) {
            toasts.say(words::hold_ended(&at));
        }
        if by_keyboard {
            // The button that had the focus is gone.
            focus("content");
        }
    });
    let toast = toasts.offer(text, (words::hold_undo(), undo));
    if by_keyboard {
        // It stands last in the page, and not for long.
        request_animation_frame(move || focus(&name(toast)));
    }
    // As long as the message can be answered.
    to_the_end(async move {
        let unanswered = toasts.last(toast).await;
        if unanswered && untrack(|| holding.is_leaving(&id)) {
            give_up(holding, toasts, Some(id));
        }
    });
}

/// Gives up what was left, and says so where that fails.
pub fn give_up(holding: Holding, toasts: Toasts, left: Option<String>) {
    let Some(id) = left else { return };
    to_the_end(async move {
        if holding.give_up(&id).await.is_err() {
            // Nobody reads it before.
            while document().hidden() {
                pause(Duration::from_secs(1)).await;
            }
            toasts.say(words::hold_not_left());
        }
    });
}

/// Whether what is pressed was come to by keyboard: whoever uses a finger or a mouse
/// finds the next button without the focus.
fn has_keyboard_focus() -> bool {
    let focused = document().query_selector("button:focus-visible");
    focused.ok().flatten().is_some()
}
