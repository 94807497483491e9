//! `/sessions/:id`: one session, its figures first, then what it cost and why.

mod curve;
mod disputed;
mod facts;
mod receipts;

use leptos::prelude::*;
use portal_api::{
    dynamo::{Session, SessionStatus, cost::CostBreakdown},
    portal::SessionDetail,
};

use self::{
    curve::PowerCurve,
    disputed::{Disputed, is_disputable},
    facts::Facts,
    receipts::Receipts,
};
use crate::{
    client,
    components::{
        cost::Cost,
        findings::Findings,
        loaded::{Age, Loaded},
        session_row::{self, Status, place},
    },
    format,
    i18n::{tab_title, words},
    routes,
    run::{after_paint, live},
    state::{
        address::use_address,
        clock::use_clock,
        live::use_live,
        remote::{Remote, remote},
    },
    ui::{
        chip::{Chip, Tone},
        figure::Figure,
        icon::Icon,
        page::Page,
        skeleton::Shape,
    },
};

/// The session that the address names.
#[component]
pub fn SessionPage() -> impl IntoView {
    let address = use_address();
    let id = Memo::new(move |_| routes::session_in(&address.path()).unwrap_or_default());
    live(move || view! { <SessionById id=id.get() /> }.into_any())
}

#[component]
fn SessionById(id: String) -> impl IntoView {
    let asked = id.clone();
    // First, so that it is here when all about the session is: both are drawn at once.
    let cost = remote(move || client::dynamo::cost(asked.clone()));
    let detail = remote(move || client::dynamo::session(id.clone()));
    let told = use_live();
    told.renews_with_sessions(detail);
    told.renews_with_sessions(cost);
    let rest = RwSignal::new(false);
    let title = move || match detail.value() {
        Some(detail) => words::session_title(&place(&detail.session)),
        None => words::session_title_plain(),
    };
    view! {
        <a class="back" href=routes::SESSIONS>
            <Icon name="back" />
            {words::sessions_back_to_list()}
        </a>
        <Page title=Signal::derive(title) tab_title>
            <Loaded
                remote=detail
                shape=Shape::Overview
                age=Age::OrOlder(Signal::derive(move || cost.kept_at()))
                children=move |all| view! { <All detail=all remote=detail cost rest /> }.into_any()
            />
        </Page>
    }
}

/// All about a session.
#[component]
fn All(
    detail: SessionDetail,
    remote: Remote<SessionDetail>,
    cost: Remote<CostBreakdown>,
    /// Whether what stands below is drawn: not before what one came for is shown.
    rest: RwSignal<bool>,
) -> impl IntoView {
    let session = detail.session.clone();
    let zone = session.time_zone.clone();
    let disputable = is_disputable(&session);
    after_paint(move || {
        rest.try_set(true);
    });
    let all = detail.clone();
    let below = move || {
        let (detail, zone, started) = (all.clone(), zone.clone(), all.session.started_at);
        view! {
            <Receipts detail=detail.clone() remote />
            <PowerCurve readings=detail.readings.clone() started zone />
            <Facts detail />
        }
    };
    view! {
        <Figures detail=detail.clone() remote />
        <Disputed detail=detail.clone() />
        <Findings detail=detail.clone() disputable />
        <Loaded
            remote=cost
            shape=Shape::Rows(3)
            age=Age::Elsewhere
            children=move |cost| {
                view! { <Cost cost zone=session.time_zone.clone() disputable /> }.into_any()
            }
        />
        {live(move || rest.get().then(&below).into_any())}
    }
}

/// What one came for. A session under way goes on by the server's clock; one that was
/// kept on the device may have ended since.
#[component]
fn Figures(detail: SessionDetail, remote: Remote<SessionDetail>) -> impl IntoView {
    let (told, clock) = (use_live(), use_clock());
    let now = Memo::new(move |_| {
        let mut session = told.now(detail.session.clone());
        if session.status == SessionStatus::Active && remote.kept_at().is_none() {
            let ran = clock.now().millis() - session.started_at.millis();
            session.duration_minutes = Some(ran.max(0) / 60_000);
        }
        session
    });
    view! { <section class="card">{live(move || figures(now.get()))}</section> }
}

fn figures(session: Session) -> impl IntoView {
    let running = session.status == SessionStatus::Active;
    let settling = session.is_settling();
    let duration = session
        .duration_minutes
        .map(format::duration)
        .unwrap_or_default();
    let energy = session.energy_kwh.map(format::energy).unwrap_or_default();
    view! {
        <p class="session-status">
            <Status status=session.status.clone() />
            {settling.then(|| view! {
                <Chip tone=Tone::Notable icon="alert" text=words::session_settling() />
            })}
        </p>
        {running.then(|| view! { <p class="session-note">{words::session_under_way()}</p> })}
        {settling.then(|| view! { <p class="session-note">{words::session_settling_text()}</p> })}
        <dl class="figures">
            <Figure caption=words::session_cost() values=vec![session_row::cost(&session)] />
            <Figure caption=words::session_energy() values=vec![energy] />
            <Figure caption=words::session_duration() values=vec![duration] />
        </dl>
    }
}
