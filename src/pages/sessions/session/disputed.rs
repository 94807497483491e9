//! What was said about the cost of a session.

use leptos::prelude::*;
use portal_api::{
    dynamo::{Session, SessionStatus, dispute::DisputeStatus},
    portal::SessionDetail,
};

use crate::{components::dispute::DisputeChip, i18n::words, routes};

/// Whether one can say now that the cost is wrong.
pub fn is_disputable(session: &Session) -> bool {
    let ended = session.status != SessionStatus::Active && session.ended_at.is_some();
    ended && session.cost().is_some() && status(session).is_none_or(|status| status.is_decided())
}

fn status(session: &Session) -> Option<DisputeStatus> {
    session
        .dispute_status
        .as_deref()
        .map(DisputeStatus::of_word)
}

/// The dispute about the session, if there is one.
#[component]
pub fn Disputed(
    /// All about the session.
    detail: SessionDetail,
) -> impl IntoView {
    let id = detail.dispute_id.as_deref();
    let href = id.map_or(routes::DISPUTES.to_owned(), routes::dispute);
    status(&detail.session).map(|status| {
        view! {
            <section class="card">
                <p class="session-status"><DisputeChip status /></p>
                <a class="card-more" href=href>{words::dispute_see()}</a>
            </section>
        }
    })
}
