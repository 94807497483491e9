//! Follows what is booked at a real Petit Monde until it is settled, whoever looks or not.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use portal_api::petit_monde::booking::{Booking, BookingStatus};
use tokio::time::sleep;

use crate::{
    App,
    embedded::{
        bookings::{
            elsewhere::{self as kept, Kept},
            leaving,
        },
        groups::members,
    },
    provider::{Failure, Unfiled, bookings::Bookings, meter::Purpose},
};

/// How often it is looked which bookings are due.
const LOOK: Duration = Duration::from_secs(1);

/// So many are asked for at a time: one that is slow holds up no other.
const AT_ONCE: usize = 4;

/// So many seconds before and after it was asked for, a booking is looked for that nobody
/// knows of: clocks differ.
const AROUND: i64 = 5 * 60;

/// Runs until the program ends.
pub(super) async fn run(app: &App) {
    if app.elsewhere.is_none() {
        return std::future::pending().await;
    }
    loop {
        if let Err(error) = follow(app).await {
            tracing::error!(event = "following_failed", %error);
        }
        sleep(LOOK).await;
    }
}

/// Asks for every booking that is due, once, and now and then how many calls are left.
pub async fn follow(app: &App) -> Result<(), sqlx::Error> {
    let Some(elsewhere) = &app.elsewhere else {
        return Ok(());
    };
    let system = &*elsewhere.system;
    let due = kept::due(&app.store, app.clock.now()).await?;
    stream::iter(&due)
        .for_each_concurrent(AT_ONCE, async |kept| {
            if let Err(error) = follow_one(app, system, kept).await {
                tracing::error!(event = "following_failed", %error);
            }
        })
        .await;
    if elsewhere.quota.is_to_be_checked().await? {
        check(app, system).await?;
    }
    Ok(())
}

/// Other programs may use the same key: the system's own count of the month is believed.
async fn check(app: &App, system: &dyn Bookings) -> Result<(), sqlx::Error> {
    let used = match system.usage().await {
        Ok(usage) => usage.quota.and_then(|quota| quota.used),
        Err(Failure::Store(error)) => return Err(error),
        Err(failure) => {
            tracing::warn!(event = "quota_unknown", kind = failure.kind());
            None
        }
    };
    match (used, &app.elsewhere) {
        (Some(used), Some(elsewhere)) => elsewhere.quota.correct(used).await,
        _ => Ok(()),
    }
}

async fn follow_one(app: &App, system: &dyn Bookings, kept: &Kept) -> Result<(), sqlx::Error> {
    let mut work = app.charging.begin().await?;
    let taken = work.take_elsewhere(kept).await?;
    work.commit().await?;
    if !taken {
        return Ok(());
    }
    let found = match &kept.upstream_id {
        Some(id) if has_left(app, kept).await? => give_up(system, kept, id).await,
        Some(id) => system.booking(id).await.map(Some),
        None => look_for(system, kept).await,
    };
    let mut work = app.charging.begin().await?;
    let mut answered = true;
    match found {
        Ok(Some(booking)) => {
            work.hear_elsewhere(&kept.id, &booking).await?;
        }
        Ok(None) => work.miss_elsewhere(&kept.id).await?,
        Err(Failure::Store(error)) => return Err(error),
        Err(failure) => {
            if let Failure::Unavailable { retry_after } | Failure::Limited { retry_after } = failure
            {
                let seconds = i64::try_from(retry_after).unwrap_or(i64::MAX);
                work.ask_later_elsewhere(&kept.id, seconds).await?;
            }
            tracing::warn!(event = "booking_not_followed", kind = failure.kind());
            answered = failure.is_no() || matches!(failure, Failure::Nonsense(_));
        }
    }
    if answered {
        work.let_go_elsewhere(kept).await?;
    }
    work.commit().await
}

/// Whether whoever booked has left the group that is to pay, and it may be given up.
async fn has_left(app: &App, kept: &Kept) -> Result<bool, sqlx::Error> {
    let status = &kept.told.status;
    let Some(group_id) = kept.group_id.as_ref().filter(|_| {
        // What nobody documented may still be taken back.
        !status.is_over() && *status != BookingStatus::Attending
    }) else {
        return Ok(false);
    };
    let mut reader = app.store.readers().acquire().await?;
    let member = members::is_admin(&mut reader, group_id, &kept.booker_id).await?;
    Ok(member.is_none())
}

/// Gives a booking up for its driver. If Petit Monde says no, it is as it is there.
async fn give_up(system: &dyn Bookings, kept: &Kept, id: &str) -> Result<Option<Booking>, Failure> {
    let cancellation = leaving::cancellation();
    match system.cancel(id, &cancellation, &kept.id).await {
        Ok(booking) => {
            tracing::info!(event = "booking_cancelled");
            Ok(Some(Booking {
                cancel_reason: cancellation.reason,
                ..booking
            }))
        }
        Err(Unfiled::Refused(_)) => system.booking(id).await.map(Some),
        Err(Unfiled::Unsure(failure)) => Err(failure),
    }
}

/// A booking of which nobody knows whether it was made: the listing has it, or it wasn't.
async fn look_for(system: &dyn Bookings, kept: &Kept) -> Result<Option<Booking>, Failure> {
    let (from, until) = (
        kept.created.plus_seconds(-AROUND),
        kept.created.plus_seconds(AROUND),
    );
    let all = system.made(from, until, Purpose::Following).await?;
    let is_it = |booking: &Booking| booking.external_id.as_deref() == Some(&kept.reference[..]);
    Ok(all.into_iter().find(is_it))
}
