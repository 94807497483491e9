//! Where one can charge.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use portal_api::{
    path,
    portal::charge_points::{ChargePoint, ChargePointPage, ConnectorState},
    query::charge_points::{ChargePointQuery, is_charge_point_id},
};

use super::{Caller, Refusal, Who, dynamo::Parameters, routes::Routes};
use crate::App;

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes.get(path::CHARGE_POINTS, Who::Bookers, find).get(
        &path::charge_point("{id}"),
        Who::Bookers,
        one,
    )
}

async fn find(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<ChargePointPage>, Refusal> {
    let mut query = ChargePointQuery::read(Parameters::of(query.as_deref()).pairs())?;
    if app.reservations.is_some() {
        // Nobody knows, and nothing that may fit is left out.
        query.filter.free = false;
        query.filter.reservable = false;
    }
    let (mut charge_points, total) = app.charging.find(&caller.person.id, &query).await?;
    leave_open(&app, &mut charge_points);
    Ok(Json(ChargePointPage {
        charge_points,
        total,
        now: app.clock.now(),
    }))
}

async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ChargePoint>, Refusal> {
    if !is_charge_point_id(&id) {
        return Err(Refusal::not_found());
    }
    let point = app.charging.charge_point(&caller.person.id, &id).await?;
    let mut point = [point.ok_or_else(Refusal::not_found)?];
    leave_open(&app, &mut point);
    let [point] = point;
    Ok(Json(point))
}

/// What the charge points of a real Dynamo are doing, it doesn't tell: it may be free.
fn leave_open(app: &App, charge_points: &mut [ChargePoint]) {
    if app.reservations.is_none() {
        return;
    }
    for connector in charge_points
        .iter_mut()
        .flat_map(|point| &mut point.connectors)
    {
        connector.state = ConnectorState::Other("unknown".to_owned());
        connector.since = None;
    }
}
