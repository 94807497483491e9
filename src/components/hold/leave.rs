//! Giving a hold up, with a while to think again.

use std::sync::Arc;

use leptos::prelude::*;
use portal_api::portal::holds::Hold;

use super::place;
use crate::{
    i18n::words,
    run::to_the_end,
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
    let id = hold.reservation.reservation_id.clone();
    holding.leave(&id);
    let undo = Arc::new(move || {
        holding.stay();
        if by_keyboard {
            // The button that had the focus is gone.
            focus("content");
        }
    });
    let toast = toasts.offer(words::hold_left(&place(hold)), (words::hold_undo(), undo));
    if by_keyboard {
        // It stands last in the page, and not for long.
        request_animation_frame(move || focus(&name(toast)));
    }
    // As long as the message can be answered.
    to_the_end(async move {
        let unanswered = toasts.last(toast).await;
        if unanswered && untrack(|| holding.is_leaving(&id)) && holding.give_up().await.is_err() {
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
