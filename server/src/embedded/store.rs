//! One store, SQLite in a file or PostgreSQL, behind one kind of connection.

mod postgres;
mod sqlite;

use std::{path::Path, sync::Arc};

use sqlx::{Any, AnyPool, Transaction};

use super::migrations;
use crate::{clock::Clock, config::Secret};

/// A transaction that may write. Ends with `commit()`; dropped, it never was.
pub type Write = Transaction<'static, Any>;

/// Which database is behind the store.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// One file.
    Sqlite,
    /// A server, perhaps shared with other copies of this program.
    Postgres,
}

/// The store; clones are the same one.
#[derive(Clone, Debug)]
pub struct Store(Arc<Pools>);

#[derive(Debug)]
struct Pools {
    kind: Kind,
    readers: AnyPool,
    /// SQLite allows one writer at a time: its own pool of one connection
    /// makes writers queue here instead of failing there.
    writer: AnyPool,
}

/// Why a store can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database says no.
    #[error("the store cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    /// It can be opened but must not be used.
    #[error("{0}")]
    Unfit(String),
}

impl OpenError {
    fn unfit(sentence: impl Into<String>) -> Self {
        Self::Unfit(sentence.into())
    }
}

impl Store {
    /// Opens the file, makes it if there is none, and brings it up to date.
    pub async fn sqlite(file: &Path, clock: &Clock) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        let pools = sqlite::open(file).await?;
        Self::brought_up_to_date(pools, clock).await
    }

    /// Opens a PostgreSQL database and brings it up to date.
    pub async fn postgres(address: &Secret, clock: &Clock) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        let pools = postgres::open(address).await?;
        Self::brought_up_to_date(pools, clock).await
    }

    async fn brought_up_to_date(pools: Pools, clock: &Clock) -> Result<Self, OpenError> {
        let store = Self(Arc::new(pools));
        migrations::run(&store, clock.now()).await?;
        Ok(store)
    }

    /// Which database it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Where queries that change nothing go.
    pub fn readers(&self) -> &AnyPool {
        &self.0.readers
    }

    /// Begins to write: on SQLite nobody else writes until it ends.
    pub async fn write(&self) -> Result<Write, sqlx::Error> {
        match self.0.kind {
            Kind::Sqlite => self.0.writer.begin_with("BEGIN IMMEDIATE").await,
            Kind::Postgres => self.0.writer.begin().await,
        }
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("select 1")
            .execute(self.readers())
            .await
            .map(drop)
    }

    /// Waits for what is under way and closes.
    pub async fn close(&self) {
        self.0.writer.close().await;
        self.0.readers.close().await;
    }
}
