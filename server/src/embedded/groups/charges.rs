//! Charges that begin with one of a group's tokens: whether it can pay for them. What
//! they come to is spent where sessions end.

use portal_api::{money::Money, time::Instant};
use sqlx::AnyConnection;

use super::{
    Group,
    limits::{self, Claim, Unclaimed},
};
use crate::embedded::Write;

/// So many seconds before a booking begins its tokens are taken.
const EARLY: i64 = 15 * 60;

/// Whether a group's token is taken at a charge point: as long as something is left of
/// the month, for what is booked by now, and to end a charge of the group's there.
pub async fn admits(
    reader: &mut AnyConnection,
    group: &Group,
    charge_point_id: &str,
    now: Instant,
) -> Result<bool, sqlx::Error> {
    let Some(limit) = group.monthly_limit else {
        return Ok(true);
    };
    let month = limits::local_day(now, group.time_zone)?.month();
    let balance = limits::month(&mut *reader, &group.id, month).await?;
    Ok(balance.left(limit) > 0
        || is_expected(reader, group, now).await?
        || is_charging(reader, group, charge_point_id).await?)
}

/// Whether money is set aside for a booking that should be charging by now.
async fn is_expected(
    reader: &mut AnyConnection,
    group: &Group,
    now: Instant,
) -> Result<bool, sqlx::Error> {
    let booking: Option<String> = sqlx::query_scalar(
        "select reference from group_claims
            where group_id = $1 and open = 1 and session_id is null and at <= $2 limit 1",
    )
    .bind(&group.id)
    .bind(now.plus_seconds(EARLY).millis())
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
/// left. Whether the group can pay for it.
pub async fn afford(
    write: &mut Write,
    group: &Group,
    session_id: &str,
    usual: Money,
    at: Instant,
) -> Result<bool, sqlx::Error> {
    let claim = Claim {
        reference: session_id,
        amount: usual,
        at,
        person_id: None,
    };
    match limits::claim_at_most(write, group, &claim).await {
        Ok(()) => Ok(true),
        Err(Unclaimed::Store(error)) => Err(error),
        Err(no) => {
            tracing::info!(event = "group_charge_refused", reason = %no);
            Ok(false)
        }
    }
}
