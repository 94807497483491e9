//! Finding a plug and holding it.

use gloo_net::http::{Method, Response};
use portal_api::{
    dynamo::{
        ErrorBody,
        reservation::{Blocked, REASON, Reservation, ReservationRequest},
    },
    path,
    portal::{
        charge_points::{ChargePoint, ChargePointPage},
        holds::{Extension, Hold, Holds},
    },
    query::charge_points::ChargePointQuery,
    time::Instant,
};

use super::{Answer, Limit, Problem, Result, WRITE_TIME, get, in_path, make, request, with_query};
use crate::json;

/// Some charge points: the nearest first, else by place.
pub async fn charge_points(query: &ChargePointQuery) -> Result<Answer<ChargePointPage>> {
    get(&with_query(path::CHARGE_POINTS, &query.parameters())).await
}

/// One charge point.
pub async fn charge_point(id: &str) -> Result<Answer<ChargePoint>> {
    get(&path::charge_point(in_path(id))).await
}

/// The driver's holds.
pub async fn holds() -> Result<Answer<Holds>> {
    get(path::HOLDS).await
}

/// What came of asking for a hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered {
    /// The charge point holds the plug.
    Held(Reservation),
    /// Nothing is held.
    Blocked(Blocked),
    /// Nobody knows yet: the same is to be asked again after so many seconds.
    Unsure(u32),
}

/// Asks for a hold. A problem is the server's word that nothing is held.
pub async fn hold(asked: &ReservationRequest, key: &str) -> Result<Answered> {
    let limit = Limit::new(WRITE_TIME);
    match post(asked, key, &limit).await {
        Ok(response) => answered(response).await,
        Err(Problem::Unreadable) => Err(Problem::Unreadable),
        // It may have got there all the same.
        Err(_) => Ok(Answered::Unsure(LOST_AGAIN)),
    }
}

/// After how many seconds it is asked again when no answer came.
const LOST_AGAIN: u32 = 2;

async fn post(asked: &ReservationRequest, key: &str, limit: &Limit) -> Result<Response> {
    let request = request(Method::POST, path::RESERVATIONS)
        .header("idempotency-key", key)
        .header("content-type", "application/json")
        .abort_signal(limit.signal().as_ref())
        .body(super::written(asked)?)
        .map_err(|_| Problem::Unreadable)?;
    request.send().await.map_err(|_| Problem::Offline)
}

async fn answered(response: Response) -> Result<Answered> {
    let (status, headers) = (response.status(), response.headers());
    let wait = headers
        .get("retry-after")
        .and_then(|seconds| seconds.parse().ok());
    let Ok(body) = response.text().await else {
        return Ok(Answered::Unsure(LOST_AGAIN));
    };
    if response.ok() {
        return Ok(match json::read(&body) {
            Ok(reservation) => Answered::Held(reservation),
            Err(_) => Answered::Unsure(LOST_AGAIN),
        });
    }
    match (status, reason(&body), wait) {
        (409, Some(reason), _) => Ok(Answered::Blocked(reason)),
        (409, None, Some(wait)) => Ok(Answered::Unsure(wait)),
        (500.., ..) => Ok(Answered::Unsure(wait.unwrap_or(LOST_AGAIN))),
        _ => Err(Problem::of(status, &headers, &body)),
    }
}

/// Why it is blocked, as Dynamo's shape says it.
fn reason(body: &str) -> Option<Blocked> {
    let told: ErrorBody = json::read(body).ok()?;
    let mut details = told.error.details.unwrap_or_default().into_iter();
    let reason = details.find(|detail| detail.field == REASON)?;
    Some(Blocked::of_word(&reason.message))
}

/// Gives a hold up; one that is over already is as good.
pub async fn give_up(reservation_id: &str) -> Result<()> {
    match super::give_up(&path::reservation(in_path(reservation_id))).await {
        Err(Problem::Refused { .. } | Problem::Missing) => Ok(()),
        outcome => outcome,
    }
}

/// Holds a plug for longer.
pub async fn extend(reservation_id: &str, expires_at: Instant, key: &str) -> Result<Hold> {
    let path = path::extend_hold(in_path(reservation_id));
    make(&path, key, &Extension { expires_at }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_found_among_the_details() {
        let body = r#"{"error":{"code":"conflict","message":"no","details":[
            {"field":"connector_id","message":"x"},{"field":"reason","message":"taken"}]}}"#;
        assert_eq!(reason(body), Some(Blocked::Taken));
        for other in ["", "{}", r#"{"error":{"code":"conflict","message":"no"}}"#] {
            assert_eq!(reason(other), None, "{other}");
        }
    }
}
