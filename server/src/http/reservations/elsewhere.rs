//! Holding a plug where a real Dynamo asks the charge points. It is looked there first
//! whether the plug is held already: whatever broke off before is found again.

use axum::{http::StatusCode, response::Response};
use portal_api::{
    dynamo::reservation::{Blocked, Reservation, ReservationRequest, ReservationStatus},
    portal::holds::{Hold, HoldEnd, HoldStage},
    problem::Code,
};

use super::{refusal, unsure};
use crate::{
    App,
    embedded::{
        charging::{holds::asking::Undone, tags},
        idempotency::{self as kept, Attempt, Begun},
        throttle::{self, HOLDS, Limit, Subject},
    },
    http::{Caller, Refusal, idempotency},
    ids,
    provider::{Failure, Reservations, Unfiled},
};

/// How many seconds a try may take.
const TRY: i64 = 10;

/// Has a plug held, once.
pub(super) async fn reserve(
    app: &App,
    system: &dyn Reservations,
    caller: &Caller,
    attempt: &Attempt<'_>,
    request: &ReservationRequest,
) -> Result<Response, Refusal> {
    let now = app.clock.now();
    let tags = tags(app, caller).await?;
    if !tags
        .iter()
        .any(|tag| tag.eq_ignore_ascii_case(&request.id_tag))
    {
        return Err(refusal(Undone::Tag));
    }
    let expires_at = app.charging.within_rules(request.expires_at, now, now);
    let request = &ReservationRequest {
        expires_at: expires_at.map_err(refusal)?,
        ..request.clone()
    };
    let mut write = app.store.write().await?;
    if let Some(answer) = idempotency::begin(&mut write, attempt, TRY, now).await? {
        return Ok(answer);
    }
    let turn = turn(attempt);
    if let Begun::UnderWay(seconds) = kept::begin(&mut write, &turn, TRY, now).await? {
        return Err(not_yet(seconds));
    }
    let limit = Limit {
        most: app.charging.rules.tries,
        ..HOLDS
    };
    let subject = Subject(limit, &caller.person.id);
    if let Some(seconds) = throttle::count(&mut write, &[subject], now).await? {
        return Err(Refusal::too_many_tries(seconds));
    }
    write.commit().await?;
    match held(app, system, attempt, request, &tags).await {
        Ok(reservation) => {
            let mut write = app.store.write().await?;
            let status = StatusCode::CREATED;
            let response = idempotency::finish(&mut write, attempt, status, &reservation).await?;
            kept::forget(&mut write, &turn).await?;
            write.commit().await?;
            tracing::info!(event = "held");
            Ok(response)
        }
        Err(Unheld::Unsure) => {
            tracing::warn!(event = "hold_unconfirmed");
            Err(unsure())
        }
        Err(Unheld::Refused(refused)) => {
            let mut write = app.store.write().await?;
            kept::forget(&mut write, attempt).await?;
            kept::forget(&mut write, &turn).await?;
            write.commit().await?;
            Err(refused)
        }
    }
}

/// A person's turn, on every server: between looking how many plugs somebody holds and
/// having one more held, nothing else of theirs is. Whatever breaks off before it is given
/// back, it lasts no longer than a try.
fn turn<'a>(attempt: &Attempt<'a>) -> Attempt<'a> {
    Attempt {
        person_id: attempt.person_id,
        route: "reservation-turn",
        key: Some("the-turn"),
        fingerprint: ids::hash("the-turn"),
    }
}

fn not_yet(seconds: u64) -> Refusal {
    let message = "another plug is being held for the same driver";
    Refusal::new(StatusCode::CONFLICT, Code::Busy, message).retry_after(seconds)
}

/// Why a plug is not held.
enum Unheld {
    /// It surely isn't.
    Refused(Refusal),
    /// It may be all the same.
    Unsure,
}

impl From<Failure> for Unheld {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure.into())
    }
}

