//! Dynamo's paths, in Dynamo's shapes.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use portal_api::{
    dynamo::{Session, SessionPage, cost::CostBreakdown, dispute::DisputeStatus},
    path,
    problem::Code,
    query::SessionQuery,
};

use super::{Caller, Refusal, Who, routes::Routes};
use crate::{
    App,
    documents::press::Unprinted,
    embedded::disputes::reading as disputes,
    provider::{Driver, Failure},
};

/// The addresses of Dynamo's resources.
pub fn add(routes: Routes) -> Routes {
    routes.get(path::SESSIONS, Who::Drivers, sessions).get(
        &path::cost_breakdown("{id}"),
        Who::Drivers,
        cost,
    )
}

async fn sessions(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<SessionPage>, Refusal> {
    let query = SessionQuery::read(Parameters::of(query.as_deref()).pairs())?;
    let mut page = app.sessions.page(driver(&caller), &query).await?;
    if app.disputes.is_some() {
        mark_disputed(&app, &caller, &mut page).await?;
    }
    Ok(Json(page))
}

/// What is filed with the real system stands in our store, its sessions don't.
async fn mark_disputed(app: &App, caller: &Caller, page: &mut SessionPage) -> Result<(), Refusal> {
    let statuses = disputes::statuses(&app.store, &caller.person.id).await?;
    for session in &mut page.sessions {
        if let Some(status) = statuses.get(&session.session_id) {
            mark(session, status.clone());
        }
    }
    Ok(())
}

/// Says how far the dispute of ours about a session is. What the real system says of
/// it is newer, but for one that it may not know yet.
pub(super) fn mark(session: &mut Session, ours: DisputeStatus) {
    let theirs = session.dispute_status.as_ref();
    let unknown_to_them = ours == DisputeStatus::Unconfirmed;
    if theirs.is_none_or(|theirs| unknown_to_them && theirs.is_decided()) {
        session.dispute_status = Some(ours);
    }
}

async fn cost(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CostBreakdown>, Refusal> {
    Ok(Json(app.sessions.cost(driver(&caller), &id).await?))
}

/// Whose sessions the caller may see: their own.
pub fn driver(caller: &Caller) -> Driver<'_> {
    Driver {
        person_id: &caller.person.id,
        dynamo_user_id: caller.person.dynamo_user_id.as_deref(),
    }
}

/// What stands behind the question mark, percent signs undone.
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The parameters of an address; without a question mark there are none.
    pub fn of(query: Option<&str>) -> Self {
        let text = query.unwrap_or_default();
        Self(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// Name and value of each.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (&name[..], &value[..]))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::not_found(),
            Failure::Conflict => Self::new(
                StatusCode::CONFLICT,
                Code::InvalidRequest,
                "the system behind the server cannot do that as things are",
            ),
            Failure::NotReady { again_in } => Self::new(
                StatusCode::CONFLICT,
                Code::NotReady,
                "not finished yet: the receipt comes when the session has ended and is settled",
            )
            .retry_after(again_in),
            Failure::Refused { status, message } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                Self::new(status, Code::InvalidRequest, message)
            }
            Failure::Unavailable { retry_after } | Failure::Limited { retry_after } => {
                Self::upstream(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the system behind the server is not available",
                )
                .retry_after(retry_after)
            }
            Failure::TimedOut => Self::upstream(
                StatusCode::GATEWAY_TIMEOUT,
                "the system behind the server did not answer in time",
            ),
            Failure::KeyRefused => Self::upstream(
                StatusCode::BAD_GATEWAY,
                "the system behind the server refuses the operator's key",
            ),
            Failure::Nonsense(_) => Self::upstream(
                StatusCode::BAD_GATEWAY,
                "the system behind the server gave an answer that makes no sense",
            ),
            Failure::Store(error) => error.into(),
            Failure::Unprinted(Unprinted::Busy) => Self::busy(5),
            Failure::Unprinted(error) => {
                tracing::error!(event = "receipt_unwritten", %error);
                Self::internal()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_of_a_system_has_a_status_of_its_own() {
        let refused = Failure::Refused {
            status: 422,
            message: "no such status".to_owned(),
        };
        let busy = Failure::Unavailable { retry_after: 7 };
        for (failure, status, retry_after) in [
            (Failure::NotFound, 404, None),
            (Failure::Conflict, 409, None),
            (Failure::NotReady { again_in: 60 }, 409, Some(60)),
            (Unprinted::Busy.into(), 503, Some(5)),
            (Unprinted::GivenUp.into(), 500, None),
            (refused, 422, None),
            (busy, 503, Some(7)),
            (Failure::Limited { retry_after: 8 }, 503, Some(8)),
            (Failure::TimedOut, 504, None),
            (Failure::KeyRefused, 502, None),
            (Failure::Nonsense("it is not JSON"), 502, None),
        ] {
            let refusal = Refusal::from(failure);
            assert_eq!(refusal.status.as_u16(), status);
            assert_eq!(refusal.retry_after, retry_after);
        }
    }

    #[test]
    fn of_a_dispute_the_newer_word_counts() {
        use DisputeStatus::{Open, Resolved, Unconfirmed, UnderReview};
        for (theirs, ours, shown) in [
            (None, Open, Open),
            (Some(UnderReview), Open, UnderReview),
            (Some(Resolved), Open, Resolved),
            (Some(Open), Unconfirmed, Open),
            // That is an earlier one.
            (Some(Resolved), Unconfirmed, Unconfirmed),
        ] {
            let mut session: Session = serde_json::from_str(
                r#"{ "session_id": "s", "charge_point_id": "c", "status": "completed",
                    "started_at": "2025-03-02T16:05:00Z" }"#,
            )
            .unwrap();
            session.dispute_status = theirs;
            mark(&mut session, ours);
            assert_eq!(session.dispute_status, Some(shown));
        }
    }
}
