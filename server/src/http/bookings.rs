//! Booking a plug for a time that comes, in Petit Monde's shapes; `detail`: what Petit
//! Monde doesn't tell of it, and what guests see. `elsewhere`: where a real Petit Monde
//! takes the bookings.

mod detail;
pub(super) mod elsewhere;

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use portal_api::{
    path,
    petit_monde::booking::{Booking, BookingRequest, Bookings, Cancellation},
    problem::Code,
    query::bookings::BookingQuery,
};

use super::{Caller, Refusal, Who, body::Sent, dynamo::Parameters, idempotency, routes::Routes};
use crate::{
    App,
    embedded::bookings::{asking::Undone, elsewhere as kept, reading},
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes
        .post(path::BOOKINGS, Who::Bookers, book)
        .get(path::BOOKINGS, Who::Bookers, list)
        .get(&path::booking("{id}"), Who::Bookers, one)
        .post(&path::cancel_booking("{id}"), Who::Bookers, cancel);
    detail::add(routes)
}

/// The answer is kept with the booking: whoever asks again gets the same one.
async fn book(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Sent(request): Sent<BookingRequest>,
) -> Result<Response, Refusal> {
    let attempt = idempotency::attempt(&caller, "booking", &headers, &request)?;
    if let Some(elsewhere) = &app.elsewhere {
        let asking = (&caller, &attempt);
        return elsewhere::book(&app, &*elsewhere.system, asking, &request).await;
    }
    let mut work = app.charging.begin().await?;
    let now = work.now;
    if let Some(answer) = idempotency::begin(&mut work.write, &attempt, 0, now).await? {
        return Ok(answer);
    }
    let most = app.charging.rules.most_bookings;
    let booking = work.book(&caller.person, &request, most).await?;
    let status = StatusCode::ACCEPTED;
    let answer = idempotency::finish(&mut work.write, &attempt, status, &booking).await?;
    work.commit().await?;
    tracing::info!(event = "booked");
    Ok(answer)
}

async fn list(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Bookings>, Refusal> {
    let query = BookingQuery::read(Parameters::of(query.as_deref()).pairs())?;
    let bookings = match &app.elsewhere {
        Some(_) => kept::list(&app.store, &caller.person.id, &query).await?,
        None => reading::list(&app.store, &caller.person.id, &query).await?,
    };
    Ok(Json(bookings))
}

async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Booking>, Refusal> {
    let mut reader = app.store.readers().acquire().await?;
    let person_id = &caller.person.id;
    let booking = match &app.elsewhere {
        Some(_) => {
            let kept = kept::own(&mut reader, person_id, &id).await?;
            kept.map(|kept| kept.told)
        }
        None => {
            let stored = reading::own(&mut reader, person_id, &id).await?;
            stored.map(|stored| stored.told())
        }
    };
    booking.map(Json).ok_or_else(Refusal::not_found)
}

async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    sent: Option<Sent<Cancellation>>,
) -> Result<Response, Refusal> {
    let cancellation = sent.map(|Sent(sent)| sent).unwrap_or_default();
    let asked = (&id, &cancellation);
    let attempt = idempotency::attempt(&caller, "cancel-booking", &headers, &asked)?;
    if let Some(elsewhere) = &app.elsewhere {
        return elsewhere::cancel(&app, &*elsewhere.system, (&attempt, &id), &cancellation).await;
    }
    let mut work = app.charging.begin().await?;
    let now = work.now;
    if let Some(answer) = idempotency::begin(&mut work.write, &attempt, 0, now).await? {
        return Ok(answer);
    }
    let (person_id, reason) = (&caller.person.id, cancellation.reason.as_deref());
    let booking = work.cancel_booking(person_id, &id, reason).await?;
    let status = StatusCode::OK;
    let answer = idempotency::finish(&mut work.write, &attempt, status, &booking).await?;
    work.commit().await?;
    tracing::info!(event = "booking_cancelled");
    Ok(answer)
}

impl From<Undone> for Refusal {
    fn from(undone: Undone) -> Self {
        let (status, code) = match undone {
            Undone::NotFound => return Self::not_found(),
            Undone::TooMany(seconds) => return Self::too_many_tries(seconds),
            Undone::Random(error) => return error.into(),
            Undone::Store(error) => return error.into(),
            Undone::Taken | Undone::Most => (StatusCode::CONFLICT, Code::Blocked),
            Undone::NoGuests => (StatusCode::FORBIDDEN, Code::NotFound),
            _ => (StatusCode::BAD_REQUEST, Code::InvalidRequest),
        };
        Self::new(status, code, undone.to_string())
    }
}
