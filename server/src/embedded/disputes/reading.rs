//! What is told of disputes: to their driver, and to the desk.

use std::collections::HashMap;

use portal_api::{
    decimal::Decimal,
    dynamo::dispute::{Dispute, DisputeStatus},
    money::{Currency, Money},
    portal::{
        Cost, DisputeNews,
        disputes::{DisputeDetail, DisputeEvent, DisputePage, DisputeRow},
    },
    time::Instant,
};
use serde::de::{DeserializeOwned, IntoDeserializer, value};
use sqlx::{AnyConnection, FromRow};

use super::files;
use crate::embedded::Store;

/// Who wants to know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reader<'a> {
    /// A driver, by their id: of their own.
    Driver(&'a str),
    /// The operator's staff: of all that our desk decides.
    Desk,
}

#[derive(FromRow)]
struct Record {
    id: String,
    person_id: String,
    session_id: String,
    upstream: i64,
    status: String,
    turn: String,
    line: Option<String>,
    reason: String,
    expected_minor: Option<i64>,
    billed_minor: Option<i64>,
    currency: Option<String>,
    site_name: Option<String>,
    time_zone: Option<String>,
    started_at: i64,
    filed_at: i64,
    changed_at: i64,
    decided_at: Option<i64>,
    outcome: Option<String>,
    credit_minor: Option<i64>,
    corrected_receipt: Option<String>,
    driver: String,
}

macro_rules! records {
    ($which:literal) => {
        concat!(
            "select d.id, d.person_id, d.session_id, d.upstream, d.status, d.turn, d.line, d.reason,
                d.expected_minor, d.billed_minor, d.currency, d.site_name, d.time_zone,
                d.started_at, d.filed_at, d.changed_at, d.decided_at, d.outcome, d.credit_minor,
                d.corrected_receipt, p.name as driver
                from disputes d join people p on p.id = d.person_id ",
            $which
        )
    };
}

impl Record {
    fn is_for(&self, reader: Reader<'_>) -> bool {
        match reader {
            Reader::Driver(id) => self.person_id == id,
            Reader::Desk => self.upstream == 0,
        }
    }

    fn major(&self, minor: Option<i64>) -> Option<Decimal> {
        let currency = Currency::new(self.currency.as_deref()?)?;
        Some(Money::new(minor?, currency).major())
    }

    fn dispute(&self) -> Dispute {
        Dispute {
            dispute_id: self.id.clone(),
            session_id: self.session_id.clone(),
            status: DisputeStatus::of_word(&self.status),
            reason: self.reason.clone(),
            expected_cost: self.major(self.expected_minor),
            billed_cost: self.major(self.billed_minor),
            currency: self.currency.as_deref().and_then(Currency::new),
            created_at: Instant::from_millis(self.filed_at),
            resolved_at: self.decided_at.map(Instant::from_millis),
        }
    }

    fn row(&self, reader: Reader<'_>) -> Result<DisputeRow, sqlx::Error> {
        Ok(DisputeRow {
            dispute: self.dispute(),
            site_name: self.site_name.clone(),
            time_zone: self.time_zone.clone(),
            started_at: Some(Instant::from_millis(self.started_at)),
            turn: of_word(&self.turn)?,
            credit: self.major(self.credit_minor),
            changed_at: Instant::from_millis(self.changed_at),
            driver: (reader == Reader::Desk).then(|| self.driver.clone()),
        })
    }
}

