//! Where people are signed in. The secret in a browser's cookie is nowhere
//! here, only its hash.

use portal_api::{language::Language, portal::Preferences, time::Instant};
use sqlx::{AnyPool, FromRow};

use super::{
    Store, Write,
    people::{Person, Role, look_of_word},
};

/// How long somebody stays signed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Seconds without a request.
    pub idle: i64,
    /// Seconds in all.
    pub absolute: i64,
}

impl Limits {
    /// The operator's staff see other people's data: they sign in every day.
    pub fn of(roles: &[Role]) -> Self {
        let day = 24 * 60 * 60;
        if roles.contains(&Role::Staff) {
            Self {
                idle: 30 * 60,
                absolute: day / 2,
            }
        } else {
            Self {
                idle: 14 * day,
                absolute: 30 * day,
            }
        }
    }
}

/// A device about to be signed in.
#[derive(Clone, Debug)]
pub struct NewDevice<'a> {
    /// Prefix `dev_`.
    pub id: &'a str,
    /// Of its secret.
    pub token_hash: &'a str,
    /// Whose it is.
    pub person_id: &'a str,
    /// Whether somebody else uses it too.
    pub shared: bool,
    /// What it says to be.
    pub browser: Option<&'static str>,
    /// What it says to run on.
    pub system: Option<&'static str>,
    /// How long it stays signed in.
    pub limits: Limits,
}

/// A signed-in device.
#[derive(Clone, Debug, Eq, FromRow, PartialEq)]
pub struct Device {
    /// Prefix `dev_`.
    pub id: String,
    /// What it says to be.
    pub browser: Option<String>,
    /// What it says to run on.
    pub system: Option<String>,
    /// Milliseconds.
    pub signed_in_at: i64,
    /// Milliseconds, to about a quarter of an hour.
    pub last_seen_at: i64,
}

/// Who came in, and with what.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// With which device.
    pub device_id: String,
    /// Whether somebody else uses it too.
    pub shared: bool,
    /// When its last request was noted.
    pub last_seen_at: Instant,
}

/// How many seconds old the note of the last request may get.
const NOTED_EVERY: i64 = 15 * 60;

#[derive(FromRow)]
struct SignedInRow {
    id: String,
    email: String,
    name: String,
    organisation_id: Option<String>,
    dynamo_user_id: Option<String>,
    language: Option<String>,
    look: String,
    device_id: String,
    shared: i64,
    last_seen_at: i64,
    role: Option<String>,
}

/// The person whose device has this secret, unless it was idle or signed in
/// for too long.
pub async fn recognise(
    store: &Store,
    token_hash: &str,
    now: Instant,
) -> Result<Option<SignedIn>, sqlx::Error> {
    let rows: Vec<SignedInRow> = sqlx::query_as(
        "select p.id, p.email, p.name, p.organisation_id, p.dynamo_user_id, p.language, p.look,
            d.id as device_id, d.shared, d.last_seen_at, r.role
        from devices d
        join people p on p.id = d.person_id
        left join person_roles r on r.person_id = p.id
        where d.token_hash = $1 and d.expires_at > $2
            and d.last_seen_at + d.idle_seconds * 1000 > $3",
    )
    .bind(token_hash)
    .bind(now.millis())
    .bind(now.millis())
    .fetch_all(store.readers())
    .await?;
    Ok(assembled(rows))
}

/// One row for each role becomes one person.
fn assembled(mut rows: Vec<SignedInRow>) -> Option<SignedIn> {
    let mut roles: Vec<Role> = rows
        .iter()
        .filter_map(|row| Role::of_word(row.role.as_deref()?))
        .collect();
    roles.sort_unstable();
    let row = rows.pop()?;
    Some(SignedIn {
        person: Person {
            id: row.id,
            email: row.email,
            name: row.name,
            organisation_id: row.organisation_id,
            dynamo_user_id: row.dynamo_user_id,
            roles,
            preferences: Preferences {
                language: row.language.as_deref().and_then(Language::of_tag),
                look: look_of_word(&row.look),
            },
        },
        device_id: row.device_id,
        shared: row.shared != 0,
        last_seen_at: Instant::from_millis(row.last_seen_at),
    })
}

/// Notes that the device was used, if the last note is old enough.
pub async fn note_use(store: &Store, who: &SignedIn, now: Instant) -> Result<(), sqlx::Error> {
    if now < who.last_seen_at.plus_seconds(NOTED_EVERY) && now >= who.last_seen_at {
        return Ok(());
    }
    let mut write = store.write().await?;
    sqlx::query("update devices set last_seen_at = $1 where id = $2 and last_seen_at < $3")
        .bind(now.millis())
        .bind(&who.device_id)
        .bind(now.millis())
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// Signs a device in.
pub async fn add(write: &mut Write, new: &NewDevice<'_>, now: Instant) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into devices (id, token_hash, person_id, shared, browser, system, signed_in_at,
            last_seen_at, idle_seconds, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.id)
    .bind(new.token_hash)
    .bind(new.person_id)
    .bind(i64::from(new.shared))
    .bind(new.browser)
    .bind(new.system)
    .bind(now.millis())
    .bind(now.millis())
    .bind(new.limits.idle)
    .bind(now.plus_seconds(new.limits.absolute).millis())
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Where a person is signed in, the newest use first.
pub async fn of_person(
    store: &Store,
    person_id: &str,
    now: Instant,
) -> Result<Vec<Device>, sqlx::Error> {
    let pool: &AnyPool = store.readers();
    sqlx::query_as(
        "select id, browser, system, signed_in_at, last_seen_at from devices
        where person_id = $1 and expires_at > $2
            and last_seen_at + idle_seconds * 1000 > $3
        order by last_seen_at desc, signed_in_at desc, id
        limit 100",
    )
    .bind(person_id)
    .bind(now.millis())
    .bind(now.millis())
    .fetch_all(pool)
    .await
}

/// Signs the device with this secret out, if there is one.
pub async fn end_by_token(write: &mut Write, token_hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from devices where token_hash = $1")
        .bind(token_hash)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Signs one of a person's devices out; whether it was one of theirs.
pub async fn end(write: &mut Write, person_id: &str, id: &str) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query("delete from devices where person_id = $1 and id = $2")
        .bind(person_id)
        .bind(id)
        .execute(&mut **write)
        .await?;
    Ok(ended.rows_affected() > 0)
}

/// Signs a person out everywhere, but for one device if one is named.
pub async fn end_all(
    write: &mut Write,
    person_id: &str,
    except: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from devices where person_id = $1 and id <> $2")
        .bind(person_id)
        .bind(except.unwrap_or(""))
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Forgets devices that are no longer signed in.
pub async fn forget_expired(write: &mut Write, now: Instant) -> Result<(), sqlx::Error> {
    sqlx::query(
        "delete from devices
        where expires_at <= $1 or last_seen_at + idle_seconds * 1000 <= $2",
    )
    .bind(now.millis())
    .bind(now.millis())
    .execute(&mut **write)
    .await
    .map(drop)
}
