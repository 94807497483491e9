//! Letters on their way: written in the same transaction as their reason, and
//! kept until they were handed over, so that a crash loses none.

use portal_api::time::Instant;
use sqlx::FromRow;

use super::{Store, Write};
use crate::mail::Letter;

/// How many seconds one attempt may take before another copy of the server
/// may try the same letter.
const ATTEMPT: i64 = 120;

/// How many seconds old a letter may get; after that it would only confuse.
const OLDEST: i64 = 7 * 24 * 60 * 60;

/// The same for one with a link, which is dead long before.
const OLDEST_LINK: i64 = 24 * 60 * 60;

/// A letter that waits.
#[derive(Clone, Debug, FromRow)]
pub struct Waiting {
    /// Prefix `let_`.
    pub id: String,
    kind: String,
    recipient: String,
    subject: String,
    body: String,
    /// How often it was tried before.
    pub tries: i64,
}

impl Waiting {
    /// What is to be sent.
    pub fn letter(&self) -> Letter {
        Letter {
            kind: self.kind.clone(),
            recipient: self.recipient.clone(),
            subject: self.subject.clone(),
            body: self.body.clone(),
        }
    }
}

/// Puts a letter into the box.
pub async fn add(
    write: &mut Write,
    id: &str,
    letter: &Letter,
    now: Instant,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into letters (id, kind, recipient, subject, body, created_at, next_try_at)
        values ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(id)
    .bind(&letter.kind)
    .bind(&letter.recipient)
    .bind(&letter.subject)
    .bind(&letter.body)
    .bind(now.millis())
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Throws away what waits for somebody.
pub async fn forget(write: &mut Write, recipient: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from letters where recipient = $1")
        .bind(recipient)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Takes the next letter that is due; nobody else gets it for a while.
pub async fn take(store: &Store, now: Instant) -> Result<Option<Waiting>, sqlx::Error> {
    let due: Option<String> = sqlx::query_scalar(
        "select id from letters where next_try_at <= $1 order by next_try_at, id limit 1",
    )
    .bind(now.millis())
    .fetch_optional(store.readers())
    .await?;
    let Some(id) = due else {
        return Ok(None);
    };
    let mut write = store.write().await?;
    let taken = sqlx::query_as(
        "update letters set next_try_at = $1, tries = tries + 1
        where id = $2 and next_try_at <= $3
        returning id, kind, recipient, subject, body, tries - 1 as tries",
    )
    .bind(now.plus_seconds(ATTEMPT).millis())
    .bind(&id)
    .bind(now.millis())
    .fetch_optional(&mut *write)
    .await?;
    write.commit().await?;
    Ok(taken)
}

/// A letter was handed over.
pub async fn sent(store: &Store, id: &str) -> Result<(), sqlx::Error> {
    let mut write = store.write().await?;
    sqlx::query("delete from letters where id = $1")
        .bind(id)
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// A letter could not be handed over: half a minute later, then twice as long
/// each time, an hour at most.
pub async fn failed(store: &Store, letter: &Waiting, now: Instant) -> Result<(), sqlx::Error> {
    let doublings = u32::try_from(letter.tries).unwrap_or(u32::MAX).min(7);
    let wait = 30_i64.saturating_mul(1 << doublings).min(60 * 60);
    let mut write = store.write().await?;
    sqlx::query("update letters set next_try_at = $1 where id = $2")
        .bind(now.plus_seconds(wait).millis())
        .bind(&letter.id)
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// Throws letters away that could not be sent for too long; gives how many.
pub async fn give_up_old(write: &mut Write, now: Instant) -> Result<u64, sqlx::Error> {
    sqlx::query(
        "delete from letters
            where created_at < $1 or (kind = 'password-reset' and created_at < $2)",
    )
    .bind(now.plus_seconds(-OLDEST).millis())
    .bind(now.plus_seconds(-OLDEST_LINK).millis())
    .execute(&mut **write)
    .await
    .map(|done| done.rows_affected())
}
