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
    let status = session.dispute_status.as_ref();
    ended && session.cost().is_some() && status.is_none_or(DisputeStatus::is_decided)
}

/// The dispute about the session, if there is one.
#[component]
pub fn Disputed(
    /// All about the session.
    detail: SessionDetail,
) -> impl IntoView {
    let id = detail.dispute_id.as_deref();
    let href = id.map_or(routes::DISPUTES.to_owned(), routes::dispute);
    detail.session.dispute_status.map(|status| {
        view! {
            <section class="card">
                <p class="session-status"><DisputeChip status /></p>
                <a class="card-more" href=href>{words::dispute_see()}</a>
            </section>
        }
    })
}
