//! Letters that set a new password: one use each, and not for long.

use portal_api::time::Instant;

use super::{Store, Write};

/// How many seconds a link lives that somebody asked for.
pub const LIFETIME: i64 = 60 * 60;

/// How many seconds a link lives that comes unasked.
pub const LIFETIME_OF_INVITATION: i64 = 7 * 24 * 60 * 60;

/// Where the portal takes a new password.
pub fn link(portal: &str, token: &str) -> String {
    [portal, "/reset-password#", token].concat()
}

/// Notes a letter, by the hash of its token.
pub async fn add(
    write: &mut Write,
    token_hash: &str,
    person_id: &str,
    until: Instant,
) -> Result<(), sqlx::Error> {
    sqlx::query("insert into resets (token_hash, person_id, expires_at) values ($1, $2, $3)")
        .bind(token_hash)
        .bind(person_id)
        .bind(until.millis())
        .execute(&mut **write)
        .await
        .map(drop)
}

/// The e-mail address of the person whose letter it is, if it can still be used.
pub async fn email_of(
    store: &Store,
    token_hash: &str,
    now: Instant,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select p.email from resets r join people p on p.id = r.person_id
        where r.token_hash = $1 and r.used_at is null and r.expires_at > $2",
    )
    .bind(token_hash)
    .bind(now.millis())
    .fetch_optional(store.readers())
    .await
}

/// Uses a letter up, and all others of the same person with it. Gives the
/// person, unless somebody was faster or it is too late.
pub async fn spend(
    write: &mut Write,
    token_hash: &str,
    now: Instant,
) -> Result<Option<String>, sqlx::Error> {
    let person: Option<String> = sqlx::query_scalar(
        "update resets set used_at = $1
        where token_hash = $2 and used_at is null and expires_at > $1
        returning person_id",
    )
    .bind(now.millis())
    .bind(token_hash)
    .fetch_optional(&mut **write)
    .await?;
    if let Some(person) = &person {
        sqlx::query("update resets set used_at = $1 where person_id = $2 and used_at is null")
            .bind(now.millis())
            .bind(person)
            .execute(&mut **write)
            .await?;
    }
    Ok(person)
}

/// Forgets letters whose time is over.
pub async fn forget_expired(write: &mut Write, now: Instant) -> Result<(), sqlx::Error> {
    sqlx::query("delete from resets where expires_at <= $1")
        .bind(now.millis())
        .execute(&mut **write)
        .await
        .map(drop)
}
