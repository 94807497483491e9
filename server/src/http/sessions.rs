//! Our own paths about sessions: what Dynamo lacks and the list needs.

use axum::{
    Json, Router,
    extract::{Path, RawQuery, State},
    routing::get,
};
use portal_api::{dynamo::Session, path, portal::SessionSummary, query::SessionFilter};

use super::{
    Caller, Refusal,
    dynamo::{driver, read},
};
use crate::App;

/// The addresses that Dynamo lacks.
pub fn router() -> Router<App> {
    Router::new()
        .route(path::SESSION_SUMMARY, get(summary))
        .route(&path::session("{id}"), get(one))
}

async fn summary(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<SessionSummary>, Refusal> {
    let driver = driver(&caller)?;
    let filter = read(query.as_deref(), |pairs| SessionFilter::read(pairs))?;
    Ok(Json(app.sessions.summary(driver, &filter).await?))
}

async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Session>, Refusal> {
    let driver = driver(&caller)?;
    Ok(Json(app.sessions.one(driver, &id).await?))
}
