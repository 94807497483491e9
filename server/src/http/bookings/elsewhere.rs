//! Booking where a real Petit Monde takes the bookings. It is written down first and then
//! asked for: whatever breaks off, the booking stands in the portal, and it is looked for
//! there what came of it.

use axum::{http::StatusCode, response::Response};
use portal_api::{
    petit_monde::{
        ErrorBody, LIMIT_EXCEEDED, Limit, NOTHING_DONE, SESSION_LIMIT_EXCEEDED,
        booking::{Booking, BookingRequest, BookingStatus, Cancellation},
    },
    problem::Code,
};

use crate::{
    App,
    embedded::{
        Write,
        bookings::{
            asking::{REASON_LONGEST, Undone},
            elsewhere::{
                self as kept, Kept,
                asking::{Asking, TRY, Written},
            },
        },
        idempotency::{self as answers, Attempt},
    },
    http::{Caller, Refusal, idempotency},
    ids,
    provider::{Failure, Unfiled, bookings::Bookings},
};

/// Books a plug, once.
pub(super) async fn book(
    app: &App,
    system: &dyn Bookings,
    (caller, attempt): (&Caller, &Attempt<'_>),
    request: &BookingRequest,
) -> Result<Response, Refusal> {
    let place = system.place(&request.location_id);
    // Without one every request is new.
    let key = attempt.key.map(str::to_owned);
    let key = key.map_or_else(ids::new_uuid, Ok)?;
    let asking = Asking {
        person: &caller.person,
        request,
        key: &key,
        most: app.charging.rules.most_bookings,
        place: place.as_ref(),
    };
    let mut work = app.charging.begin().await?;
    if let Some(answer) = idempotency::begin(&mut work.write, attempt, TRY, work.now).await? {
        return Ok(answer);
    }
    let (kept, sent) = match work.write_down_elsewhere(&asking).await? {
        Written::Before(kept) => {
            let answer = accepted(&mut work.write, attempt, &kept.told).await?;
            work.commit().await?;
            return Ok(answer);
        }
        Written::Now(kept, sent) => (kept, sent),
    };
    work.commit().await?;
    let said = system.book(&sent, &kept.id).await;
    let mut work = app.charging.begin().await?;
    let told = match said {
        Ok(booking) => {
            tracing::info!(event = "booked");
            let heard = work.hear_elsewhere(&kept.id, &booking).await?;
            heard.map_or(kept.told, |kept| kept.told)
        }
        Err(Unfiled::Refused(failure) | Unfiled::Unsure(failure @ Failure::KeyRefused)) => {
            work.forget_elsewhere(&kept.id).await?;
            answers::forget(&mut work.write, attempt).await?;
            work.commit().await?;
            return Err(refusal(failure));
        }
        Err(Unfiled::Unsure(_)) => {
            tracing::warn!(event = "booking_unconfirmed");
            work.ask_soon_elsewhere(&kept.id).await?;
            kept.told
        }
    };
    if work.news.is_empty() {
        work.tell_elsewhere(&caller.person.id, &told);
    }
    let answer = accepted(&mut work.write, attempt, &told).await?;
    work.commit().await?;
    Ok(answer)
}

async fn accepted(
    write: &mut Write,
    attempt: &Attempt<'_>,
    told: &Booking,
) -> Result<Response, Refusal> {
    idempotency::finish(write, attempt, StatusCode::ACCEPTED, told).await
}

/// Why Petit Monde surely didn't do what it was asked, as our own store would say it.
pub(in crate::http) fn refusal(failure: Failure) -> Refusal {
    match failure {
        Failure::Conflict => Undone::Taken.into(),
        Failure::Refused { message, .. } => {
            let message = match (ErrorBody {
                error: message.clone(),
            })
            .limit()
            {
                Some(Limit::Monthly) => LIMIT_EXCEEDED.to_owned(),
                Some(Limit::PerSession) => SESSION_LIMIT_EXCEEDED.to_owned(),
                None => message,
            };
            Refusal::invalid(message)
        }
        Failure::Limited { retry_after } => Refusal::too_many_tries(retry_after),
        Failure::KeyRefused => nothing_done(
            StatusCode::FORBIDDEN,
            "the system behind the server refuses the operator's key",
        ),
        Failure::Unavailable { retry_after } => nothing_done(
            StatusCode::SERVICE_UNAVAILABLE,
            "the system behind the server is not available",
        )
        .retry_after(retry_after),
        other => other.into(),
    }
}

fn nothing_done(status: StatusCode, why: &str) -> Refusal {
    Refusal::upstream(status, [NOTHING_DONE, ": ", why].concat())
}

/// Gives a booking of the caller's up. Asked twice, it is given up once.
pub(super) async fn cancel(
    app: &App,
    system: &dyn Bookings,
    (attempt, id): (&Attempt<'_>, &str),
    cancellation: &Cancellation,
) -> Result<Response, Refusal> {
    let reason = cancellation.reason.as_deref().unwrap_or_default();
    if reason.chars().count() > REASON_LONGEST {
        return Err(Undone::TooMuchText("reason", REASON_LONGEST).into());
    }
    let mut work = app.charging.begin().await?;
    if let Some(answer) = idempotency::begin(&mut work.write, attempt, TRY, work.now).await? {
        return Ok(answer);
    }
    let kept = kept::own(&mut work.write, attempt.person_id, id).await?;
    let kept = kept.ok_or_else(Refusal::not_found)?;
    let upstream_id = cancellable(&kept)?;
    work.commit().await?;
    let key = attempt.key.map(str::to_owned);
    let key = key.map_or_else(ids::new_uuid, Ok)?;
    let said = match system.cancel(upstream_id, cancellation, &key).await {
        Ok(booking) => Ok(booking),
        Err(Unfiled::Refused(failure) | Unfiled::Unsure(failure @ Failure::KeyRefused)) => {
            given_up(system, upstream_id, failure).await
        }
        Err(Unfiled::Unsure(failure)) => Err(failure.into()),
    };
    let mut work = app.charging.begin().await?;
    match said {
        Ok(booking) => {
            let heard = work.hear_elsewhere(id, &booking).await?;
            let told = heard.map_or(kept.told, |kept| kept.told);
            let status = StatusCode::OK;
            let answer = idempotency::finish(&mut work.write, attempt, status, &told).await?;
            work.commit().await?;
            tracing::info!(event = "booking_cancelled");
            Ok(answer)
        }
        Err(refusal) => {
            work.ask_soon_elsewhere(id).await?;
            answers::forget(&mut work.write, attempt).await?;
            work.commit().await?;
            Err(refusal)
        }
    }
}

/// What Petit Monde calls a booking that may still be given up.
fn cancellable(kept: &Kept) -> Result<&str, Refusal> {
    let status = &kept.told.status;
    if status.is_over() || *status == BookingStatus::Attending {
        return Err(Undone::TooLate(status.clone()).into());
    }
    let unknown = || {
        Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Unsure,
            "nobody knows yet whether it was booked; ask again",
        )
        .retry_after(5)
    };
    kept.upstream_id.as_deref().ok_or_else(unknown)
}

/// A booking that is given up all the same, though that was refused.
async fn given_up(
    system: &dyn Bookings,
    upstream_id: &str,
    failure: Failure,
) -> Result<Booking, Refusal> {
    if matches!(failure, Failure::Refused { .. } | Failure::Conflict)
        && let Ok(booking) = system.booking(upstream_id).await
        && booking.status == BookingStatus::Cancelled
    {
        return Ok(booking);
    }
    Err(match failure {
        // It is ours, so it is there.
        Failure::NotFound => Failure::Nonsense("it has lost a booking").into(),
        failure => refusal(failure),
    })
}
