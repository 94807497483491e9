//! The tokens that a group shares: cards, and numbers to show on a phone. One that
//! works is a tag of whoever the group is charged as; blocked, it is nobody's.

use portal_api::{
    petit_monde::group::{BulkTokens, Token, TokenKind, TokenStatus},
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Group, Unmade, part::List};
use crate::{
    embedded::Write,
    ids::{self, NoRandomness},
};

/// A token with all that is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// As Petit Monde tells it.
    pub token: Token,
    /// The vehicle that it lies in.
    pub vehicle: Option<String>,
    /// When it was blocked.
    pub blocked: Option<Instant>,
    /// Why, by its word: `lost` or `replaced`.
    pub reason: Option<String>,
    /// What it was replaced by.
    pub replaced_by: Option<String>,
}

/// Whoever counted higher than that did not count tokens.
const HIGHEST: u32 = 999_000;

/// Makes tokens, numbered on from the highest whose label begins alike, whether that one
/// works or not.
pub async fn mint(
    write: &mut Write,
    group: &Group,
    asked: &BulkTokens,
    now: Instant,
) -> Result<Vec<Record>, Unmade> {
    lock(write, group).await?;
    let prefix = asked.label_prefix.as_deref().unwrap_or_default();
    let alike: Vec<String> = sqlx::query_scalar(
        "select label from group_tokens
            where group_id = $1 and substr(label, 1, length($2)) = $2",
    )
    .bind(&group.id)
    .bind(prefix)
    .fetch_all(&mut **write)
    .await?;
    let numbers = alike.iter().filter_map(|label| {
        let number = label.strip_prefix(prefix)?.parse().ok();
        number.filter(|number| *number <= HIGHEST)
    });
    let highest = numbers.max().unwrap_or(0);
    let mut made = Vec::new();
    for number in 1..=asked.count {
        let label = format!("{prefix}{}", highest + number);
        made.push(add(write, group, (&asked.kind, &label, None), now).await?);
    }
    Ok(made)
}

/// Makes one.
pub async fn add(
    write: &mut Write,
    group: &Group,
    (kind, label, vehicle): (&TokenKind, &str, Option<&str>),
    now: Instant,
) -> Result<Record, Unmade> {
    let record = Record {
        token: Token {
            id: ids::new_id("tok")?,
            uid: new_uid(kind)?,
            kind: kind.clone(),
            status: TokenStatus::Active,
            label: Some(label.to_owned()),
            created_at: Some(now),
        },
        vehicle: vehicle.map(str::to_owned),
        blocked: None,
        reason: None,
        replaced_by: None,
    };
    put(write, group, &record, now).await?;
    Ok(record)
}

