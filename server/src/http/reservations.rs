//! Holding a plug, in Dynamo's shapes. An answer is given when the charge point has
//! given its own; `elsewhere`: where a real Dynamo asks the charge points.

pub(super) mod elsewhere;

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use portal_api::{
    dynamo::reservation::{
        Blocked, REASON, Reservation, ReservationRequest, ReservationStatus, Reservations,
    },
    path,
    portal::{
        events::HOLD,
        holds::{Hold, HoldStage},
    },
    problem::Code,
    query::{BadParameter, charge_points::is_charge_point_id},
};
use tokio::time::timeout;

use super::{Caller, Refusal, Who, body::Sent, dynamo::Parameters, idempotency, routes::Routes};
use crate::{
    App,
    embedded::charging::holds::{
        asking::{Asking, Undone},
        reading::Filter,
    },
};

/// How long a request waits for the charge point's answer.
const WAIT: Duration = Duration::from_secs(8);

/// How long a request waits until the charge point has heard that a hold is over.
const WAIT_FOR_END: Duration = Duration::from_secs(3);

/// In so many seconds it can be asked again what came of it.
const ASK_AGAIN: u64 = 2;

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .post(path::RESERVATIONS, Who::Drivers, reserve)
        .get(path::RESERVATIONS, Who::Drivers, list)
        .delete(&path::reservation("{id}"), Who::Drivers, cancel)
}

async fn reserve(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Sent(request): Sent<ReservationRequest>,
) -> Result<Response, Refusal> {
    if !is_charge_point_id(&request.charge_point_id) {
        return Err(Refusal::not_found());
    }
    let attempt = idempotency::attempt(&caller, "reservation", &headers, &request)?;
    if let Some(system) = &app.reservations {
        return elsewhere::reserve(&app, &**system, &caller, &attempt, &request).await;
    }
    let asking = Asking {
        person: &caller.person,
        request: &request,
        key: attempt.key,
        fingerprint: &attempt.fingerprint,
    };
    let asked = app.charging.ask(&asking).await.map_err(refusal)?;
    let person_id = &caller.person.id;
    let hold = settled(&app, person_id, &asked.id, WAIT, |hold| {
        hold.stage != HoldStage::Asking
    });
    let mut response = answer(&app, hold.await?).await?;
    if asked.again {
        let replayed = HeaderValue::from_static("true");
        response
            .headers_mut()
            .insert("idempotency-replayed", replayed);
    }
    Ok(response)
}

/// What is said of a hold that was asked for.
async fn answer(app: &App, hold: Hold) -> Result<Response, Refusal> {
    if hold.stage == HoldStage::Asking {
        return Err(unsure());
    }
    let id = &hold.reservation.reservation_id;
    match app.charging.blocked(id).await? {
        Some(blocked) => {
            tracing::info!(event = "hold_refused", reason = blocked.as_str());
            Err(refusal(Undone::Blocked(blocked)))
        }
        None => {
            tracing::info!(event = "held");
            Ok((StatusCode::CREATED, Json(hold.reservation)).into_response())
        }
    }
}

/// A driver's hold, as soon as it is as wanted or the time is over.
pub(super) async fn settled(
    app: &App,
    person_id: &str,
    id: &str,
    time: Duration,
    wanted: impl Fn(&Hold) -> bool,
) -> Result<Hold, Refusal> {
    let mut told = app.charging.feed().listen();
    let read = async || {
        let hold = app.charging.hold(person_id, id).await?;
        hold.ok_or_else(Refusal::not_found)
    };
    let mut hold = read().await?;
    let waited = timeout(time, async {
        while !wanted(&hold) {
            match told.recv().await {
                Ok(event)
                    if event.name != HOLD || event.person_id.as_deref() != Some(person_id) =>
                {
                    continue;
                }
                // Too much was told to say whether this was in it.
                Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                Err(tokio::sync::broadcast::error::RecvError::Closed) => break,
            }
            hold = read().await?;
        }
        Ok(hold.clone())
    })
    .await;
    match waited {
        Ok(settled) => settled,
        Err(_) => read().await,
    }
}

