//! A driver's sessions, newest first by the calendar of the place.

use portal_api::{
    decimal::Decimal,
    dynamo::{Session, SessionPage, SessionStatus},
    money::{Currency, Money},
    query::{Edge, SessionFilter, SessionQuery},
    time::{Day, Instant, Month},
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::running::running;
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

/// Selects sessions, all in one text: rows end with U+001E, columns with
/// U+001F. A hundred rows of thirteen values each cost the way from the
/// database here more than all the rest of an answer.
macro_rules! packed {
    ($from:literal) => {
        concat!(
            "select string_agg(s.id || '\u{1f}' || s.charge_point_id || '\u{1f}' || s.connector
                || '\u{1f}' || s.site_id || '\u{1f}' || s.started_at
                || '\u{1f}' || coalesce(cast(s.ended_at as text), '')
                || '\u{1f}' || s.energy_wh || '\u{1f}' || coalesce(cast(s.cost_minor as text), '')
                || '\u{1f}' || s.currency || '\u{1f}' || s.status || '\u{1f}' || s.local_day
                || '\u{1f}' || (select p.name || '\u{1f}' || p.time_zone from sites p
                    where p.id = s.site_id), '\u{1e}') ",
            $from
        )
    };
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
    let packed: Option<String> = bind_bounds!(
        sqlx::query_scalar(packed!(
            "from (select id as shown from sessions
                where driver_id = $1 and local_day between $2 and $3
                    and started_at between $4 and $5
                    and ($6 = '' or site_id = $6) and ($7 = '' or status = $7)
                order by local_day desc, started_at desc, id desc
                limit $8 offset $9) page join sessions s on s.id = page.shown"
        )),
        driver_id,
        bounds
    )
    .bind(i64::from(query.limit))
    .bind(i64::try_from(query.offset).unwrap_or(i64::MAX))
    .fetch_one(&mut *reader)
    .await?;
    Ok(SessionPage {
        sessions: unpack(&mut reader, packed, driver_id, now).await?,
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
    let packed: Option<String> = sqlx::query_scalar(packed!(
        "from sessions s where s.id = $1 and s.driver_id = $2"
    ))
    .bind(id)
    .bind(driver_id)
    .fetch_one(&mut *reader)
    .await?;
    Ok(unpack(&mut reader, packed, driver_id, now).await?.pop())
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

/// The sessions of a text as [`packed!`] makes it, newest first.
async fn unpack(
    reader: &mut AnyConnection,
    packed: Option<String>,
    driver_id: &str,
    now: Instant,
) -> Result<Vec<Session>, sqlx::Error> {
    let packed = packed.unwrap_or_default();
    let mut sessions = Vec::new();
    for row in packed.split_terminator('\u{1e}') {
        sessions.push(session(row, now).ok_or_else(unreadable)?);
    }
    if sessions.iter().any(|session| session.ended_at.is_none()) {
        let running = running(reader, driver_id, now).await?;
        for session in &mut sessions {
            if let Some(running) = running.get(&session.session_id) {
                session.total_cost = running.cost.map(Money::major);
            }
        }
    }
    // No aggregate promises an order.
    sessions.sort_by(|a, b| order(b).cmp(&order(a)));
    Ok(sessions)
}

fn order(session: &Session) -> (Option<Day>, Instant, &str) {
    (session.local_day, session.started_at, &session.session_id)
}

fn unreadable() -> sqlx::Error {
    sqlx::Error::Decode("a session makes no sense".into())
}

/// A row of a packed text.
fn session(row: &str, now: Instant) -> Option<Session> {
    let mut columns = row.split('\u{1f}');
    let mut text = || columns.next();
    let id = text()?.to_owned();
    let charge_point_id = text()?.to_owned();
    let connector = text()?.parse().ok()?;
    let site_id = text()?.to_owned();
    let started: i64 = text()?.parse().ok()?;
    let ended: Option<i64> = optional(text()?)?;
    let energy_wh = text()?.parse().ok()?;
    let cost: Option<i64> = optional(text()?)?;
    let currency = Currency::new(text()?)?;
    let status = SessionStatus::of_word(text()?);
    let local_day = Day::from_number(text()?.parse().ok()?)?;
    let until = ended.unwrap_or(now.millis());
    Some(Session {
        session_id: id,
        charge_point_id,
        connector_id: Some(connector),
        site_id: Some(site_id),
        started_at: Instant::from_millis(started),
        ended_at: ended.map(Instant::from_millis),
        duration_minutes: Some((until - started).max(0) / 60_000),
        energy_kwh: Some(Decimal::new(energy_wh, 3)),
        total_cost: cost.map(|minor| Money::new(minor, currency).major()),
        currency: Some(currency),
        status,
        receipt_available: Some(false),
        dispute_status: None,
        site_name: Some(text()?.to_owned()),
        time_zone: Some(text()?.to_owned()),
        local_day: Some(local_day),
    })
}

/// Nothing if it is empty; `None` if it is no number.
fn optional(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    text.parse().ok().map(Some)
}

pub(super) fn currency(row: &AnyRow, column: usize) -> Result<Currency, sqlx::Error> {
    let code: &str = row.try_get(column)?;
    Currency::new(code).ok_or_else(|| sqlx::Error::Decode("not a currency".into()))
}

pub(super) fn month(number: i64) -> Result<Month, sqlx::Error> {
    i32::try_from(number)
        .ok()
        .and_then(Month::from_number)
        .ok_or_else(|| sqlx::Error::Decode("not a month".into()))
}
