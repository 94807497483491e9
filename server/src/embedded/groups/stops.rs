//! Charges on a group's account that are under way: what they have cost so far counts at
//! once, and whoever has spent all that the group may is stopped.

use portal_api::{
    money::Money,
    time::{Instant, Month},
};
use sqlx::{AnyConnection, FromRow};

use super::limits;
use crate::embedded::Write;

/// A charge point is told again after so many seconds, and then after twice as many.
const AGAIN: i64 = 15;

/// So often the time until then is doubled.
const DOUBLINGS: i64 = 8;

/// What was to be told so many seconds ago may be wrong by now: the next reading of the
/// meter shows whether it is.
const STALE: i64 = 60;

/// A charge on a group's account, as far as it went.
#[derive(Clone, Copy, Debug)]
pub struct Going<'a> {
    /// Of its claim.
    pub reference: &'a str,
    /// What it has cost so far.
    pub cost: Money,
    /// What it will cost until the meter is read again, as it did between the last two
    /// readings, in the currency's smallest unit.
    pub next: i64,
}

#[derive(FromRow)]
struct Limited {
    group_id: String,
    local_day: i64,
    held: i64,
    stop_wanted_at: Option<i64>,
    stop_again_at: i64,
    stop_tries: i64,
    monthly_limit: Option<i64>,
    per_session_limit: Option<i64>,
    currency: String,
}

/// Sets aside what a charge has cost already where that is more than was thought. Whether
/// its charge point is to be told now to end it: it won't last until the next reading.
pub async fn goes_on(
    write: &mut Write,
    going: &Going<'_>,
    now: Instant,
) -> Result<bool, sqlx::Error> {
    let limited: Option<Limited> = sqlx::query_as(
        "select c.group_id, c.local_day, c.held, c.stop_wanted_at, c.stop_again_at, c.stop_tries,
            g.monthly_limit, g.per_session_limit, g.currency
            from group_claims c join groups g on g.id = c.group_id
            where c.reference = $1 and c.open = 1",
    )
    .bind(going.reference)
    .fetch_optional(&mut **write)
    .await?;
    let currency = going.cost.currency.code();
    let Some(mut limited) = limited.filter(|limited| limited.currency == currency) else {
        return Ok(false);
    };
    let cost = going.cost.minor;
    if cost > limited.held {
        limits::hold(write, going.reference, |held| held.max(cost)).await?;
        limited.held = cost;
    }
    let most = most(write, &limited).await?;
    if most.is_some_and(|most| cost.saturating_add(going.next) >= most) {
        return want(write, going.reference, &limited, now).await;
    }
    if limited.stop_wanted_at.is_some() {
        told(write, going.reference).await?;
    }
    Ok(false)
}

/// What a charge may cost: what one may, and what the others leave of the month.
async fn most(write: &mut Write, limited: &Limited) -> Result<Option<i64>, sqlx::Error> {
    let left = match (limited.monthly_limit, month(limited.local_day)) {
        (Some(limit), Some(month)) => {
            let balance = limits::month(write, &limited.group_id, month).await?;
            Some(balance.left(limit).saturating_add(limited.held))
        }
        _ => None,
    };
    Ok(left.into_iter().chain(limited.per_session_limit).min())
}

fn month(local_day: i64) -> Option<Month> {
    Month::from_number(i32::try_from(local_day / 100).ok()?)
}

/// Has the charge point told, unless it was a moment ago.
async fn want(
    write: &mut Write,
    reference: &str,
    limited: &Limited,
    now: Instant,
) -> Result<bool, sqlx::Error> {
    if limited.stop_again_at > now.millis() {
        return Ok(false);
    }
    let pause = AGAIN << limited.stop_tries.clamp(0, DOUBLINGS);
    sqlx::query(
        "update group_claims set stop_wanted_at = $2, stop_again_at = $3,
            stop_tries = stop_tries + 1 where reference = $1",
    )
    .bind(reference)
    .bind(now.millis())
    .bind(now.plus_seconds(pause).millis())
    .execute(&mut **write)
    .await?;
    tracing::info!(
        event = "group_charge_stopped",
        tries = limited.stop_tries + 1
    );
    Ok(true)
}

/// A charge that a charge point is to end.
#[derive(Clone, Debug, FromRow)]
pub struct Stop {
    /// What we call it.
    pub number: i64,
    /// What the charge point calls it.
    pub name: String,
}

/// What a charge point is to end now, if anything.
pub async fn wanted(
    reader: &mut AnyConnection,
    charge_point_id: &str,
    now: Instant,
) -> Result<Option<Stop>, sqlx::Error> {
    // In this order: hardly ever is there any, and a charge point has had many charges.
    sqlx::query_as(
        "select h.number, h.name from group_claims c cross join charges_heard h
            where c.stop_wanted_at >= $2 and c.open = 1 and h.session_id = c.session_id
                and h.charge_point_id = $1
            order by c.stop_wanted_at, h.number limit 1",
    )
    .bind(charge_point_id)
    .bind(now.plus_seconds(-STALE).millis())
    .fetch_optional(reader)
    .await
}

/// The charge point was told to end the charge of that number. If it doesn't, the next
/// reading of the meter shows that.
pub async fn was_told(write: &mut Write, number: i64) -> Result<(), sqlx::Error> {
    let reference: Option<String> = sqlx::query_scalar(
        "select c.reference from charges_heard h join group_claims c on c.session_id = h.session_id
            where h.number = $1",
    )
    .bind(number)
    .fetch_optional(&mut **write)
    .await?;
    match reference {
        Some(reference) => told(write, &reference).await,
        None => Ok(()),
    }
}

/// Nothing is to be told to the charge point, or not any more.
async fn told(write: &mut Write, reference: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update group_claims set stop_wanted_at = null where reference = $1")
        .bind(reference)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Which sessions `s` with claims `c` were cut short because of what the group may spend.
macro_rules! at_limit {
    () => {
        "c.stop_tries > 0 and s.status = 'stopped'"
    };
}
pub(super) use at_limit;

/// Whether a session was cut short because it had reached what the group may spend.
pub async fn stopped(reader: &mut AnyConnection, session_id: &str) -> Result<bool, sqlx::Error> {
    let stopped: Option<i64> = sqlx::query_scalar(concat!(
        "select 1 from group_claims c join sessions s on s.id = c.session_id
            where c.session_id = $1 and ",
        at_limit!()
    ))
    .bind(session_id)
    .fetch_optional(reader)
    .await?;
    Ok(stopped.is_some())
}
