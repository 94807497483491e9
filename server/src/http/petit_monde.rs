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
use crate::{App, embedded::bookings::search};

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

/// How often the caller may still ask Petit Monde's paths. How often a real one may be asked
/// by all together stands on the pages of groups.
async fn usage(State(app): State<App>, caller: Caller) -> Json<Usage> {
    Json(app.calls.standing(&caller.person.id).usage())
}
