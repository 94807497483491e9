//! Our own paths about sessions: what Dynamo lacks and the list needs.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use portal_api::{dynamo::Session, path, portal::SessionSummary, query::SessionFilter};

use super::{
    Caller, Refusal, Who,
    dynamo::{Parameters, driver},
    routes::Routes,
};
use crate::App;

/// The addresses that Dynamo lacks.
pub fn add(routes: Routes) -> Routes {
    routes
        .get(path::SESSION_SUMMARY, Who::Drivers, summary)
        .get(&path::session("{id}"), Who::Drivers, one)
}

async fn summary(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<SessionSummary>, Refusal> {
    let filter = SessionFilter::read(Parameters::of(query.as_deref()).pairs())?;
    Ok(Json(app.sessions.summary(driver(&caller), &filter).await?))
}

async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Session>, Refusal> {
    Ok(Json(app.sessions.one(driver(&caller), &id).await?))
}
