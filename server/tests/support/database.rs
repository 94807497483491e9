//! A store that nobody else uses.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use portal_server::{
    clock::Clock,
    config::Secret,
    embedded::{Store, store::Kind},
};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row, any::AnyRow};

/// Which database a test gets.
pub enum Database {
    Sqlite,
    /// A database of its own, by name, on the server at the address.
    Postgres {
        server: String,
        name: String,
    },
}

/// SQLite, and PostgreSQL if there is one.
pub async fn all() -> Vec<Database> {
    let mut all = vec![Database::Sqlite];
    if let Ok(server) = std::env::var("PORTAL_TEST_PG") {
        all.push(Database::postgres(server).await);
    }
    all
}

/// An empty folder that nobody else uses.
pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(unique("portal-test"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The file of the store in a data folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("portal.db")
}

fn unique(prefix: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let since = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    format!("{prefix}_{}_{since}_{number}", std::process::id())
}

impl Database {
    async fn postgres(server: String) -> Self {
        let name = unique("portal_test");
        command(&server, &format!("create database {name}")).await;
        Self::Postgres { server, name }
    }

    pub async fn open(&self, folder: &Path, clock: &Clock) -> Store {
        match self {
            Self::Sqlite => Store::sqlite(&file(folder), clock).await.unwrap(),
            Self::Postgres { .. } => Store::postgres(&self.address().unwrap(), clock)
                .await
                .unwrap(),
        }
    }

    /// Its address, if it has one.
    pub fn address(&self) -> Option<Secret> {
        match self {
            Self::Sqlite => None,
            Self::Postgres { server, name } => Some(Secret::new(address_of(server, name))),
        }
    }

    /// An empty one of the same kind.
    pub async fn another(&self) -> Self {
        match self {
            Self::Sqlite => Self::Sqlite,
            Self::Postgres { server, .. } => Self::postgres(server.clone()).await,
        }
    }

    pub async fn drop(self) {
        if let Self::Postgres { server, name } = self {
            command(&server, &format!("drop database {name} with (force)")).await;
        }
    }
}

/// The address of another database on the same server.
fn address_of(server: &str, name: &str) -> String {
    let (before, query) = match server.split_once('?') {
        Some((before, query)) => (before, format!("?{query}")),
        None => (server, String::new()),
    };
    let host_end = before
        .find("://")
        .and_then(|at| before[at + 3..].find('/').map(|slash| at + 3 + slash))
        .unwrap_or(before.len());
    format!("{}/{name}{query}", &before[..host_end])
}

pub async fn command(server: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.unwrap();
    connection
        .execute(AssertSqlSafe(sql.to_owned()))
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// Every row of every table as text, in a fixed order, but which copies of the server
/// live: they say so on their own.
pub async fn contents(store: &Store) -> Vec<String> {
    let list = match store.kind() {
        Kind::Sqlite => "select name from sqlite_schema where type = 'table'",
        Kind::Postgres => "select tablename::text from pg_tables where schemaname = 'public'",
    };
    let tables: Vec<String> = sqlx::query_scalar(list)
        .fetch_all(store.readers())
        .await
        .unwrap();
    let mut all = Vec::new();
    for table in tables.iter().filter(|name| *name != "servers") {
        let rows = sqlx::query(AssertSqlSafe(format!("select * from {table}")))
            .fetch_all(store.readers())
            .await
            .unwrap();
        all.extend(rows.iter().map(|row| format!("{table}: {}", text(row))));
    }
    assert!(!all.is_empty());
    all.sort();
    all
}

fn text(row: &AnyRow) -> String {
    let cell = |column| match row.try_get::<Option<String>, _>(column) {
        Ok(text) => text.unwrap_or_default(),
        Err(_) => match row.try_get::<i64, _>(column) {
            Ok(number) => number.to_string(),
            Err(_) => format!("{:?}", row.get::<Vec<u8>, _>(column)),
        },
    };
    (0..row.len()).map(cell).collect::<Vec<_>>().join(" | ")
}
