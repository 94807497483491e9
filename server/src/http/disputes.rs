//! Saying that a cost is wrong ([`filing`]), and what came of it.

mod filing;

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portal_api::{
    dynamo::dispute::{TEXT_ALLOWED, is_text},
    path,
    portal::disputes::{DisputeDetail, DisputeMessage, DisputePage},
    problem::Code,
    query::SessionQuery,
};

use super::{
    Caller, Refusal, Who,
    body::{Sent, TEXT},
    dynamo::Parameters,
    idempotency,
    routes::Routes,
};
use crate::{
    App,
    embedded::{
        Write,
        disputes::{
            Life, Undone,
            reading::{self, Reader},
        },
        idempotency::Attempt,
        throttle::{self, DISPUTE_MESSAGES, Limit, Subject},
    },
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .post(&path::dispute_of("{id}"), Who::Drivers, filing::file)
        .get(path::DISPUTES, Who::Drivers, list)
        .get(&path::dispute("{id}"), Who::Drivers, one)
        .post(&path::dispute_messages("{id}"), Who::Drivers, say)
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
    let attempt = idempotency::attempt(&caller, "dispute_message", &headers, &(&id, &message))?;
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
        portal: app.config.portal_url(),
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
