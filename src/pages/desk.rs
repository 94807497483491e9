//! `/desk/disputes`: what waits for an answer of the operator's staff, the oldest
//! first, with everything about one beside it.

mod decision;
mod dispute;

use leptos::prelude::*;

use crate::{
    components::{
        chunk::{Chunk, chunk},
        dispute::list::{List, disputes_from},
    },
    i18n::{tab_title, words},
    routes,
    run::live,
    state::address::use_address,
    ui::{page::Page, skeleton::Shape},
};

chunk!(chosen_dispute in desk_dispute draws dispute::ChosenDispute);

/// Told when a step was taken with the dispute that is open.
#[derive(Clone, Copy)]
struct Stepped(Callback<()>);

/// The queue, and the dispute that the address names.
#[component]
pub fn DeskPage() -> impl IntoView {
    let address = use_address();
    let id = Memo::new(move |_| routes::desk_dispute_in(&address.path()));
    // Something was done: the queue is asked for again.
    let done = RwSignal::new(0_u32);
    provide_context(Stepped(Callback::new(move |()| {
        done.update(|done| *done += 1);
    })));
    let chosen = Memo::new(move |_| id.with(Option::is_some));
    let pane = move || {
        if chosen.get() {
            view! { <Chunk page=chosen_dispute shape=Shape::Overview /> }.into_any()
        } else {
            view! { <p class="desk-choose">{words::desk_choose()}</p> }.into_any()
        }
    };
    view! {
        <Page title=words::desk_title() tab_title>
            <div class="desk" data-open=live(move || id.get().map(|_| ""))>
                <section class="desk-queue" aria-label=words::desk_queue()>{disputes_from(List::Desk, 0, done.into())}</section>
                <section class="desk-pane" aria-label=words::desk_pane()>{live(pane)}</section>
            </div>
        </Page>
    }
}
