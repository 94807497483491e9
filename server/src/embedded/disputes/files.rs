//! Photos and papers: sent first, named when a dispute is filed, forgotten
//! after a day if none names them.

use portal_api::{portal::disputes::DisputeFile, time::Instant};
use sqlx::AnyConnection;

use crate::{
    embedded::{Store, Write},
    ids::{self, NoRandomness},
    papers::Kind,
};

/// How many seconds a file waits for its dispute.
const WAITS: i64 = 24 * 60 * 60;

/// How many files of one person wait; the newest ones.
const WAITING: i64 = 9;

/// A file to be kept, cleaned.
#[derive(Clone, Debug)]
pub struct NewFile<'a> {
    /// Whose.
    pub person_id: &'a str,
    /// 1 to 120 characters.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// No name can be given.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

type Row = (String, String, String, i64);

fn told((id, name, kind, size): Row) -> DisputeFile {
    DisputeFile {
        id,
        name,
        kind,
        size: u64::try_from(size).unwrap_or(0),
    }
}

/// Keeps a file. Who sends the same again gets the same id.
pub async fn add(
    write: &mut Write,
    new: NewFile<'_>,
    now: Instant,
) -> Result<DisputeFile, NotKept> {
    let sha256 = ids::hash_bytes(&new.content);
    let size = i64::try_from(new.content.len()).unwrap_or(i64::MAX);
    let row: Row = sqlx::query_as(
        "insert into dispute_files (id, person_id, sha256, name, kind, size, content, sent_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (person_id, sha256) do update set sent_at = excluded.sent_at
            returning id, name, kind, size",
    )
    .bind(ids::new_id("file")?)
    .bind(new.person_id)
    .bind(sha256)
    .bind(new.name)
    .bind(new.kind.as_str())
    .bind(size)
    .bind(new.content)
    .bind(now.millis())
    .fetch_one(&mut **write)
    .await?;
    keep_newest(write, new.person_id).await?;
    Ok(told(row))
}

async fn keep_newest(write: &mut Write, person_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "delete from dispute_files where id in (select f.id from dispute_files f
            where f.person_id = $1
                and not exists (select 1 from dispute_attachments a where a.file_id = f.id)
            order by f.sent_at desc, f.id desc limit 1000 offset $2)",
    )
    .bind(person_id)
    .bind(WAITING)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Gives files to a dispute, unless one of them isn't there or isn't theirs.
pub(super) async fn attach(
    write: &mut Write,
    dispute_id: &str,
    person_id: &str,
    files: &[String],
) -> Result<bool, sqlx::Error> {
    for (place, file_id) in (1_i64..).zip(files) {
        if files.iter().position(|other| other == file_id) != usize::try_from(place - 1).ok() {
            continue;
        }
        let attached = sqlx::query(
            "insert into dispute_attachments (dispute_id, place, file_id)
                select $1, $2, id from dispute_files where id = $3 and person_id = $4",
        )
        .bind(dispute_id)
        .bind(place)
        .bind(file_id)
        .bind(person_id)
        .execute(&mut **write)
        .await?;
        if attached.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The files of a dispute, in the order they were named.
pub(super) async fn of_dispute(
    reader: &mut AnyConnection,
    dispute_id: &str,
) -> Result<Vec<DisputeFile>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select f.id, f.name, f.kind, f.size from dispute_attachments a
            join dispute_files f on f.id = a.file_id where a.dispute_id = $1 order by a.place",
    )
    .bind(dispute_id)
    .fetch_all(reader)
    .await?;
    Ok(rows.into_iter().map(told).collect())
}

/// A file and what is in it: for whoever sent it, and for the desk once it
/// goes with a dispute.
pub async fn open(
    store: &Store,
    id: &str,
    person_id: &str,
    at_desk: bool,
) -> Result<Option<(DisputeFile, Vec<u8>)>, sqlx::Error> {
    let found: Option<(String, String, String, i64, Vec<u8>)> = sqlx::query_as(
        "select id, name, kind, size, content from dispute_files where id = $1
            and (person_id = $2 or ($3 = 1 and exists (select 1 from dispute_attachments a
                join disputes d on d.id = a.dispute_id
                where a.file_id = dispute_files.id and d.upstream = 0)))",
    )
    .bind(id)
    .bind(person_id)
    .bind(i64::from(at_desk))
    .fetch_optional(store.readers())
    .await?;
    Ok(found.map(|(id, name, kind, size, content)| (told((id, name, kind, size)), content)))
}

/// Forgets files that no dispute names.
pub async fn forget_unused(write: &mut Write, now: Instant) -> Result<(), sqlx::Error> {
    sqlx::query(
        "delete from dispute_files where sent_at < $1
            and not exists (select 1 from dispute_attachments a
                where a.file_id = dispute_files.id)",
    )
    .bind(now.plus_seconds(-WAITS).millis())
    .execute(&mut **write)
    .await
    .map(drop)
}
