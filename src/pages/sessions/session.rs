//! `/sessions/:id`: one session, its figures first.

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    dynamo::{Session, SessionStatus},
};

use crate::{
    client,
    components::{
        loaded::Loaded,
        session_row::{Status, cost, place},
    },
    format,
    i18n::{tab_title, words},
    routes,
    state::{address::use_address, remote::remote},
    ui::{figure::Figure, icon::Icon, page::Page, skeleton::Shape},
};

/// The session that the address names.
#[component]
pub fn SessionPage() -> impl IntoView {
    let address = use_address();
    let id = Memo::new(move |_| routes::session_in(&address.path()).unwrap_or_default());
    move || view! { <SessionById id=id.get() /> }
}

#[component]
fn SessionById(id: String) -> impl IntoView {
    let session = remote(move || client::dynamo::session(id.clone()));
    let title = move || match session.value() {
        Some(session) => words::session_title(&place(&session)),
        None => words::session_title_plain(),
    };
    view! {
        <a class="back" href=routes::SESSIONS>
            <Icon name="back" />
            {words::sessions_back_to_list()}
        </a>
        <Page title=Signal::derive(title) tab_title>
            <Loaded
                remote=session
                shape=Shape::Overview
                children=|session| view! { <Facts session /> }.into_any()
            />
        </Page>
    }
}

#[component]
fn Facts(session: Session) -> impl IntoView {
    let running = session.status == SessionStatus::Active;
    let duration = session
        .duration_minutes
        .map(format::duration)
        .unwrap_or_default();
    let energy = session.energy_kwh.map(format::energy).unwrap_or_default();
    view! {
        <section class="card">
            <Status status=session.status.clone() />
            {running.then(|| view! { <p class="session-running">{words::session_under_way()}</p> })}
            <dl class="figures">
                <Figure caption=words::session_cost() values=vec![cost(&session)] />
                <Figure caption=words::session_energy() values=vec![energy] />
                <Figure caption=words::session_duration() values=vec![duration] />
            </dl>
        </section>
        <Details session />
    }
}

/// Everything else that is known, one line each.
#[component]
fn Details(session: Session) -> impl IntoView {
    let zone = session.time_zone.as_deref();
    let at = |instant| {
        [
            format::full_day(instant, zone),
            format::clock(instant, zone),
        ]
        .join(", ")
    };
    let ended = session.ended_at.map_or_else(words::session_still, at);
    let connector = session
        .connector_id
        .map(|number| words::session_connector(&number.to_string()));
    let plug = [Some(session.charge_point_id.clone()), connector]
        .into_iter()
        .flatten();
    let plug = plug.collect::<Vec<_>>().join(" · ");
    let average = average_power(&session).map(format::power);
    let lines = [
        (words::session_place(), Some(place(&session))),
        (words::session_began(), Some(at(session.started_at))),
        (words::session_ended(), Some(ended)),
        (words::session_average(), average),
        (words::session_charge_point(), Some(plug)),
        (words::session_id(), Some(session.session_id.clone())),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    view! {
        <section class="card">
            <dl class="facts">{lines}</dl>
            {zone.map(|zone| view! { <p class="facts-note">{words::session_zone(zone)}</p> })}
        </section>
    }
}

/// Energy over time, in kW to a tenth; `None` for less than a minute.
fn average_power(session: &Session) -> Option<Decimal> {
    let minutes = session.duration_minutes.filter(|minutes| *minutes > 0)?;
    let watt_hours = session.energy_kwh?.units_at(3)?;
    let tenths = watt_hours.checked_mul(60)? / minutes / 100;
    Some(Decimal::new(tenths, 1))
}
