//! `/sessions/:id/dispute`: saying that a cost is wrong.

mod check;
mod files;
mod form;
mod typed;

use leptos::prelude::*;
use portal_api::{
    dynamo::{cost::CostBreakdown, dispute::DisputeStatus},
    portal::SessionDetail,
};

use self::{check::Check, form::Form, typed::Filing};
use crate::{
    client::{self, Answer},
    components::{loaded::Loaded, session_row::place},
    i18n::{tab_title, words},
    routes,
    run::{live, whenever},
    state::{
        address::use_address,
        outbox::{Waiting, use_outbox},
        remote::remote,
    },
    ui::{
        button::Button,
        icon::Icon,
        notice::{About, Notice},
        page::Page,
        skeleton::Shape,
    },
};

/// The form about the session that the address names.
#[component]
pub fn DisputeFormPage() -> impl IntoView {
    let address = use_address();
    let id = Memo::new(move |_| routes::dispute_about_in(&address.path()).unwrap_or_default());
    live(move || view! { <AboutSession id=id.get() /> }.into_any())
}

/// What the form needs to know of the session. The lines of its cost are a help,
/// no need: without a network they may not be here.
type Known = (SessionDetail, Option<CostBreakdown>);

async fn known(id: String) -> client::Result<Answer<Known>> {
    let (detail, cost) = futures_util::future::join(
        client::dynamo::session(id.clone()),
        client::dynamo::cost(id),
    )
    .await;
    let detail = detail?;
    Ok(Answer {
        value: (detail.value, cost.ok().map(|cost| cost.value)),
        kept_at: detail.kept_at,
    })
}

#[component]
fn AboutSession(id: String) -> impl IntoView {
    let (address, outbox) = (use_address(), use_outbox());
    let asked_for = |name| untrack(|| address.parameter(name));
    // What is typed outlives what is asked for again while somebody types.
    let filing = Filing::of(&id, asked_for("line"), asked_for("finding"));
    let asked = id.clone();
    let remote = remote(move || known(asked.clone()));
    let about = id.clone();
    whenever(move || {
        let sent = outbox.last_sent().filter(|sent| sent.session_id == about);
        if let Some(sent) = sent.filter(|_| filing.waited.get_value()) {
            address.replace(&routes::dispute(&sent.dispute_id));
        }
    });
    let href = routes::session(&id);
    let body = move |known: Known| {
        let about = id.clone();
        let waiting = Memo::new(move |_| outbox.about(&about).filter(|waiting| !waiting.refused));
        let known = StoredValue::new(known);
        let draw = move || match waiting.get() {
            Some(waiting) => {
                filing.waited.set_value(true);
                view! { <Waits waiting /> }.into_any()
            }
            None => known.with_value(|(detail, cost)| standing(detail, cost.clone(), filing)),
        };
        live(draw).into_any()
    };
    view! {
        <a class="back" href=href>
            <Icon name="back" />
            {words::dispute_back_to_session()}
        </a>
        <Page title=words::dispute_title() tab_title>
            <Loaded remote shape=Shape::Fields children=body />
        </Page>
    }
}

/// The form, or why there is none.
fn standing(detail: &SessionDetail, cost: Option<CostBreakdown>, filing: Filing) -> AnyView {
    let session = &detail.session;
    let open =
        |status: &DisputeStatus| !status.is_decided() && *status != DisputeStatus::Unconfirmed;
    if session.dispute_status.as_ref().is_some_and(open) {
        let id = detail.dispute_id.as_deref();
        let href = id.map_or(routes::DISPUTES.to_owned(), routes::dispute);
        return view! {
            <Notice about=About::Nothing icon="desk" title=words::dispute_there_title() text=words::dispute_there_text()>
                <a class="button" href=href>{words::dispute_see()}</a>
            </Notice>
        }
        .into_any();
    }
    if session.ended_at.is_none() || session.cost().is_none() {
        return view! {
            <Notice about=About::Nothing icon="bolt" title=words::dispute_early_title() text=words::dispute_early_text() />
        }
        .into_any();
    }
    view! {
        <p class="dispute-about">{words::dispute_about(&place(session))}</p>
        <Check detail=detail.clone() cost=cost.clone() filing />
        <Form session=session.clone() cost filing />
    }
    .into_any()
}

/// It waits for the network.
#[component]
fn Waits(waiting: Waiting) -> impl IntoView {
    let outbox = use_outbox();
    let about = waiting.session_id;
    view! {
        <div role="status">
            <Notice
                about=About::Nothing
                icon="offline"
                title=words::outbox_title()
                text=words::outbox_text()
            >
                <Button
                    text=words::outbox_cancel()
                    busy=outbox.sending()
                    busy_text=words::dispute_sending()
                    on_press=move |()| outbox.take_out(&about)
                />
            </Notice>
        </div>
    }
}
