//! Our own paths about sessions: what Dynamo lacks and the list needs.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use portal_api::{
    path,
    portal::{SessionDetail, SessionSummary},
    query::SessionFilter,
};

use super::{
    Caller, Refusal, Who,
    dynamo::{Parameters, driver, mark},
    routes::Routes,
};
use crate::{App, embedded::disputes::reading as disputes};

/// The addresses that Dynamo lacks.
pub fn add(routes: Routes) -> Routes {
    routes
        .get(path::SESSION_SUMMARY, Who::Drivers, summary)
        .get(&path::session("{id}"), Who::Drivers, detail)
}

async fn summary(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<SessionSummary>, Refusal> {
    let filter = SessionFilter::read(Parameters::of(query.as_deref()).pairs())?;
    let mut summary = app.sessions.summary(driver(&caller), &filter).await?;
    summary.disputes = disputes::news(&app.store, &caller.person.id, app.clock.now()).await?;
    Ok(Json(summary))
}

async fn detail(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<SessionDetail>, Refusal> {
    let mut detail = app.sessions.detail(driver(&caller), &id).await?;
    let mut reader = app.store.readers().acquire().await?;
    let newest = disputes::newest_of_session(&mut reader, &caller.person.id, &id).await?;
    if let Some((dispute_id, status)) = newest {
        detail.dispute_id = Some(dispute_id);
        mark(&mut detail.session, status);
    }
    Ok(Json(detail))
}
