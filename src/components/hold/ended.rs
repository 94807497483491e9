//! What became of a hold that is over, said once.

use leptos::prelude::*;
use portal_api::portal::holds::{Hold, HoldEnd};

use super::{link, place};
use crate::{
    i18n::words,
    routes,
    run::live,
    state::holds::use_holds,
    ui::{button::Button, icon::Icon},
};

/// Those that ended, until somebody has read it.
#[component]
pub fn Ended() -> impl IntoView {
    let holding = use_holds();
    let notes = move || {
        let ended = holding.ended().into_iter();
        ended.map(|hold| view! { <Note hold /> }).collect_view()
    };
    view! { <div role="status">{live(notes)}</div> }
}

#[component]
fn Note(hold: Hold) -> impl IntoView {
    let holding = use_holds();
    let place = place(&hold);
    let text = match &hold.end {
        Some(HoldEnd::Used) => words::hold_ended_used(&place),
        Some(HoldEnd::Expired) => words::hold_ended_expired(&place),
        Some(HoldEnd::ByOperator) => words::hold_ended_by_operator(&place),
        Some(HoldEnd::OutOfOrder) => words::hold_ended_out_of_order(&place),
        _ => words::hold_ended(&place),
    };
    let href = match (&hold.end, &hold.session_id) {
        (Some(HoldEnd::Used), Some(session)) => routes::session(session),
        _ => link(&hold),
    };
    let id = hold.reservation.reservation_id;
    view! {
        <div class="hold-ended">
            <Icon name="clock" />
            <a class="hold-ended-text" href=href>{text}</a>
            <Button text=words::app_close() on_press=move |()| holding.seen(&id) />
        </div>
    }
}
