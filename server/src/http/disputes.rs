//! Saying that a cost is wrong, and what came of it.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portal_api::{
    dynamo::{
        Session, SessionStatus,
        dispute::{DisputeRequest, TEXT_ALLOWED, is_text},
    },
    path,
    portal::disputes::{DisputeDetail, DisputeMessage, DisputePage},
    problem::Code,
    query::{BadParameter, SessionQuery},
};

use super::{
    Caller, Refusal, Who,
    body::{Sent, TEXT},
    dynamo::{Parameters, driver},
    idempotency,
    routes::Routes,
};
use crate::{
    App,
    embedded::{
        Write,
        disputes::{
            ATTEMPT, Filing, Life, Undone,
            reading::{self, Reader},
        },
        idempotency::{self as kept, Attempt},
        throttle::{self, DISPUTE_MESSAGES, DISPUTES, Limit, Subject},
    },
    provider::{Disputes, Failure, Filed, Unfiled},
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .post(&path::dispute_of("{id}"), Who::Drivers, file)
        .get(path::DISPUTES, Who::Drivers, list)
        .get(&path::dispute("{id}"), Who::Drivers, one)
        .post(&path::dispute_messages("{id}"), Who::Drivers, say)
}

async fn file(
    State(app): State<App>,
    caller: Caller,
    Path(session_id): Path<String>,
    headers: HeaderMap,
    Sent(request): Sent<DisputeRequest, TEXT>,
) -> Result<Response, Refusal> {
    let fingerprint = idempotency::fingerprint(&(&session_id, &request))?;
    let attempt = Attempt {
        person_id: &caller.person.id,
        route: "dispute",
        key: idempotency::key(&headers)?,
        fingerprint: &fingerprint,
    };
    let detail = app.sessions.detail(driver(&caller), &session_id).await?;
    let session = detail.session;
    let filing = Filing {
        person_id: &caller.person.id,
        expected: request.checked(&session).map_err(unprocessable)?,
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
        // It has arrived the time before.
        Err(Unfiled::Refused(Failure::Conflict)) if announced.again => Filed::unknown(),
        Err(Unfiled::Refused(failure)) => {
            let mut write = app.store.write().await?;
            life(&mut write, app).withdraw(&announced.id).await?;
            kept::forget(&mut write, attempt).await?;
            write.commit().await?;
            return Err(failure.into());
        }
        Err(Unfiled::Unsure(failure)) => {
            tracing::warn!(event = "dispute_unconfirmed");
            return Err(failure.into());
        }
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

async fn list(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<DisputePage>, Refusal> {
    page(&app, Reader::Driver(&caller.person.id), query.as_deref()).await
}

/// As many as asked for, of those that a reader may see.
pub(super) async fn page(
    app: &App,
    reader: Reader<'_>,
    query: Option<&str>,
) -> Result<Json<DisputePage>, Refusal> {
    let query = SessionQuery::read(Parameters::of(query).pairs())?;
    let page = reading::page(&app.store, reader, query.limit, query.offset).await?;
    Ok(Json(page))
}

async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<DisputeDetail>, Refusal> {
    let mut connection = app.store.readers().acquire().await?;
    let reader = Reader::Driver(&caller.person.id);
    let detail = reading::detail(&mut connection, reader, &id).await?;
    detail.map(Json).ok_or_else(Refusal::not_found)
}

async fn say(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Sent(message): Sent<DisputeMessage, TEXT>,
) -> Result<Response, Refusal> {
    check_text(&message.text)?;
    let fingerprint = idempotency::fingerprint(&(&id, &message))?;
    let attempt = Attempt {
        person_id: &caller.person.id,
        route: "dispute_message",
        key: idempotency::key(&headers)?,
        fingerprint: &fingerprint,
    };
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, &attempt, 0, app.clock.now()).await? {
        return Ok(answer);
    }
    count(&mut write, DISPUTE_MESSAGES, attempt.person_id, &app).await?;
    let person_id = attempt.person_id;
    let mut life = life(&mut write, &app);
    life.say(person_id, &id, &message.text).await?;
    let reader = Reader::Driver(person_id);
    done(write, &app, &attempt, reader, &id).await
}

/// Ends a step with the dispute as it stands now.
pub(super) async fn done(
    mut write: Write,
    app: &App,
    attempt: &Attempt<'_>,
    reader: Reader<'_>,
    id: &str,
) -> Result<Response, Refusal> {
    let detail = reading::detail(&mut write, reader, id).await?;
    let detail = detail.ok_or_else(Refusal::not_found)?;
    let response = idempotency::finish(&mut write, attempt, StatusCode::OK, &detail).await?;
    write.commit().await?;
    tracing::info!(event = "dispute_step", step = attempt.route);
    app.letters_waiting.notify_one();
    Ok(response)
}

/// The steps of disputes in a transaction of ours.
pub(super) fn life<'a>(write: &'a mut Write, app: &App) -> Life<'a> {
    Life {
        write,
        now: app.clock.now(),
        portal: app.public_url(),
    }
}

pub(super) fn check_text(text: &str) -> Result<(), Refusal> {
    if is_text(text) {
        Ok(())
    } else {
        Err(Refusal::unprocessable("text", TEXT_ALLOWED))
    }
}

/// Counts what a person does; what is refused counts for nothing, since its
/// transaction is never committed.
pub(super) async fn count(
    write: &mut Write,
    limit: Limit,
    person_id: &str,
    app: &App,
) -> Result<(), Refusal> {
    let subjects = [Subject(limit, person_id)];
    match throttle::count(write, &subjects, app.clock.now()).await? {
        Some(seconds) => Err(Refusal::too_many_tries(seconds)),
        None => Ok(()),
    }
}

fn unprocessable(bad: BadParameter) -> Refusal {
    Refusal::unprocessable(bad.name, bad.allowed)
}

fn conflict(message: &'static str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, Code::InvalidRequest, message)
}

/// The real system looks after it and takes no more than it documents.
pub(super) fn elsewhere() -> Refusal {
    Refusal::new(
        StatusCode::CONFLICT,
        Code::Elsewhere,
        "the system behind the server takes no files and no messages",
    )
}

impl From<Undone> for Refusal {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::NotFound => Self::not_found(),
            Undone::AlreadyDisputed => conflict("the session has an open dispute"),
            Undone::UnderWay(seconds) => idempotency::under_way(seconds),
            Undone::Decided => Self::new(
                StatusCode::CONFLICT,
                Code::Decided,
                "the dispute is decided",
            ),
            Undone::Elsewhere => elsewhere(),
            Undone::NoSuchFile => Self::unprocessable("files", "ids of files that were sent"),
            Undone::Contradiction => Self::unprocessable(
                "outcome",
                "accepted or partly_accepted with a credit, or rejected without",
            ),
            Undone::Credit => Self::unprocessable(
                "credit",
                "an amount of the session's currency, no more than it cost",
            ),
            Undone::Bill(error) => {
                tracing::error!(event = "credit_failed", %error);
                Self::internal()
            }
            Undone::Randomness(error) => error.into(),
            Undone::Store(error) => error.into(),
        }
    }
}
