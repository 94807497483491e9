//! Petit Monde's paths, in Petit Monde's shapes.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use portal_api::{
    path,
    petit_monde::{search::SearchPage, usage::Usage},
    query::search::SearchQuery,
};

use super::{Caller, Refusal, Who, dynamo::Parameters, routes::Routes};
use crate::{
    App,
    embedded::{bookings::search, groups::report, people::Role},
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(path::SEARCH, Who::Bookers, find)
        .get(path::USAGE, Who::SignedIn, usage)
}

async fn find(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<SearchPage>, Refusal> {
    let query = SearchQuery::read(Parameters::of(query.as_deref()).pairs())?;
    Ok(Json(match &app.elsewhere {
        Some(elsewhere) => elsewhere.system.search(&query).await?,
        None => search::search(&app.store, &query, app.clock.now()).await?,
    }))
}

/// How often a real Petit Monde may still be asked, by all servers together: for whoever
/// looks after a group, and the operator's staff. It is our own count, so asking costs
/// nothing.
async fn usage(State(app): State<App>, caller: Caller) -> Result<Json<Usage>, Refusal> {
    let mut reader = app.store.readers().acquire().await?;
    let groups = report::looked_after(&mut reader, &caller.person.id).await?;
    drop(reader);
    if groups.is_empty() && !caller.person.roles.contains(&Role::Staff) {
        return Err(Refusal::forbidden());
    }
    let elsewhere = app.elsewhere.as_ref().ok_or_else(Refusal::not_found)?;
    Ok(Json(elsewhere.quota.usage().await?))
}
