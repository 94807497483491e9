//! What waits for the operator's staff.

use leptos::prelude::*;
use portal_api::portal::disputes::DisputePage;

use crate::{
    client,
    components::trouble::PartTrouble,
    i18n::words,
    routes,
    run::live,
    state::remote::{Load, remote},
    ui::{
        chip::{Chip, Tone},
        skeleton::{Shape, Skeleton},
    },
};

/// How many disputes are not decided yet, and the way to them.
#[component]
pub fn AtDesk() -> impl IntoView {
    let queue = remote(|| client::disputes::queue(0));
    let retry = Callback::new(move |()| queue.again());
    live(move || match queue.load() {
        Load::Waiting => {
            view! { <Skeleton shape=Shape::Rows(1) label=words::app_loading() /> }.into_any()
        }
        Load::Failed(_) => {
            view! { <PartTrouble text=words::home_no_desk() busy=queue.busy() retry /> }.into_any()
        }
        Load::Here(answer) => card(&answer.value),
    })
}

fn card(queue: &DisputePage) -> AnyView {
    let (tone, text) = if queue.total == 0 {
        (Tone::Neutral, words::desk_empty_title())
    } else {
        (Tone::Notable, words::home_desk_waits(queue.total))
    };
    view! {
        <section class="card">
            <a class="home-live-link" href=routes::DESK>
                <Chip tone icon="desk" text=words::tab_desk() />
                <span class="home-live-place">{text}</span>
            </a>
        </section>
    }
    .into_any()
}
