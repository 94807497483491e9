//! What a group has set aside and spent in a month. Money is claimed before it is
//! spent, by one conditional `update`: two claims at once can't both take the last of it.

use chrono::{NaiveTime, TimeZone};
use chrono_tz::Tz;
use portal_api::{
    money::Money,
    petit_monde::{LIMIT_EXCEEDED, SESSION_LIMIT_EXCEEDED},
    time::{Day, Instant, Month},
};
use sqlx::AnyConnection;

use super::Group;
use crate::embedded::Write;

/// What somebody wants to spend on a group's account.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Of a booking, or of a session that nobody booked: its id.
    pub reference: &'a str,
    /// What it is thought to cost.
    pub amount: Money,
    /// When it begins: it counts for that month by the group's clock.
    pub at: Instant,
    /// Whoever it is, where that is known.
    pub person_id: Option<&'a str>,
}

/// Why nothing was set aside.
#[derive(Debug, thiserror::Error)]
pub enum Unclaimed {
    /// It is more than one charge may cost.
    #[error("{SESSION_LIMIT_EXCEEDED}")]
    PerSession,
    /// It is more than is left of the month.
    #[error("{LIMIT_EXCEEDED}")]
    Month,
    /// The group pays in another currency only.
    #[error("the fleet group pays in another currency")]
    Currency,
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

/// What a month has cost and what is set aside, in the currency's smallest unit.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Balance {
    /// By all that was settled.
    pub spent: i64,
    /// For all that is open.
    pub held: i64,
}

impl Balance {
    /// What is left of a limit; less than nothing where real prices took more.
    pub const fn left(self, limit: i64) -> i64 {
        limit.saturating_sub(self.spent.saturating_add(self.held))
    }
}

/// The day of an instant by a group's clock.
pub fn local_day(at: Instant, zone: Tz) -> Result<Day, sqlx::Error> {
    let utc = at
        .utc()
        .ok_or_else(|| sqlx::Error::Encode("no day of the calendar".into()))?;
    Ok(Day(utc.with_timezone(&zone).date_naive()))
}

/// When a day begins by a group's clock.
pub fn first_moment(Day(day): Day, zone: Tz) -> Option<Instant> {
    let midnight = zone.from_local_datetime(&day.and_time(NaiveTime::MIN));
    Some(Instant::from(midnight.earliest()?.to_utc()))
}

/// Sets money aside, if the group may spend so much. Asked again with the same
/// reference, it is the same claim.
pub async fn claim(write: &mut Write, group: &Group, claim: &Claim<'_>) -> Result<(), Unclaimed> {
    if claim.amount.currency != group.currency {
        return Err(Unclaimed::Currency);
    }
    let amount = claim.amount.minor;
    let day = local_day(claim.at, group.time_zone)?;
    if !note(write, group, claim, day).await? {
        return Ok(());
    }
    if group.per_session_limit.is_some_and(|limit| amount > limit) {
        forget(write, claim.reference).await?;
        return Err(Unclaimed::PerSession);
    }
    open_month(write, &group.id, day.month()).await?;
    let taken = sqlx::query(
        "update group_months set held = held + $3 where group_id = $1 and month = $2
            and exists (select 1 from groups g where g.id = $1 and (g.monthly_limit is null
                or group_months.spent + group_months.held + $3 <= g.monthly_limit))",
    )
    .bind(&group.id)
    .bind(i64::from(day.month().number()))
    .bind(amount)
    .execute(&mut **write)
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(());
    }
    forget(write, claim.reference).await?;
    Err(Unclaimed::Month)
}

/// Sets aside what is left of the month and of what one charge may cost, and no more
/// than is asked for; a no where that is gone on `entry`, what it costs to begin.
pub async fn claim_at_most(
    write: &mut Write,
    group: &Group,
    wanted: &Claim<'_>,
    entry: i64,
) -> Result<(), Unclaimed> {
    if group.per_session_limit.is_some_and(|limit| limit <= entry) {
        return Err(Unclaimed::PerSession);
    }
    let month = local_day(wanted.at, group.time_zone)?.month();
    open_month(write, &group.id, month).await?;
    // Nobody else changes it from here on.
    sqlx::query("update group_months set held = held where group_id = $1 and month = $2")
        .bind(&group.id)
        .bind(i64::from(month.number()))
        .execute(&mut **write)
        .await?;
    let balance = self::month(write, &group.id, month).await?;
    let left = group.monthly_limit.map(|limit| balance.left(limit));
    if left.is_some_and(|left| left <= entry) {
        return Err(Unclaimed::Month);
    }
    let most = left.into_iter().chain(group.per_session_limit).min();
    let mut fitting = *wanted;
    fitting.amount.minor = most.map_or(wanted.amount.minor, |most| wanted.amount.minor.min(most));
    claim(write, group, &fitting).await
}

