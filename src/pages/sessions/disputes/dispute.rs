//! `/disputes/:id`: how far a dispute is, and what can be answered.

use std::rc::Rc;

use leptos::prelude::*;
use portal_api::{
    dynamo::dispute::DisputeStatus,
    portal::disputes::{DisputeDetail, Turn},
};

use crate::{
    client,
    components::{
        dispute::{
            DisputeChip,
            message::{MessageForm, Sender, Writing},
            story::{DisputeFacts, SentFiles, Timeline},
            turn_text,
        },
        loaded::Loaded,
    },
    i18n::{tab_title, words},
    routes,
    run::live,
    state::{
        address::use_address,
        remote::{Remote, remote},
    },
    ui::{icon::Icon, page::Page, skeleton::Shape},
};

/// The dispute that the address names.
#[component]
pub fn DisputePage() -> impl IntoView {
    let address = use_address();
    let id = Memo::new(move |_| routes::dispute_in(&address.path()).unwrap_or_default());
    live(move || view! { <DisputeById id=id.get() /> }.into_any())
}

#[component]
fn DisputeById(id: String) -> impl IntoView {
    // What is typed outlives what is asked for again while somebody types.
    let writing = Writing::of(&["answer ", &id].concat());
    let remote = remote(move || client::disputes::dispute(id.clone()));
    let title = move || match remote.value().and_then(|detail| detail.row.site_name) {
        Some(place) => words::dispute_page_title(&place),
        None => words::dispute_page_title_plain(),
    };
    view! {
        <a class="back" href=routes::DISPUTES>
            <Icon name="back" />
            {words::disputes_back()}
        </a>
        <Page title=Signal::derive(title) tab_title>
            <Loaded
                remote
                shape=Shape::Overview
                children=move |detail| view! { <All detail remote writing /> }.into_any()
            />
        </Page>
    }
}

#[component]
fn All(detail: DisputeDetail, remote: Remote<DisputeDetail>, writing: Writing) -> impl IntoView {
    let dispute = detail.row.dispute.clone();
    let unconfirmed = dispute.status == DisputeStatus::Unconfirmed;
    let again = routes::dispute_about(&dispute.session_id, detail.line.as_deref());
    let open = matches!(detail.row.turn, Turn::Driver | Turn::Operator);
    view! {
        <section class="card">
            <p class="session-status"><DisputeChip status=dispute.status.clone() /></p>
            <p role="status">{turn_text(detail.row.turn)}</p>
            {unconfirmed.then(|| view! {
                <p>{words::dispute_unconfirmed_text()}</p>
                <a class="card-more" href=again>{words::dispute_send_again()}</a>
            })}
            <DisputeFacts detail=detail.clone() />
            <a class="card-more" href=routes::session(&dispute.session_id)>{words::dispute_to_session()}</a>
        </section>
        <section class="card" aria-labelledby="story">
            <h2 class="card-title" id="story">{words::dispute_story()}</h2>
            <Timeline events=detail.events outcome=detail.outcome />
            <SentFiles files=detail.files />
        </section>
        {open.then(|| view! {
            <Answer id=dispute.dispute_id asked=detail.row.turn == Turn::Driver remote writing />
        })}
    }
}

/// An answer to what was asked, or something more to say.
#[component]
fn Answer(
    id: String,
    asked: bool,
    remote: Remote<DisputeDetail>,
    writing: Writing,
) -> impl IntoView {
    let label = if asked {
        words::dispute_answer()
    } else {
        words::dispute_add()
    };
    let send: Sender = Rc::new(move |message, key| {
        let id = id.clone();
        Box::pin(async move { client::disputes::say(&id, &message, &key).await })
    });
    let done = move |detail: Option<DisputeDetail>| match detail {
        Some(detail) => remote.set(detail),
        None => remote.again(),
    };
    view! {
        <section class="card">
            <MessageForm
                id="answer"
                label
                submit=words::dispute_answer_submit()
                writing
                send
                on_done=Callback::new(done)
            />
        </section>
    }
}
