//! Dynamo's paths, in Dynamo's shapes.

use axum::{
    Json, Router,
    extract::{RawQuery, State},
    http::StatusCode,
    routing::get,
};
use portal_api::{
    dynamo::SessionPage,
    path,
    problem::Code,
    query::{BadParameter, SessionQuery},
};

use super::{Caller, Refusal};
use crate::{
    App,
    provider::{Driver, Failure},
};

/// The addresses of Dynamo's resources.
pub fn router() -> Router<App> {
    Router::new().route(path::SESSIONS, get(sessions))
}

async fn sessions(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<SessionPage>, Refusal> {
    let driver = driver(&caller)?;
    let query = read(query.as_deref(), |pairs| SessionQuery::read(pairs))?;
    Ok(Json(app.sessions.page(driver, &query).await?))
}

/// The caller as a driver; others have no sessions to ask for.
pub fn driver(caller: &Caller) -> Result<Driver<'_>, Refusal> {
    let person = &caller.person;
    if !person.roles.iter().any(|role| role.charges()) {
        return Err(Refusal::forbidden());
    }
    Ok(Driver {
        person_id: &person.id,
        dynamo_user_id: person.dynamo_user_id.as_deref(),
    })
}

/// Reads the address's parameters, percent signs and all.
pub fn read<T>(
    query: Option<&str>,
    reader: impl FnOnce(Vec<(&str, &str)>) -> Result<T, BadParameter>,
) -> Result<T, Refusal> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let borrowed = pairs.iter().map(|(name, value)| (&name[..], &value[..]));
    Ok(reader(borrowed.collect())?)
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::not_found(),
            Failure::Refused { status, message } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                Self::new(status, Code::InvalidRequest, message)
            }
            Failure::Unavailable { retry_after } => Self::upstream(
                StatusCode::SERVICE_UNAVAILABLE,
                "the system behind the server is not available",
            )
            .retry_after(retry_after),
            Failure::TimedOut => Self::upstream(
                StatusCode::GATEWAY_TIMEOUT,
                "the system behind the server did not answer in time",
            ),
            Failure::Nonsense(_) => Self::upstream(
                StatusCode::BAD_GATEWAY,
                "the system behind the server gave an answer that makes no sense",
            ),
            Failure::Store(error) => error.into(),
        }
    }
}