/// Writes the claim down; whether it is a new one.
pub(super) async fn note(
    write: &mut Write,
    group: &Group,
    claim: &Claim<'_>,
    day: Day,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into group_claims (reference, group_id, local_day, at, held, person_id)
            values ($1, $2, $3, $4, $5, $6) on conflict (reference) do nothing",
    )
    .bind(claim.reference)
    .bind(&group.id)
    .bind(i64::from(day.number()))
    .bind(claim.at.millis())
    .bind(claim.amount.minor)
    .bind(claim.person_id)
    .execute(&mut **write)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn forget(write: &mut Write, reference: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from group_claims where reference = $1")
        .bind(reference)
        .execute(&mut **write)
        .await
        .map(drop)
}

pub(super) async fn open_month(
    write: &mut Write,
    group_id: &str,
    month: Month,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into group_months (group_id, month) values ($1, $2)
            on conflict (group_id, month) do nothing",
    )
    .bind(group_id)
    .bind(i64::from(month.number()))
    .execute(&mut **write)
    .await
    .map(drop)
}

/// The charge that money is set aside for has begun. What was booked counts for its
/// day still.
pub async fn begun(
    write: &mut Write,
    reference: &str,
    session_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("update group_claims set session_id = $2 where reference = $1")
        .bind(reference)
        .bind(session_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Ends the claim of a session, if there is one, with what the session cost.
pub async fn settle_session(
    write: &mut Write,
    session_id: &str,
    cost: Money,
) -> Result<(), sqlx::Error> {
    let reference: Option<String> =
        sqlx::query_scalar("select reference from group_claims where session_id = $1")
            .bind(session_id)
            .fetch_optional(&mut **write)
            .await?;
    match reference {
        Some(reference) => settle(write, &reference, Some(cost)).await,
        None => Ok(()),
    }
}

/// Ends a claim, once: what was set aside is free again, and what it came to is spent,
/// even if that is more. `None` came to nothing.
pub async fn settle(
    write: &mut Write,
    reference: &str,
    spent: Option<Money>,
) -> Result<(), sqlx::Error> {
    end(write, reference, spent, None).await
}

/// Ends a claim, once. What it came to is added to its month's sum, unless that was told
/// since the charge was `over`.
pub(super) async fn end(
    write: &mut Write,
    reference: &str,
    spent: Option<Money>,
    over: Option<Instant>,
) -> Result<(), sqlx::Error> {
    let currency: Option<String> = sqlx::query_scalar(
        "select g.currency from group_claims c join groups g on g.id = c.group_id
            where c.reference = $1 and c.open = 1",
    )
    .bind(reference)
    .fetch_optional(&mut **write)
    .await?;
    let Some(currency) = currency else {
        return Ok(());
    };
    // What another currency comes to nobody knows: it is as was thought.
    let known = match spent {
        Some(spent) => (spent.currency.code() == currency).then_some(spent.minor),
        None => Some(0),
    };
    let ended: Option<(String, i64, i64, i64)> = sqlx::query_as(
        "update group_claims set open = 0, spent = coalesce($2, held)
            where reference = $1 and open = 1 returning group_id, local_day, held, spent",
    )
    .bind(reference)
    .bind(known)
    .fetch_optional(&mut **write)
    .await?;
    let Some((group_id, day, held, spent)) = ended else {
        return Ok(());
    };
    sqlx::query(
        "update group_months set held = held - $3,
            spent = spent + case when spent_told_at >= $5 then 0 else $4 end
            where group_id = $1 and month = $2",
    )
    .bind(&group_id)
    .bind(day / 100)
    .bind(held)
    .bind(spent)
    .bind(over.map_or(i64::MAX, Instant::millis))
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Sets another amount aside for an open claim, made of the one before, whatever the
/// group may spend.
pub(super) async fn hold(
    write: &mut Write,
    reference: &str,
    amount: impl Fn(i64) -> i64,
) -> Result<(), sqlx::Error> {
    // Nobody else changes it from here on.
    let before: Option<(String, i64, i64)> = sqlx::query_as(
        "update group_claims set held = held where reference = $1 and open = 1
            returning group_id, local_day, held",
    )
    .bind(reference)
    .fetch_optional(&mut **write)
    .await?;
    let Some((group_id, day, before)) = before else {
        return Ok(());
    };
    let amount = amount(before);
    sqlx::query("update group_claims set held = $2 where reference = $1")
        .bind(reference)
        .bind(amount)
        .execute(&mut **write)
        .await?;
    sqlx::query("update group_months set held = held + $3 where group_id = $1 and month = $2")
        .bind(&group_id)
        .bind(day / 100)
        .bind(amount - before)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// What a month has cost and what is set aside.
pub async fn month(
    reader: &mut AnyConnection,
    group_id: &str,
    month: Month,
) -> Result<Balance, sqlx::Error> {
    let row: Option<(i64, i64)> =
        sqlx::query_as("select spent, held from group_months where group_id = $1 and month = $2")
            .bind(group_id)
            .bind(i64::from(month.number()))
            .fetch_optional(reader)
            .await?;
    Ok(row.map_or_else(Balance::default, |(spent, held)| Balance { spent, held }))
}
