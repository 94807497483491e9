//! Charges that begin with one of a group's tokens: whether it can pay for them. What
//! they come to is spent where sessions end.

use portal_api::{
    money::{Currency, Money},
    time::Instant,
};
use sqlx::AnyConnection;

use super::{
    Group,
    limits::{self, Claim, Unclaimed},
};
use crate::embedded::{Write, tariffs};

/// So many seconds before a booking begins its tokens are taken.
const EARLY: i64 = 15 * 60;

/// Whether a group's token is taken at a charge point: as long as more is left of the
/// month and of what one charge may cost than it costs to begin one there, for what is
/// booked by now, and to end a charge of the group's there.
pub async fn admits(
    reader: &mut AnyConnection,
    group: &Group,
    charge_point_id: &str,
    now: Instant,
) -> Result<bool, sqlx::Error> {
    let left = match group.monthly_limit {
        Some(limit) => {
            let month = limits::local_day(now, group.time_zone)?.month();
            let balance = limits::month(&mut *reader, &group.id, month).await?;
            Some(balance.left(limit))
        }
        None => None,
    };
    let Some(most) = left.into_iter().chain(group.per_session_limit).min() else {
        return Ok(true);
    };
    let entry = cheapest_entry(reader, charge_point_id, group.currency).await?;
    Ok(most > entry
        || is_expected(reader, group, now).await?
        || is_charging(reader, group, charge_point_id).await?)
}

/// What it costs at least to begin a charge at a charge point.
async fn cheapest_entry(
    reader: &mut AnyConnection,
    charge_point_id: &str,
    currency: Currency,
) -> Result<i64, sqlx::Error> {
    let ids: Vec<String> = sqlx::query_scalar(
        "select distinct tariff_id from connectors
            where charge_point_id = $1 and tariff_id is not null",
    )
    .bind(charge_point_id)
    .fetch_all(&mut *reader)
    .await?;
    let mut cheapest: Option<i64> = None;
    for id in ids {
        let entry = tariffs::load(reader, &id).await?.entry();
        let entry = entry.filter(|entry| entry.currency == currency);
        cheapest = cheapest
            .into_iter()
            .chain(entry.map(|entry| entry.minor))
            .min();
    }
    Ok(cheapest.unwrap_or(0))
}

/// Whether money is set aside for a booking that should be charging by now.
async fn is_expected(
    reader: &mut AnyConnection,
    group: &Group,
    now: Instant,
) -> Result<bool, sqlx::Error> {
    let booking: Option<String> = sqlx::query_scalar(
        "select reference from group_claims
            where group_id = $1 and open = 1 and session_id is null and at <= $2
                and not exists (select 1 from bookings
                    where id = group_claims.reference and ends_at <= $3) limit 1",
    )
    .bind(&group.id)
    .bind(now.plus_seconds(EARLY).millis())
    .bind(now.millis())
    .fetch_optional(reader)
    .await?;
    Ok(booking.is_some())
}

async fn is_charging(
    reader: &mut AnyConnection,
    group: &Group,
    charge_point_id: &str,
) -> Result<bool, sqlx::Error> {
    let session: Option<String> = sqlx::query_scalar(
        "select id from sessions where driver_id = $1 and status = 'active'
            and charge_point_id = $2 limit 1",
    )
    .bind(&group.person_id)
    .bind(charge_point_id)
    .fetch_optional(reader)
    .await?;
    Ok(session.is_some())
}

/// Sets money aside for a charge that nobody booked: what it usually costs, or what is
/// left. Whether the group can pay for more of it than what it costs to begin.
pub async fn afford(
    write: &mut Write,
    group: &Group,
    session_id: &str,
    (usual, entry): (Money, i64),
    at: Instant,
) -> Result<bool, sqlx::Error> {
    let claim = Claim {
        reference: session_id,
        amount: usual,
        at,
        person_id: None,
    };
    match limits::claim_at_most(write, group, &claim, entry).await {
        Ok(()) => Ok(true),
        Err(Unclaimed::Store(error)) => Err(error),
        Err(no) => {
            tracing::info!(event = "group_charge_refused", reason = %no);
            Ok(false)
        }
    }
}
