//! Giving a hold up, with a while to think again.

use std::sync::Arc;

use leptos::prelude::*;
use portal_api::portal::holds::Hold;

use super::place;
use crate::{
    i18n::words,
    run::{pause, to_the_end},
    state::{
        holds::{Holding, use_holds},
        toasts::{STAYS, Toasts, use_toasts},
    },
    ui::button::Button,
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
    let id = hold.reservation.reservation_id.clone();
    holding.leave(&id);
    let undo = Arc::new(move || holding.stay());
    toasts.offer(
        words::hold_left(&place(hold)),
        Some((words::hold_undo(), undo)),
    );
    // As long as the message can be answered.
    to_the_end(async move {
        pause(STAYS).await;
        if untrack(|| holding.is_leaving(&id)) && holding.give_up().await.is_err() {
            toasts.say(words::hold_not_left());
        }
    });
}
