//! Requests that must not be done twice: whoever repeats one gets the first
//! answer again. The answer is kept in the transaction that did the work.

use portal_api::time::Instant;

use super::Write;

/// How many seconds an answer is kept: as long as a browser keeps trying.
const KEPT: i64 = 7 * 24 * 60 * 60;

/// One try of a request.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// Who asks.
    pub person_id: &'a str,
    /// For what, such as `dispute`.
    pub route: &'static str,
    /// What makes it the same request; without one every request is new.
    pub key: Option<&'a str>,
    /// SHA-256 of all that was sent, in hex.
    pub fingerprint: String,
}

/// An answer that was given.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

/// What is known of a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Begun {
    /// It is to be done now.
    Now,
    /// It was done.
    Before(Answer),
    /// Something else was asked with the same key.
    Otherwise,
    /// It is under way for at most so many seconds more.
    UnderWay(u64),
}

/// Begins a request. Unless it ends in the same transaction, nobody else may
/// try it for some seconds.
pub async fn begin(
    write: &mut Write,
    attempt: &Attempt<'_>,
    seconds: i64,
    now: Instant,
) -> Result<Begun, sqlx::Error> {
    let Some(key) = attempt.key else {
        return Ok(Begun::Now);
    };
    let busy_until = now.plus_seconds(seconds).millis();
    let added = sqlx::query(
        "insert into idempotency (person_id, route, key, fingerprint, busy_until, asked_at)
            values ($1, $2, $3, $4, $5, $6) on conflict (person_id, route, key) do nothing",
    )
    .bind(attempt.person_id)
    .bind(attempt.route)
    .bind(key)
    .bind(&attempt.fingerprint)
    .bind(busy_until)
    .bind(now.millis())
    .execute(&mut **write)
    .await?;
    if added.rows_affected() > 0 {
        return Ok(Begun::Now);
    }
    let (fingerprint, status, body, busy): (String, Option<i64>, Option<String>, i64) =
        sqlx::query_as(
            "select fingerprint, status, body, busy_until from idempotency
            where person_id = $1 and route = $2 and key = $3",
        )
        .bind(attempt.person_id)
        .bind(attempt.route)
        .bind(key)
        .fetch_one(&mut **write)
        .await?;
    if fingerprint != attempt.fingerprint {
        return Ok(Begun::Otherwise);
    }
    if let (Some(status), Some(body)) = (status, body) {
        let status = u16::try_from(status).unwrap_or(500);
        return Ok(Begun::Before(Answer { status, body }));
    }
    let left = busy.saturating_sub(now.millis()).max(0);
    if left == 0 && take_over(write, attempt, busy, busy_until).await? {
        return Ok(Begun::Now);
    }
    let left = u64::try_from(left).unwrap_or(0);
    Ok(Begun::UnderWay(left.div_ceil(1_000).max(1)))
}

/// Of those who try again what was given up, one may.
async fn take_over(
    write: &mut Write,
    attempt: &Attempt<'_>,
    busy_before: i64,
    busy_until: i64,
) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query(
        "update idempotency set busy_until = $4 where person_id = $1 and route = $2 and key = $3
            and busy_until = $5 and status is null",
    )
    .bind(attempt.person_id)
    .bind(attempt.route)
    .bind(attempt.key)
    .bind(busy_until)
    .bind(busy_before)
    .execute(&mut **write)
    .await?;
    Ok(taken.rows_affected() > 0)
}

/// Keeps the answer to a request.
pub async fn finish(
    write: &mut Write,
    attempt: &Attempt<'_>,
    answer: &Answer,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update idempotency set status = $4, body = $5
            where person_id = $1 and route = $2 and key = $3",
    )
    .bind(attempt.person_id)
    .bind(attempt.route)
    .bind(attempt.key)
    .bind(i64::from(answer.status))
    .bind(&answer.body)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Forgets a request of which nothing came: it may be made again, differently.
pub async fn forget(write: &mut Write, attempt: &Attempt<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "delete from idempotency
            where person_id = $1 and route = $2 and key = $3 and status is null",
    )
    .bind(attempt.person_id)
    .bind(attempt.route)
    .bind(attempt.key)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Forgets a request together with the answer that was kept in case none would come.
pub async fn take_back(write: &mut Write, attempt: &Attempt<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("delete from idempotency where person_id = $1 and route = $2 and key = $3")
        .bind(attempt.person_id)
        .bind(attempt.route)
        .bind(attempt.key)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Forgets what nobody repeats any more.
pub async fn forget_old(write: &mut Write, now: Instant) -> Result<(), sqlx::Error> {
    sqlx::query("delete from idempotency where asked_at < $1")
        .bind(now.plus_seconds(-KEPT).millis())
        .execute(&mut **write)
        .await
        .map(drop)
}
