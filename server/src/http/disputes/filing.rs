//! Filing a dispute: with our own desk, or with the system that decides.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portal_api::{
    dynamo::{Session, SessionStatus, dispute::DisputeRequest},
    query::BadParameter,
};

use super::{conflict, count, elsewhere, life};
use crate::{
    App,
    embedded::{
        disputes::{ATTEMPT, Announced, Filing},
        idempotency::{self as kept, Attempt},
        throttle::DISPUTES,
    },
    http::{
        Caller, Refusal,
        body::{Sent, TEXT},
        dynamo::driver,
        idempotency,
    },
    provider::{Disputes, Failure, Filed, Unfiled},
};

/// Files a dispute, here or with the system that decides.
pub(super) async fn file(
    State(app): State<App>,
    caller: Caller,
    Path(session_id): Path<String>,
    headers: HeaderMap,
    Sent(request): Sent<DisputeRequest, TEXT>,
) -> Result<Response, Refusal> {
    let attempt = idempotency::attempt(&caller, "dispute", &headers, &(&session_id, &request))?;
    let detail = app.sessions.detail(driver(&caller), &session_id).await?;
    let session = detail.session;
    let filing = Filing {
        person_id: &caller.person.id,
        expected: request.checked(&session).map_err(unfit)?,
        session: &session,
        request: &request,
    };
    check_ended(&session)?;
    let response = match &app.disputes {
        None => file_here(&app, &attempt, &filing).await?,
        Some(system) => file_there(&app, &**system, &caller, &attempt, &filing).await?,
    };
    app.letters_waiting.notify_one();
    Ok(response)
}

fn unfit(bad: BadParameter) -> Refusal {
    Refusal::unprocessable(bad.name, bad.allowed)
}

/// What is under way has no cost yet that could be wrong.
fn check_ended(session: &Session) -> Result<(), Refusal> {
    if session.status == SessionStatus::Active || session.ended_at.is_none() {
        return Err(conflict("the session has not ended"));
    }
    Ok(())
}

async fn file_here(
    app: &App,
    attempt: &Attempt<'_>,
    filing: &Filing<'_>,
) -> Result<Response, Refusal> {
    let now = app.clock.now();
    if filing.session.cost().is_none() {
        return Err(conflict("nobody knows yet what the session cost"));
    }
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, attempt, 0, now).await? {
        return Ok(answer);
    }
    count(&mut write, DISPUTES, attempt.person_id, app).await?;
    let dispute = life(&mut write, app).file(filing).await?;
    let status = StatusCode::CREATED;
    let response = idempotency::finish(&mut write, attempt, status, &dispute).await?;
    write.commit().await?;
    tracing::info!(event = "dispute_filed");
    Ok(response)
}

/// Sends it to the real system. What becomes known is written down before
/// and after: a crash in between leaves a dispute that can be sent again.
async fn file_there(
    app: &App,
    system: &dyn Disputes,
    caller: &Caller,
    attempt: &Attempt<'_>,
    filing: &Filing<'_>,
) -> Result<Response, Refusal> {
    let now = app.clock.now();
    if !filing.request.files.is_empty() {
        return Err(elsewhere());
    }
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, attempt, ATTEMPT, now).await? {
        return Ok(answer);
    }
    count(&mut write, DISPUTES, attempt.person_id, app).await?;
    let announced = life(&mut write, app).announce(filing).await?;
    write.commit().await?;
    let session_id = &filing.session.session_id;
    let sent = system.file(driver(caller), session_id, filing.request, &announced.id);
    let filed = match sent.await {
        Ok(filed) => filed,
        Err(Unfiled::Refused(Failure::Conflict)) if announced.again => Filed::unknown(),
        Err(unfiled) => return Err(unfiled_here(app, attempt, &announced, unfiled).await?),
    };
    let mut write = app.store.write().await?;
    let mut life = life(&mut write, app);
    let id = filed.dispute_id.as_deref();
    let dispute = life.confirm(&announced.id, id, &filed.status).await?;
    let status = StatusCode::CREATED;
    let response = idempotency::finish(&mut write, attempt, status, &dispute).await?;
    write.commit().await?;
    tracing::info!(event = "dispute_filed");
    Ok(response)
}

/// What is left of a dispute that the system didn't say it took: nothing, if
/// it surely never had it.
async fn unfiled_here(
    app: &App,
    attempt: &Attempt<'_>,
    announced: &Announced,
    unfiled: Unfiled,
) -> Result<Refusal, Refusal> {
    let failure = match unfiled {
        Unfiled::Refused(failure) if !announced.again || failure.is_no() => {
            let mut write = app.store.write().await?;
            life(&mut write, app).withdraw(&announced.id).await?;
            kept::forget(&mut write, attempt).await?;
            write.commit().await?;
            failure
        }
        Unfiled::Refused(failure) | Unfiled::Unsure(failure) => {
            tracing::warn!(event = "dispute_unconfirmed");
            failure
        }
    };
    Ok(failure.into())
}
