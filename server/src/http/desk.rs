//! The desk of the operator's staff: disputes that wait for an answer.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use portal_api::{
    path,
    portal::disputes::{Decision, DisputeDetail, DisputeMessage, DisputePage},
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
        idempotency::Attempt,
    },
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(path::DESK_DISPUTES, Who::Staff, list)
        .get(&path::desk_dispute("{id}"), Who::Staff, one)
        .post(&path::desk_question("{id}"), Who::Staff, ask)
        .post(&path::desk_decision("{id}"), Who::Staff, decide)
}

async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<DisputePage>, Refusal> {
    page(&app, Reader::Desk, query.as_deref()).await
}

/// Opens a dispute: from the first time on it is in review.
async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DisputeDetail>, Refusal> {
    let mut write = app.store.write().await?;
    life(&mut write, &app).look(&caller.person.id, &id).await?;
    let detail = reading::detail(&mut write, Reader::Desk, &id).await?;
    write.commit().await?;
    detail.map(Json).ok_or_else(Refusal::not_found)
}

async fn ask(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Sent(question): Sent<DisputeMessage, TEXT>,
) -> Result<Response, Refusal> {
    check_text(&question.text)?;
    let fingerprint = idempotency::fingerprint(&(&id, &question))?;
    let attempt = Attempt {
        person_id: &caller.person.id,
        route: "dispute_question",
        key: idempotency::key(&headers)?,
        fingerprint: &fingerprint,
    };
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
    let fingerprint = idempotency::fingerprint(&(&id, &decision))?;
    let attempt = Attempt {
        person_id: &caller.person.id,
        route: "dispute_decision",
        key: idempotency::key(&headers)?,
        fingerprint: &fingerprint,
    };
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, &attempt, 0, app.clock.now()).await? {
        return Ok(answer);
    }
    let mut life = life(&mut write, &app);
    life.decide(attempt.person_id, &id, &decision).await?;
    done(write, &app, &attempt, Reader::Desk, &id).await
}
