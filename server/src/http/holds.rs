//! A driver's holds, with what Dynamo doesn't tell of them.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use portal_api::{
    path,
    portal::holds::{Extension, Hold, Holds},
    problem::Code,
};
use tokio::time::Instant;

use super::{
    Caller, Refusal, Who,
    body::Sent,
    reservations::{elsewhere, settled, unsure},
    routes::Routes,
};
use crate::{App, embedded::charging::tags};

/// How long a request waits for the charge point's answer.
const WAIT: Duration = Duration::from_secs(8);

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes.get(path::HOLDS, Who::Bookers, list).post(
        &path::extend_hold("{id}"),
        Who::Drivers,
        extend,
    )
}

async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Holds>, Refusal> {
    let mut connection = app.store.readers().acquire().await?;
    let id_tags = if caller.person.roles.iter().any(|role| role.charges()) {
        tags::of_person(&mut connection, &caller.person).await?
    } else {
        // Who books for guests holds nothing.
        Vec::new()
    };
    let holds = match &app.reservations {
        Some(system) => elsewhere::holds(&app, &**system, &caller).await?,
        None => app.charging.holds(&caller.person.id).await?,
    };
    Ok(Json(Holds {
        holds,
        rules: app.charging.rules.holds,
        // Our own store charges for what is used, never for holding.
        free: Some(true),
        id_tags,
        now: app.clock.now(),
    }))
}

/// Asked twice, it is the same: the hold ends when it was asked to.
async fn extend(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Sent(extension): Sent<Extension>,
) -> Result<Json<Hold>, Refusal> {
    if app.reservations.is_some() {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            Code::Elsewhere,
            "the system behind the server extends no holds",
        ));
    }
    let person_id = &caller.person.id;
    let until = extension.expires_at;
    app.charging.extend(person_id, &id, until).await?;
    let deadline = Instant::now() + WAIT;
    while !app.charging.extended(&id).await? {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(unsure());
        }
        let before = app.charging.hold(person_id, &id).await?;
        settled(&app, person_id, &id, left, |hold| {
            Some(hold) != before.as_ref()
        })
        .await?;
    }
    let hold = app.charging.hold(person_id, &id).await?;
    tracing::info!(event = "hold_extended");
    hold.map(Json).ok_or_else(Refusal::not_found)
}
