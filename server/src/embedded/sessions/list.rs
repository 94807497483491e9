//! A driver's sessions, newest first by the calendar of the place.

use portal_api::{
    decimal::Decimal,
    dynamo::{Session, SessionPage, SessionStatus},
    money::{Currency, Money},
    query::{Edge, SessionFilter, SessionQuery},
    time::{Day, Instant},
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::running::{Running, running};
use crate::embedded::Store;

/// A filter as the queries take it: without an edge, one that nothing is beyond.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    pub first_day: i64,
    pub last_day: i64,
    pub not_before: i64,
    pub not_after: i64,
    /// Empty for every place.
    pub site_id: String,
    /// Empty for every status.
    pub status: String,
}

impl Bounds {
    pub(super) fn of(filter: &SessionFilter) -> Self {
        let day = |edge: Option<Edge>| match edge {
            Some(Edge::Day(day)) => Some(i64::from(day.number())),
            _ => None,
        };
        let instant = |edge: Option<Edge>| match edge {
            Some(Edge::Instant(instant)) => Some(instant.millis()),
            _ => None,
        };
        let status = filter.status.as_ref().map(SessionStatus::as_str);
        Self {
            first_day: day(filter.from).unwrap_or(0),
            last_day: day(filter.to).unwrap_or(99_999_999),
            not_before: instant(filter.from).unwrap_or(i64::MIN),
            not_after: instant(filter.to).unwrap_or(i64::MAX),
            site_id: filter.site_id.clone().unwrap_or_default(),
            status: status.unwrap_or_default().to_owned(),
        }
    }
}

/// Binds a driver's id and bounds as `$1` to `$7`.
macro_rules! bind_bounds {
    ($query:expr, $driver:expr, $bounds:expr) => {
        $query
            .bind($driver)
            .bind($bounds.first_day)
            .bind($bounds.last_day)
            .bind($bounds.not_before)
            .bind($bounds.not_after)
            .bind(&$bounds.site_id)
            .bind(&$bounds.status)
    };
}
pub(super) use bind_bounds;

/// Some of a driver's sessions as of `now`.
pub async fn page(
    store: &Store,
    driver_id: &str,
    query: &SessionQuery,
    now: Instant,
) -> Result<SessionPage, sqlx::Error> {
    let bounds = Bounds::of(&query.filter);
    let mut reader = store.readers().acquire().await?;
    let rows = bind_bounds!(
        sqlx::query(
            "select s.id, s.charge_point_id, s.connector, s.site_id, s.started_at, s.ended_at,
                s.energy_wh, s.cost_minor, s.currency, s.status, s.local_day, p.name, p.time_zone
                from sessions s join sites p on p.id = s.site_id
                where s.driver_id = $1 and s.local_day between $2 and $3
                    and s.started_at between $4 and $5
                    and ($6 = '' or s.site_id = $6) and ($7 = '' or s.status = $7)
                order by s.local_day desc, s.started_at desc, s.id desc
                limit $8 offset $9"
        ),
        driver_id,
        bounds
    )
    .bind(i64::from(query.limit))
    .bind(i64::try_from(query.offset).unwrap_or(i64::MAX))
    .fetch_all(&mut *reader)
    .await?;
    Ok(SessionPage {
        sessions: sessions(&mut reader, &rows, driver_id, now).await?,
        total: total(&mut reader, driver_id, &query.filter).await?,
        limit: query.limit,
        offset: query.offset,
    })
}

/// One of a driver's sessions as of `now`, or `None` if it is not theirs.
pub async fn one(
    store: &Store,
    driver_id: &str,
    id: &str,
    now: Instant,
) -> Result<Option<Session>, sqlx::Error> {
    let mut reader = store.readers().acquire().await?;
    let rows = sqlx::query(
        "select s.id, s.charge_point_id, s.connector, s.site_id, s.started_at, s.ended_at,
            s.energy_wh, s.cost_minor, s.currency, s.status, s.local_day, p.name, p.time_zone
            from sessions s join sites p on p.id = s.site_id
            where s.id = $1 and s.driver_id = $2",
    )
    .bind(id)
    .bind(driver_id)
    .fetch_all(&mut *reader)
    .await?;
    Ok(sessions(&mut reader, &rows, driver_id, now).await?.pop())
}

/// How many sessions a filter lets through; without one, nobody counts them.
async fn total(
    reader: &mut AnyConnection,
    driver_id: &str,
    filter: &SessionFilter,
) -> Result<u64, sqlx::Error> {
    let counted: i64 = if filter.is_empty() {
        sqlx::query_scalar(
            "select cast(coalesce(sum(sessions), 0) as bigint)
                + (select count(*) from sessions where driver_id = $1 and status = 'active')
                from session_months where driver_id = $1",
        )
        .bind(driver_id)
        .fetch_one(reader)
        .await?
    } else {
        let bounds = Bounds::of(filter);
        bind_bounds!(
            sqlx::query_scalar(
                "select count(*) from sessions
                    where driver_id = $1 and local_day between $2 and $3
                        and started_at between $4 and $5
                        and ($6 = '' or site_id = $6) and ($7 = '' or status = $7)"
            ),
            driver_id,
            bounds
        )
        .fetch_one(reader)
        .await?
    };
    Ok(u64::try_from(counted).unwrap_or(0))
}

/// Rows of the list as they go over the wire.
async fn sessions(
    reader: &mut AnyConnection,
    rows: &[AnyRow],
    driver_id: &str,
    now: Instant,
) -> Result<Vec<Session>, sqlx::Error> {
    let mut any_runs = false;
    for row in rows {
        any_runs |= row.try_get::<Option<i64>, _>(ENDED)?.is_none();
    }
    let running = if any_runs {
        running(reader, driver_id, now).await?
    } else {
        Running::new()
    };
    rows.iter().map(|row| session(row, &running, now)).collect()
}

/// The column of `ended_at` in the list's queries.
const ENDED: usize = 5;

fn session(row: &AnyRow, running: &Running, now: Instant) -> Result<Session, sqlx::Error> {
    let id: String = row.try_get(0)?;
    let connector: i64 = row.try_get(2)?;
    let started = Instant::from_millis(row.try_get(4)?);
    let ended: Option<i64> = row.try_get(ENDED)?;
    let until = ended.unwrap_or(now.millis());
    let settled: Option<i64> = row.try_get(7)?;
    let cost = settled.or_else(|| running.get(&id).copied().flatten());
    let currency = currency(row, 8)?;
    let day: i64 = row.try_get(10)?;
    Ok(Session {
        session_id: id,
        charge_point_id: row.try_get(1)?,
        connector_id: u32::try_from(connector).ok(),
        site_id: Some(row.try_get(3)?),
        started_at: started,
        ended_at: ended.map(Instant::from_millis),
        duration_minutes: Some((until - started.millis()).max(0) / 60_000),
        energy_kwh: Some(Decimal::new(row.try_get(6)?, 3)),
        total_cost: cost.map(|minor| Money::new(minor, currency).major()),
        currency: Some(currency),
        status: SessionStatus::of_word(row.try_get(9)?),
        receipt_available: Some(false),
        dispute_status: None,
        site_name: Some(row.try_get(11)?),
        time_zone: Some(row.try_get(12)?),
        local_day: i32::try_from(day).ok().and_then(Day::from_number),
    })
}

pub(super) fn currency(row: &AnyRow, column: usize) -> Result<Currency, sqlx::Error> {
    let code: &str = row.try_get(column)?;
    Currency::new(code).ok_or_else(|| sqlx::Error::Decode("not a currency".into()))
}