async fn held(
    app: &App,
    system: &dyn Reservations,
    attempt: &Attempt<'_>,
    request: &ReservationRequest,
    tags: &[String],
) -> Result<Reservation, Unheld> {
    let blocked = |why| Unheld::Refused(refusal(Undone::Blocked(why)));
    let known = system.of_tags(tags).await?;
    let live: Vec<_> = known.into_iter().filter(|one| is_live(app, one)).collect();
    if let Some(before) = live.iter().find(|one| is_same(one, request)) {
        return Ok(before.clone());
    }
    let most = usize::try_from(app.charging.rules.holds.most).unwrap_or(usize::MAX);
    if live.len() >= most {
        return Err(blocked(Blocked::MostHolds));
    }
    let made = ids::new_id("hold").map_err(|error| Unheld::Refused(error.into()))?;
    let sent = system.reserve(request, attempt.key.unwrap_or(&made));
    sent.await.map_err(|unfiled| match unfiled {
        Unfiled::Refused(Failure::Conflict) => blocked(Blocked::Rejected),
        Unfiled::Refused(failure) => failure.into(),
        Unfiled::Unsure(_) => Unheld::Unsure,
    })
}

fn is_live(app: &App, one: &Reservation) -> bool {
    one.status == ReservationStatus::Active && one.expires_at > app.clock.now()
}

fn is_same(one: &Reservation, request: &ReservationRequest) -> bool {
    one.charge_point_id == request.charge_point_id
        && one.connector_id == request.connector_id
        && one.expires_at == request.expires_at
        && one.id_tag.eq_ignore_ascii_case(&request.id_tag)
}

async fn tags(app: &App, caller: &Caller) -> Result<Vec<String>, Refusal> {
    let mut connection = app.store.readers().acquire().await?;
    Ok(tags::of_person(&mut connection, &caller.person).await?)
}

/// The caller's holds; one that should have lapsed has.
pub(super) async fn all(
    app: &App,
    system: &dyn Reservations,
    caller: &Caller,
) -> Result<Vec<Reservation>, Refusal> {
    let mut all = system.of_tags(&tags(app, caller).await?).await?;
    for one in &mut all {
        if one.status == ReservationStatus::Active && !is_live(app, one) {
            one.status = ReservationStatus::Expired;
        }
    }
    Ok(all)
}

/// Gives up a hold of the caller's.
pub(super) async fn cancel(
    app: &App,
    system: &dyn Reservations,
    caller: &Caller,
    id: &str,
) -> Result<(), Refusal> {
    let all = all(app, system, caller).await?;
    let mine = all.iter().find(|one| one.reservation_id == id);
    match mine.ok_or_else(Refusal::not_found)?.status {
        ReservationStatus::Active => {}
        ReservationStatus::Cancelled => return Ok(()),
        _ => return Err(refusal(Undone::Blocked(Blocked::Over))),
    }
    match system.cancel(id).await {
        // Somebody was faster.
        Err(Failure::Conflict) => Err(refusal(Undone::Blocked(Blocked::Over))),
        done => Ok(done?),
    }
}

/// The caller's holds as our own paths tell them: what Dynamo doesn't say is unknown.
pub(in crate::http) async fn holds(
    app: &App,
    system: &dyn Reservations,
    caller: &Caller,
) -> Result<Vec<Hold>, Refusal> {
    let all = all(app, system, caller).await?;
    Ok(all.into_iter().map(hold).collect())
}

fn hold(reservation: Reservation) -> Hold {
    let end = match &reservation.status {
        ReservationStatus::Active => None,
        ReservationStatus::Used => Some(HoldEnd::Used),
        ReservationStatus::Expired => Some(HoldEnd::Expired),
        ReservationStatus::Cancelled => Some(HoldEnd::Cancelled),
        ReservationStatus::Other(word) => Some(HoldEnd::Other(word.clone())),
    };
    let stage = match end {
        None => HoldStage::Held,
        Some(_) => HoldStage::Over,
    };
    Hold {
        reservation,
        stage,
        end,
        place: String::new(),
        address: None,
        time_zone: None,
        plug: None,
        power_kw: None,
        latest: None,
        session_id: None,
        free: None,
    }
}
