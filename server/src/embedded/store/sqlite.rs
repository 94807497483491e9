//! Opening SQLite: one file, written so that an acknowledged change survives
//! a crash and a power cut.

use std::{path::Path, time::Duration};

use sqlx::{
    AnyConnection, AnyPool, ConnectOptions, Connection, Executor,
    any::{AnyConnectOptions, AnyPoolOptions},
};

use super::{Kind, OpenError, Pools, migrations};

/// The first release without the bug that lets two connections corrupt a
/// file in WAL mode.
const OLDEST_LIBRARY: (u32, u32, u32) = (3, 51, 3);

const READERS: u32 = 4;

/// For each new connection. `synchronous=FULL` waits for the disk at every
/// commit; without it a power cut takes acknowledged changes along. The usual cache of
/// 2 MB is less than a search among fifty thousand places touches.
const EVERY_CONNECTION: &str = "pragma journal_mode = wal;
    pragma synchronous = full;
    pragma foreign_keys = on;
    pragma busy_timeout = 5000;
    pragma cache_size = -3500;
    pragma trusted_schema = off;";

pub(super) async fn open(file: &Path) -> Result<Pools, OpenError> {
    if file.exists() {
        look_before_touching(file).await?;
    }
    let writer = pool(file, 1).await?;
    check_library(&writer).await?;
    Ok(Pools {
        kind: Kind::Sqlite,
        readers: pool(file, READERS).await?,
        writer,
    })
}

async fn pool(file: &Path, connections: u32) -> Result<AnyPool, OpenError> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(5))
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(EVERY_CONNECTION).await.map(drop) })
        })
        // SQLite itself ends a transaction for which the disk has no room, which the
        // connection doesn't notice: it takes part in no other one any more.
        .before_acquire(|connection, _| {
            let free = !connection.is_in_transaction();
            Box::pin(async move { Ok(free) })
        })
        .connect_with(options(file, "rwc")?)
        .await
        .map_err(OpenError::from)
}

fn options(file: &Path, mode: &str) -> Result<AnyConnectOptions, OpenError> {
    let mut url = String::from("sqlite://");
    for byte in file.to_string_lossy().bytes() {
        match byte {
            b'%' => url.push_str("%25"),
            b'?' => url.push_str("%3F"),
            b'#' => url.push_str("%23"),
            b' ' => url.push_str("%20"),
            other => url.push(char::from(other)),
        }
    }
    url.push_str("?mode=");
    url.push_str(mode);
    let options: AnyConnectOptions = url.parse()?;
    Ok(options.disable_statement_logging())
}

/// Refuses a file that isn't a whole store of ours, read-only, before any
/// connection that writes can touch it.
async fn look_before_touching(file: &Path) -> Result<(), OpenError> {
    let damaged = |error: sqlx::Error| damaged(file, &error.to_string());
    let mut connection = options(file, "ro")?.connect().await.map_err(damaged)?;
    let verdict = verdict(file, &mut connection).await;
    // A read-only connection has nothing to lose when it can't close.
    drop(connection.close().await);
    verdict
}

async fn verdict(file: &Path, connection: &mut AnyConnection) -> Result<(), OpenError> {
    let check: String = sqlx::query_scalar("pragma quick_check(1)")
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| damaged(file, &error.to_string()))?;
    if check != "ok" {
        return Err(damaged(file, &check));
    }
    let (tables, ours): (i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where name = 'migrations') from sqlite_schema
            where type = 'table'",
    )
    .fetch_one(&mut *connection)
    .await?;
    if ours > 0 {
        let taken = migrations::taken(connection).await?;
        migrations::refuse_newer(taken)
    } else if tables > 0 {
        Err(OpenError::unfit(format!(
            "the store file {} belongs to another program; it was left untouched",
            file.display()
        )))
    } else {
        Ok(())
    }
}

fn damaged(file: &Path, what: &str) -> OpenError {
    let what: Vec<&str> = what.lines().collect();
    OpenError::unfit(format!(
        "the store file {} is damaged ({}); it was left untouched, restore a backup",
        file.display(),
        what.join(" ")
    ))
}

async fn check_library(writer: &AnyPool) -> Result<(), OpenError> {
    let version: String = sqlx::query_scalar("select sqlite_version()")
        .fetch_one(writer)
        .await?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    if (part(), part(), part()) >= OLDEST_LIBRARY {
        return Ok(());
    }
    let (major, minor, patch) = OLDEST_LIBRARY;
    Err(OpenError::unfit(format!(
        "SQLite {version} can corrupt a store; {major}.{minor}.{patch} or newer is needed"
    )))
}