async fn list(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Reservations>, Refusal> {
    let parameters = Parameters::of(query.as_deref());
    let (mut charge_point_id, mut status) = (None, None);
    for (name, value) in parameters.pairs().filter(|(_, value)| !value.is_empty()) {
        match name {
            "charge_point_id" => charge_point_id = Some(value),
            "status" => status = Some(known(value)?),
            _ => {}
        }
    }
    let filter = Filter {
        charge_point_id,
        status: status.as_ref(),
    };
    let mut data = match &app.reservations {
        Some(system) => elsewhere::all(&app, &**system, &caller).await?,
        None => all(&app, &caller, filter).await?,
    };
    data.retain(|one| filter.fits(one));
    Ok(Json(Reservations { data }))
}

/// Those that charge points have answered to.
async fn all(app: &App, caller: &Caller, filter: Filter<'_>) -> Result<Vec<Reservation>, Refusal> {
    let holds = app.charging.holds_like(&caller.person.id, filter).await?;
    let answered = |hold: Hold| (hold.stage != HoldStage::Asking).then_some(hold.reservation);
    Ok(holds.into_iter().filter_map(answered).collect())
}

fn known(status: &str) -> Result<ReservationStatus, BadParameter> {
    match ReservationStatus::of_word(status) {
        ReservationStatus::Other(_) => Err(BadParameter {
            name: "status",
            allowed: "active, used, expired or cancelled",
        }),
        known => Ok(known),
    }
}

async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    if let Some(system) = &app.reservations {
        elsewhere::cancel(&app, &**system, &caller, &id).await?;
        return Ok(StatusCode::NO_CONTENT);
    }
    let person_id = &caller.person.id;
    app.charging.cancel(person_id, &id).await.map_err(refusal)?;
    // A charge point that isn't there hears of it when it comes back.
    settled(&app, person_id, &id, WAIT_FOR_END, |hold| {
        hold.stage == HoldStage::Over
    })
    .await?;
    tracing::info!(event = "hold_cancelled");
    Ok(StatusCode::NO_CONTENT)
}

/// The charge point has not answered.
pub(super) fn unsure() -> Refusal {
    Refusal::new(
        StatusCode::SERVICE_UNAVAILABLE,
        Code::Unsure,
        "the charge point has not answered yet; ask again with the same key",
    )
    .retry_after(ASK_AGAIN)
}

/// Why a hold was not asked for or given up, as Dynamo's paths say it.
pub(super) fn refusal(undone: Undone) -> Refusal {
    match undone {
        Undone::Blocked(blocked) => {
            let mut refusal = blocked_by(&blocked);
            refusal.field = Some((REASON.into(), blocked.as_str().to_owned().into()));
            refusal
        }
        other => other.into(),
    }
}

/// Why a plug cannot be held.
fn blocked_by(blocked: &Blocked) -> Refusal {
    let message = match blocked {
        Blocked::MostHolds => "as many plugs are held as are allowed",
        Blocked::Over => "the hold is over",
        _ => "the plug cannot be held",
    };
    Refusal::new(StatusCode::CONFLICT, Code::Blocked, message)
}

impl From<Undone> for Refusal {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::NotFound => Self::not_found(),
            Undone::Blocked(blocked) => {
                let mut refusal = blocked_by(&blocked);
                refusal.field = Some((blocked.as_str().to_owned().into(), "".into()));
                refusal
            }
            Undone::Tag => Self::unprocessable("id_tag", "one of the driver's own tags"),
            Undone::Time => Self::unprocessable("expires_at", "within what the operator allows"),
            Undone::Otherwise => {
                Self::unprocessable("Idempotency-Key", "a new one for a new request")
            }
            Undone::TooMany(seconds) => Self::too_many_tries(seconds),
            Undone::Random(error) => error.into(),
            Undone::Store(error) => error.into(),
        }
    }
}