/// A word of the store as the API's.
fn of_word<T: DeserializeOwned>(word: &str) -> Result<T, sqlx::Error> {
    let word: value::StrDeserializer<'_, value::Error> = word.into_deserializer();
    T::deserialize(word).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Some of a driver's disputes, the newest first; or of those that wait at the
/// desk, the oldest first.
pub async fn page(
    store: &Store,
    reader: Reader<'_>,
    limit: u32,
    offset: u64,
) -> Result<DisputePage, sqlx::Error> {
    let (records, count) = match reader {
        Reader::Driver(_) => (
            records!(
                "where d.person_id = $1 order by d.filed_at desc, d.id desc limit $2 offset $3"
            ),
            "select count(*) from disputes where person_id = $1",
        ),
        Reader::Desk => (
            records!(
                "where d.upstream = 0 and d.decided_at is null and $1 = ''
                order by d.filed_at, d.id limit $2 offset $3"
            ),
            "select count(*) from disputes where upstream = 0 and decided_at is null and $1 = ''",
        ),
    };
    let person_id = match reader {
        Reader::Driver(id) => id,
        Reader::Desk => "",
    };
    let mut connection = store.readers().acquire().await?;
    let records: Vec<Record> = sqlx::query_as(records)
        .bind(person_id)
        .bind(i64::from(limit))
        .bind(i64::try_from(offset).unwrap_or(i64::MAX))
        .fetch_all(&mut *connection)
        .await?;
    let total: i64 = sqlx::query_scalar(count)
        .bind(person_id)
        .fetch_one(&mut *connection)
        .await?;
    let rows: Result<_, _> = records.iter().map(|record| record.row(reader)).collect();
    Ok(DisputePage {
        disputes: rows?,
        total: u64::try_from(total).unwrap_or(0),
    })
}

async fn record(connection: &mut AnyConnection, id: &str) -> Result<Option<Record>, sqlx::Error> {
    sqlx::query_as(records!("where d.id = $1"))
        .bind(id)
        .fetch_optional(connection)
        .await
}

/// A dispute as Dynamo tells it.
pub(super) async fn dispute(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<Dispute>, sqlx::Error> {
    Ok(record(connection, id).await?.map(|record| record.dispute()))
}

/// A dispute and all that happened, if this reader may know.
pub async fn detail(
    connection: &mut AnyConnection,
    reader: Reader<'_>,
    id: &str,
) -> Result<Option<DisputeDetail>, sqlx::Error> {
    let record = record(connection, id).await?;
    let Some(record) = record.filter(|record| record.is_for(reader)) else {
        return Ok(None);
    };
    Ok(Some(DisputeDetail {
        row: record.row(reader)?,
        events: events(connection, &record).await?,
        files: files::of_dispute(connection, id).await?,
        outcome: record.outcome.as_deref().map(of_word).transpose()?,
        line: record.line,
        corrected_receipt: record.corrected_receipt,
    }))
}

async fn events(
    connection: &mut AnyConnection,
    record: &Record,
) -> Result<Vec<DisputeEvent>, sqlx::Error> {
    let rows: Vec<(i64, String, Option<String>)> = sqlx::query_as(
        "select at, kind, text from dispute_events where dispute_id = $1 order by number",
    )
    .bind(&record.id)
    .fetch_all(connection)
    .await?;
    let event = |(at, kind, text): (i64, String, Option<String>)| {
        let reason = (kind == "filed").then(|| record.reason.clone());
        Ok(DisputeEvent {
            at: Instant::from_millis(at),
            kind: of_word(&kind)?,
            text: text.or(reason),
        })
    };
    rows.into_iter().map(event).collect()
}

/// The newest dispute of somebody about a session, and how far it is.
pub async fn newest_of_session(
    connection: &mut AnyConnection,
    person_id: &str,
    session_id: &str,
) -> Result<Option<(String, DisputeStatus)>, sqlx::Error> {
    let found: Option<(String, String)> = sqlx::query_as(
        "select id, status from disputes where session_id = $1 and person_id = $2
            order by filed_at desc, id desc limit 1",
    )
    .bind(session_id)
    .bind(person_id)
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|(id, status)| (id, DisputeStatus::of_word(&status))))
}

/// How far the newest dispute about each of somebody's sessions is.
pub async fn statuses(
    store: &Store,
    person_id: &str,
) -> Result<HashMap<String, DisputeStatus>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select session_id, status from disputes where person_id = $1 order by filed_at, id",
    )
    .bind(person_id)
    .fetch_all(store.readers())
    .await?;
    // The newest comes last and stays.
    let known = |(id, status): (String, String)| (id, DisputeStatus::of_word(&status));
    Ok(rows.into_iter().map(known).collect())
}

/// How many seconds long a decision is news.
const NEWS: i64 = 7 * 24 * 60 * 60;

/// How many disputes are news at a time.
const NEWS_MOST: i64 = 3;

#[derive(FromRow)]
struct NewsRow {
    id: String,
    place: String,
    decided: i64,
    credit_minor: Option<i64>,
    currency: Option<String>,
}

impl NewsRow {
    fn told(self) -> DisputeNews {
        let credit = self.credit_minor.zip(self.currency);
        DisputeNews {
            dispute_id: self.id,
            place: self.place,
            decided: self.decided == 1,
            credit: credit.and_then(|(minor, currency)| {
                let currency = Currency::new(&currency)?;
                let amount = Money::new(minor, currency).major();
                Some(Cost { amount, currency })
            }),
        }
    }
}

/// The disputes that wait for their driver, then those decided lately, the newest first.
pub async fn news(
    store: &Store,
    person_id: &str,
    now: Instant,
) -> Result<Vec<DisputeNews>, sqlx::Error> {
    let rows: Vec<NewsRow> = sqlx::query_as(
        "select id, coalesce(site_name, '') as place, credit_minor, currency,
            case turn when 'driver' then 0 else 1 end as decided
            from disputes where person_id = $1 and (turn = 'driver' or decided_at > $2)
            order by decided, changed_at desc, id limit $3",
    )
    .bind(person_id)
    .bind(now.plus_seconds(-NEWS).millis())
    .bind(NEWS_MOST)
    .fetch_all(store.readers())
    .await?;
    Ok(rows.into_iter().map(NewsRow::told).collect())
}

/// Whose session a dispute at the desk is about, and which.
pub async fn subject(
    connection: &mut AnyConnection,
    id: &str,
) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as("select person_id, session_id from disputes where id = $1 and upstream = 0")
        .bind(id)
        .fetch_optional(connection)
        .await
}
