//! The desk of the operator's staff: disputes that wait for an answer.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use portal_api::{
    path,
    portal::disputes::{Decision, DeskDispute, DisputeMessage, DisputePage},
};

use super::{
    Caller, Refusal, Who,
    body::{Sent, TEXT},
    disputes::{check_text, done, life, page},
    idempotency,
    routes::Routes,
};
use crate::{
    App,
    embedded::{
        disputes::reading::{self, Reader},
        sessions::detail as sessions,
    },
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(path::DESK_DISPUTES, Who::Staff, list)
        .post(&path::desk_review("{id}"), Who::Staff, review)
        .post(&path::desk_question("{id}"), Who::Staff, ask)
        .post(&path::desk_decision("{id}"), Who::Staff, decide)
}

async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<DisputePage>, Refusal> {
    page(&app, Reader::Desk, query.as_deref()).await
}

/// Opens a dispute with everything about its session: from the first time on it
/// is in review.
async fn review(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DeskDispute>, Refusal> {
    let mut write = app.store.write().await?;
    life(&mut write, &app).look(&caller.person.id, &id).await?;
    let dispute = reading::detail(&mut write, Reader::Desk, &id).await?;
    let subject = reading::subject(&mut write, &id).await?;
    write.commit().await?;
    let (dispute, (driver_id, session_id)) = dispute.zip(subject).ok_or_else(Refusal::not_found)?;
    let now = app.clock.now();
    let session = sessions::detail(&app.store, &driver_id, &session_id, now).await?;
    let cost = sessions::cost(&app.store, &driver_id, &session_id, now).await?;
    let (session, cost) = session.zip(cost).ok_or_else(Refusal::internal)?;
    Ok(Json(DeskDispute {
        dispute,
        session,
        cost,
    }))
}

async fn ask(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Sent(question): Sent<DisputeMessage, TEXT>,
) -> Result<Response, Refusal> {
    check_text(&question.text)?;
    let attempt = idempotency::attempt(&caller, "dispute_question", &headers, &(&id, &question))?;
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, &attempt, 0, app.clock.now()).await? {
        return Ok(answer);
    }
    let mut life = life(&mut write, &app);
    life.ask(attempt.person_id, &id, &question.text).await?;
    done(write, &app, &attempt, Reader::Desk, &id).await
}

async fn decide(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Sent(decision): Sent<Decision, TEXT>,
) -> Result<Response, Refusal> {
    check_text(&decision.text)?;
    let attempt = idempotency::attempt(&caller, "dispute_decision", &headers, &(&id, &decision))?;
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, &attempt, 0, app.clock.now()).await? {
        return Ok(answer);
    }
    let mut life = life(&mut write, &app);
    life.decide(attempt.person_id, &id, &decision).await?;
    done(write, &app, &attempt, Reader::Desk, &id).await
}
