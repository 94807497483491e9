//! A dispute at the desk: everything about its session, and what can be done.

use std::rc::Rc;

use leptos::{html, prelude::*};
use portal_api::portal::{
    SessionDetail,
    disputes::{DeskDispute, DisputeDetail, EventKind, Turn},
};

use super::{
    Stepped,
    decision::{Deciding, DecisionForm},
};
use crate::{
    client,
    components::{
        cost::Cost,
        dispute::{
            DisputeChip,
            message::{MessageForm, Sender, Writing},
            story::{DisputeFacts, SentFiles, Timeline},
        },
        findings::Findings,
        loaded::Loaded,
        session_row::place,
    },
    format,
    i18n::words,
    routes,
    run::{live, whenever},
    state::{
        address::use_address,
        remote::{Remote, remote},
        toasts::use_toasts,
    },
    ui::{icon::Icon, skeleton::Shape},
};

/// What can be done with a dispute at the desk.
#[derive(Clone, Copy)]
pub struct AtWork {
    /// The dispute, asked for again after each step.
    pub remote: Remote<DeskDispute>,
    /// Told of each step.
    pub on_done: Callback<()>,
    /// Whether the dispute was still open when it was last drawn.
    was_open: StoredValue<Option<bool>>,
}

impl AtWork {
    /// A step was taken, or somebody else took one before.
    pub fn stepped(self, detail: Option<DisputeDetail>) {
        match (detail, self.remote.value()) {
            (Some(dispute), Some(known)) => self.remote.set(DeskDispute { dispute, ..known }),
            _ => self.remote.again(),
        }
        self.on_done.run(());
    }
}

/// The dispute that the address names.
#[component]
pub fn ChosenDispute() -> impl IntoView {
    let address = use_address();
    let Stepped(on_done) = expect_context();
    let id = Memo::new(move |_| routes::desk_dispute_in(&address.path()));
    live(move || {
        id.get()
            .map(|id| view! { <AtDesk id on_done /> }.into_any())
    })
}

#[component]
fn AtDesk(id: String, on_done: Callback<()>) -> impl IntoView {
    // What is typed outlives what is asked for again while somebody types.
    let question = Writing::of(&["question ", &id].concat());
    let deciding = Deciding::of(&id);
    let remote = remote(move || client::disputes::at_desk(id.clone()));
    let work = AtWork {
        remote,
        on_done,
        was_open: StoredValue::new(None),
    };
    whenever(move || {
        let events = remote.value().map(|all| all.dispute.events);
        let last = events.and_then(|events| Some(events.last()?.kind));
        // Just taken up, maybe: the queue doesn't know yet.
        if last == Some(EventKind::InReview) {
            on_done.run(());
        }
    });
    view! {
        <a class="back desk-back" href=routes::DESK>
            <Icon name="back" />
            {words::desk_back()}
        </a>
        <Loaded
            remote
            shape=Shape::Overview
            children=move |all| view! { <All all work question deciding /> }.into_any()
        />
    }
}

#[component]
fn All(all: DeskDispute, work: AtWork, question: Writing, deciding: Deciding) -> impl IntoView {
    let heading = NodeRef::<html::H2>::new();
    let DeskDispute {
        dispute,
        session,
        cost,
    } = all;
    let row = dispute.row.clone();
    let open = row.turn == Turn::Driver || row.turn == Turn::Operator;
    // Whoever asked something stays where they are; what is decided is read from its top.
    let changed = work.was_open.get_value() != Some(open);
    work.was_open.set_value(Some(open));
    whenever(move || {
        if let Some(heading) = heading.get().filter(|_| changed) {
            // Without focus the dispute is still there to be read.
            let _ = heading.focus();
        }
    });
    let driver = row.driver.clone().unwrap_or_default();
    let zone = session.session.time_zone.clone();
    let billed = session.session.cost();
    let id = row.dispute.dispute_id.clone();
    view! {
        <section class="card">
            <h2 class="card-title" tabindex="-1" node_ref=heading>
                {words::desk_row(&driver, &place(&session.session))}
            </h2>
            <p class="session-status"><DisputeChip status=row.dispute.status.clone() /></p>
            <DisputeFacts detail=dispute.clone() />
            <Timeline events=dispute.events.clone() outcome=dispute.outcome />
            <SentFiles files=dispute.files.clone() />
        </section>
        <Findings detail=session.clone() />
        <Session detail=session />
        <Cost cost zone />
        {open.then(|| view! {
            <Question id=id.clone() work question />
            <DecisionForm id dispute=row.dispute billed work deciding />
        })}
    }
}

/// The session in figures.
#[component]
fn Session(detail: SessionDetail) -> impl IntoView {
    let session = detail.session;
    let zone = session.time_zone.as_deref();
    let at = |at| [format::full_day(at, zone), format::clock(at, zone)].join(", ");
    let lines = [
        (words::session_began(), Some(at(session.started_at))),
        (words::session_charged_until(), detail.charged_until.map(at)),
        (words::session_ended(), session.ended_at.map(at)),
        (
            words::session_energy(),
            session.energy_kwh.map(format::exact_energy),
        ),
        (
            words::session_duration(),
            session.duration_minutes.map(format::duration),
        ),
        (
            words::session_charge_point(),
            Some(session.charge_point_id.clone()),
        ),
        (words::session_id(), Some(session.session_id.clone())),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="facts">
            <h2 class="card-title" id="facts">{words::session_title_plain()}</h2>
            <dl class="facts">{lines}</dl>
        </section>
    }
}

/// Asks the driver something.
#[component]
fn Question(id: String, work: AtWork, question: Writing) -> impl IntoView {
    let toasts = use_toasts();
    let send: Sender = Rc::new(move |message, key| {
        let id = id.clone();
        Box::pin(async move { client::disputes::ask(&id, &message, &key).await })
    });
    let done = move |detail: Option<DisputeDetail>| {
        if detail.is_some() {
            toasts.say(words::desk_asked());
        }
        work.stepped(detail);
    };
    view! {
        <section class="card">
            <MessageForm
                id="question"
                label=words::desk_question()
                submit=words::desk_ask()
                writing=question
                send
                on_done=Callback::new(done)
            />
        </section>
    }
}