/// Writes a new token that works.
pub async fn put(
    write: &mut Write,
    group: &Group,
    record: &Record,
    now: Instant,
) -> Result<(), sqlx::Error> {
    lock(write, group).await?;
    let token = &record.token;
    sqlx::query(
        "insert into group_tokens (id, uid, group_id, position, kind, label, vehicle, created_at)
            select $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5, $6, $7
                from group_tokens where group_id = $3",
    )
    .bind(&token.id)
    .bind(&token.uid)
    .bind(&group.id)
    .bind(token.kind.as_str())
    .bind(&token.label)
    .bind(&record.vehicle)
    .bind(now.millis())
    .execute(&mut **write)
    .await?;
    sqlx::query("insert into id_tags (id_tag, person_id) values ($1, $2)")
        .bind(&token.uid)
        .bind(&group.person_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Whoever numbers a group's tokens does so alone.
async fn lock(write: &mut Write, group: &Group) -> Result<(), sqlx::Error> {
    sqlx::query("update groups set id = id where id = $1")
        .bind(&group.id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// A number that nobody guesses: of a card like a card's, else digits to read out.
fn new_uid(kind: &TokenKind) -> Result<String, NoRandomness> {
    if *kind == TokenKind::Virtual {
        let number = u64::from_be_bytes(ids::random::<8>()?);
        return Ok(format!("{:016}", number % 10_000_000_000_000_000));
    }
    let bytes = ids::random::<6>()?;
    let digits = bytes.iter().map(|byte| format!("{byte:02X}"));
    Ok(["04".to_owned()].into_iter().chain(digits).collect())
}

/// One of a group's tokens.
pub async fn find(
    reader: &mut AnyConnection,
    group_id: &str,
    id: &str,
) -> Result<Option<Record>, sqlx::Error> {
    let row = sqlx::query(
        "select id, uid, kind, status, label, created_at, vehicle, blocked_at, reason, replaced_by
            from group_tokens where group_id = $1 and id = $2",
    )
    .bind(group_id)
    .bind(id)
    .fetch_optional(reader)
    .await?;
    row.as_ref().map(of_row).transpose()
}

const LIST: List<Record> = List {
    rows: "select id, uid, kind, status, label, created_at, vehicle, blocked_at, reason,
        replaced_by from group_tokens where group_id = $1 and ($2 = '' or status = $2)
        order by case kind when 'VIRTUAL' then 0 else 1 end, position limit $3 offset $4",
    count: "select count(*) from group_tokens where group_id = $1 and ($2 = '' or status = $2)",
    read: of_row,
};

/// Some of a group's tokens, and how many there are; of all, or with one status. What can
/// be shown from a phone comes first, then they come in the order they were made.
pub async fn page(
    reader: &mut AnyConnection,
    group_id: &str,
    status: Option<&TokenStatus>,
    part: (u32, u64),
) -> Result<(Vec<Record>, u64), sqlx::Error> {
    let status = status.map_or("", TokenStatus::as_str);
    LIST.part(reader, (group_id, &[status]), part).await
}

/// Blocks a token from now on, and no other; whether it worked until now.
pub async fn block(
    write: &mut Write,
    group: &Group,
    id: &str,
    (by, reason): (&str, &str),
    now: Instant,
) -> Result<bool, sqlx::Error> {
    let uid: Option<String> = sqlx::query_scalar(
        "update group_tokens set status = 'BLOCKED', blocked_at = $3, blocked_by = $4, reason = $5
            where group_id = $1 and id = $2 and status = 'ACTIVE' returning uid",
    )
    .bind(&group.id)
    .bind(id)
    .bind(now.millis())
    .bind(by)
    .bind(reason)
    .fetch_optional(&mut **write)
    .await?;
    let Some(uid) = uid else {
        return Ok(false);
    };
    sqlx::query("delete from id_tags where id_tag = $1 and person_id = $2")
        .bind(&uid)
        .bind(&group.person_id)
        .execute(&mut **write)
        .await?;
    Ok(true)
}

/// Makes a token in a token's place, once: the old one is blocked. `None` if it has one
/// already, and then nothing may be kept of it.
pub async fn replace(
    write: &mut Write,
    group: &Group,
    old: &Record,
    by: &str,
    now: Instant,
) -> Result<Option<Record>, Unmade> {
    let id = &old.token.id;
    block(write, group, id, (by, "replaced"), now).await?;
    let label = old.token.label.as_deref().unwrap_or_default();
    let same = (&old.token.kind, label, old.vehicle.as_deref());
    let new = add(write, group, same, now).await?;
    let replaced = sqlx::query(
        "update group_tokens set replaced_by = $3
            where group_id = $1 and id = $2 and replaced_by is null",
    )
    .bind(&group.id)
    .bind(id)
    .bind(&new.token.id)
    .execute(&mut **write)
    .await?;
    Ok((replaced.rows_affected() == 1).then_some(new))
}

/// Gives a token another label, and another vehicle or none.
pub async fn change(
    write: &mut Write,
    group_id: &str,
    id: &str,
    label: &str,
    vehicle: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("update group_tokens set label = $3, vehicle = $4 where group_id = $1 and id = $2")
        .bind(group_id)
        .bind(id)
        .bind(label)
        .bind(vehicle)
        .execute(&mut **write)
        .await
        .map(drop)
}

fn of_row(row: &AnyRow) -> Result<Record, sqlx::Error> {
    Ok(Record {
        token: Token {
            id: row.try_get(0)?,
            uid: row.try_get(1)?,
            kind: TokenKind::of_word(row.try_get(2)?),
            status: TokenStatus::of_word(row.try_get(3)?),
            label: row.try_get(4)?,
            created_at: Some(Instant::from_millis(row.try_get(5)?)),
        },
        vehicle: row.try_get(6)?,
        blocked: row.try_get::<Option<i64>, _>(7)?.map(Instant::from_millis),
        reason: row.try_get(8)?,
        replaced_by: row.try_get(9)?,
    })
}
