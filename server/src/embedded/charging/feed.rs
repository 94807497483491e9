//! What is told to whoever looks: written with the change it tells of, handed on once
//! that is certain, and kept for those whose connection broke.

use std::{sync::Arc, time::Duration};

use portal_api::time::Instant;
use serde::Serialize;
use sqlx::{AnyConnection, Row, any::AnyRow, postgres::PgListener};
use tokio::sync::{Notify, broadcast};

use crate::{
    config::Secret,
    embedded::{Store, Write},
};

/// So many events may wait for a slow reader; one that is slower reads anew.
const WAITING: usize = 1_024;

/// So many are read at a time.
const BATCH: i64 = 500;

/// How long events are kept, in seconds.
const KEPT: i64 = 60 * 60;

/// How long to wait before a broken connection is made again.
const AGAIN: Duration = Duration::from_secs(1);

/// Something that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// Its place among all events.
    pub number: i64,
    /// Whom it is for; `None`: everybody.
    pub person_id: Option<String>,
    /// The charge point that may have something to do now.
    pub charge_point_id: Option<String>,
    /// Its name on the wire.
    pub name: String,
    /// JSON.
    pub body: String,
}

/// Something that is about to have happened.
#[derive(Clone, Debug)]
pub struct News {
    /// Whom it is for; `None`: everybody.
    pub person_id: Option<String>,
    /// The charge point that may have something to do now.
    pub charge_point_id: Option<String>,
    /// Its name on the wire.
    pub name: &'static str,
    /// JSON.
    pub body: String,
}

impl News {
    /// News for everybody.
    pub fn of_all(name: &'static str, body: &impl Serialize) -> Option<Self> {
        Some(Self {
            person_id: None,
            charge_point_id: None,
            name,
            body: serde_json::to_string(body).ok()?,
        })
    }

    /// News for one person.
    pub fn of(person_id: &str, name: &'static str, body: &impl Serialize) -> Option<Self> {
        Some(Self {
            person_id: Some(person_id.to_owned()),
            ..Self::of_all(name, body)?
        })
    }
}

/// Hands events on; clones are the same one.
#[derive(Clone, Debug)]
pub struct Feed {
    store: Store,
    bell: Arc<Notify>,
    told: broadcast::Sender<Arc<Event>>,
}

impl Feed {
    /// Of the events of a store.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            bell: Arc::default(),
            told: broadcast::Sender::new(WAITING),
        }
    }

    /// All events from now on.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.told.subscribe()
    }

    /// Events were written.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Hands on what is written, here or by other copies of the server, until the
    /// program ends.
    pub async fn run(&self, database: Option<&Secret>) {
        let elsewhere = async {
            match database {
                Some(address) => self.listen_elsewhere(address).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.hand_on() => {}
            () = elsewhere => {}
        }
    }

    async fn hand_on(&self) {
        let mut last = loop {
            match newest(&self.store).await {
                Ok(newest) => break newest,
                Err(error) => broken(&error).await,
            }
        };
        loop {
            match after(&self.store, last).await {
                Ok(events) if events.is_empty() => self.bell.notified().await,
                Ok(events) => {
                    for event in events {
                        last = event.number;
                        // Nobody may be listening.
                        drop(self.told.send(Arc::new(event)));
                    }
                }
                Err(error) => broken(&error).await,
            }
        }
    }

    /// Rings when another copy of the server has written events.
    async fn listen_elsewhere(&self, address: &Secret) {
        loop {
            if let Err(error) = self.listen_to(address).await {
                broken(&error).await;
            }
        }
    }

    async fn listen_to(&self, address: &Secret) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect(address.expose()).await?;
        listener.listen("portal_events").await?;
        loop {
            // What came while there was no connection.
            self.ring();
            listener.recv().await?;
        }
    }
}

async fn broken(error: &sqlx::Error) {
    tracing::warn!(event = "feed_broken", %error);
    tokio::time::sleep(AGAIN).await;
}

/// Writes events: the last thing before a transaction ends, so that their numbers are
/// in the order in which they can be seen.
pub(super) async fn write(
    write: &mut Write,
    news: &[News],
    now: Instant,
) -> Result<(), sqlx::Error> {
    for one in news {
        let number = next(write, "event").await?;
        sqlx::query(
            "insert into events (number, at, person_id, charge_point_id, name, body)
                values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(number)
        .bind(now.millis())
        .bind(&one.person_id)
        .bind(&one.charge_point_id)
        .bind(one.name)
        .bind(&one.body)
        .execute(&mut **write)
        .await?;
    }
    Ok(())
}

/// The next number of a counter.
pub(in crate::embedded) async fn next(
    write: &mut Write,
    counter: &str,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("update counters set value = value + 1 where name = $1 returning value")
        .bind(counter)
        .fetch_one(&mut **write)
        .await
}

/// The number of the newest event.
pub async fn newest(store: &Store) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select value from counters where name = 'event'")
        .fetch_one(store.readers())
        .await
}

/// What happened after an event; `None` if not all of it is known any more.
pub async fn since(store: &Store, number: i64) -> Result<Option<Vec<Event>>, sqlx::Error> {
    let mut connection = store.readers().acquire().await?;
    if number == newest(store).await? {
        return Ok(Some(Vec::new()));
    }
    let events = read(&mut connection, number - 1, WAITING as i64).await?;
    // The event itself is still there, so nothing after it was forgotten.
    let whole = events.first().is_some_and(|first| first.number == number);
    let fits = events.len() < WAITING;
    Ok((whole && fits).then(|| events.into_iter().skip(1).collect()))
}

async fn after(store: &Store, number: i64) -> Result<Vec<Event>, sqlx::Error> {
    let mut connection = store.readers().acquire().await?;
    read(&mut connection, number, BATCH).await
}

async fn read(
    reader: &mut AnyConnection,
    after: i64,
    most: i64,
) -> Result<Vec<Event>, sqlx::Error> {
    let rows = sqlx::query(
        "select number, person_id, charge_point_id, name, body from events
            where number > $1 order by number limit $2",
    )
    .bind(after)
    .bind(most)
    .fetch_all(reader)
    .await?;
    rows.iter().map(event).collect()
}

fn event(row: &AnyRow) -> Result<Event, sqlx::Error> {
    Ok(Event {
        number: row.try_get(0)?,
        person_id: row.try_get(1)?,
        charge_point_id: row.try_get(2)?,
        name: row.try_get(3)?,
        body: row.try_get(4)?,
    })
}

/// Forgets what nobody asks about any more.
pub async fn forget_old(write: &mut Write, now: Instant) -> Result<(), sqlx::Error> {
    sqlx::query("delete from events where at < $1")
        .bind(now.plus_seconds(-KEPT).millis())
        .execute(&mut **write)
        .await
        .map(drop)
}
