//! A driver's sessions, newest first by the calendar of the place.

use std::collections::HashMap;

use portal_api::{
    decimal::Decimal,
    dynamo::{Session, SessionPage, SessionStatus, dispute::DisputeStatus},
    money::{Currency, Money},
    query::{Edge, SessionFilter, SessionQuery},
    time::{Day, Instant, Month},
};
use sqlx::AnyConnection;

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

/// Selects the sessions of `$which`, their places and `$total`: three values
/// instead of a hundred rows, each of whose values costs the way from the
/// database here more than all the rest of an answer. Rows end with U+001E,
/// columns with U+001F.
macro_rules! packed {
    ($which:literal, $total:literal) => {
        concat!(
            "with page as materialized (select id, charge_point_id, connector, site_id, started_at,
                ended_at, energy_wh, cost_minor, currency, status, local_day, dispute_status
                from sessions ",
            $which,
            ") select (select string_agg(id || '\u{1f}' || charge_point_id || '\u{1f}' || connector
                || '\u{1f}' || site_id || '\u{1f}' || started_at
                || '\u{1f}' || coalesce(cast(ended_at as text), '')
                || '\u{1f}' || energy_wh || '\u{1f}' || coalesce(cast(cost_minor as text), '')
                || '\u{1f}' || currency || '\u{1f}' || status || '\u{1f}' || local_day
                || '\u{1f}' || coalesce(dispute_status, ''), '\u{1e}')
                from page),
            (select string_agg(id || '\u{1f}' || name || '\u{1f}' || time_zone, '\u{1e}')
                from sites where id in (select site_id from page)), ",
            $total
        )
    };
}

/// What [`packed!`] selects; nothing at all is null.
type Packed = (Option<String>, Option<String>, i64);

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
    let text = if query.filter.is_empty() {
        WHOLE_LIST
    } else {
        FILTERED_LIST
    };
    let mut reader = store.readers().acquire().await?;
    let packed: Packed = bind_bounds!(sqlx::query_as(text), driver_id, bounds)
        .bind(i64::from(query.limit))
        .bind(i64::try_from(query.offset).unwrap_or(i64::MAX))
        .fetch_one(&mut *reader)
        .await?;
    Ok(SessionPage {
        total: u64::try_from(packed.2).unwrap_or(0),
        sessions: unpack(&mut reader, &packed, driver_id, now).await?,
        limit: query.limit,
        offset: query.offset,
    })
}

// `$8 + 0`: SQLite looks at a bare `limit $8` when it plans, and so plans the
// query anew whenever it is bound.

/// Without a filter nobody counts: ended sessions have been.
const WHOLE_LIST: &str = packed!(
    "where driver_id = $1 and local_day between $2 and $3 and started_at between $4 and $5
        and ($6 = '' or site_id = $6) and ($7 = '' or status = $7)
        order by local_day desc, started_at desc, id desc limit $8 + 0 offset $9 + 0",
    "(select cast(coalesce(sum(sessions), 0) as bigint) from session_months where driver_id = $1)
        + (select count(*) from sessions where driver_id = $1 and status = 'active')"
);

const FILTERED_LIST: &str = packed!(
    "where driver_id = $1 and local_day between $2 and $3 and started_at between $4 and $5
        and ($6 = '' or site_id = $6) and ($7 = '' or status = $7)
        order by local_day desc, started_at desc, id desc limit $8 + 0 offset $9 + 0",
    "(select count(*) from sessions
        where driver_id = $1 and local_day between $2 and $3 and started_at between $4 and $5
            and ($6 = '' or site_id = $6) and ($7 = '' or status = $7))"
);

/// One of a driver's sessions as of `now`, or `None` if it is not theirs.
pub(super) async fn one(
    reader: &mut AnyConnection,
    driver_id: &str,
    id: &str,
    now: Instant,
) -> Result<Option<Session>, sqlx::Error> {
    let text = packed!("where id = $1 and driver_id = $2", "cast(0 as bigint)");
    let packed: Packed = sqlx::query_as(text)
        .bind(id)
        .bind(driver_id)
        .fetch_one(&mut *reader)
        .await?;
    Ok(unpack(reader, &packed, driver_id, now).await?.pop())
}

/// The sessions of what [`packed!`] selects, newest first.
async fn unpack(
    reader: &mut AnyConnection,
    (rows, sites, _): &Packed,
    driver_id: &str,
    now: Instant,
) -> Result<Vec<Session>, sqlx::Error> {
    let sites = sites.as_deref().map(places).unwrap_or_default();
    let mut sessions = Vec::new();
    for row in rows.iter().flat_map(|rows| rows.split(ROW)) {
        let session = session(row, &sites, now);
        sessions.push(session.ok_or_else(|| sqlx::Error::Decode("not a session".into()))?);
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

const ROW: char = '\u{1e}';
const COLUMN: char = '\u{1f}';

/// A place's name and time zone, by its id.
type Places<'a> = HashMap<&'a str, (&'a str, &'a str)>;

fn places(packed: &str) -> Places<'_> {
    packed.split(ROW).filter_map(place).collect()
}

fn place(row: &str) -> Option<(&str, (&str, &str))> {
    let (id, rest) = row.split_once(COLUMN)?;
    Some((id, rest.split_once(COLUMN)?))
}

/// A row of a packed text.
fn session(row: &str, places: &Places<'_>, now: Instant) -> Option<Session> {
    let mut columns = row.split(COLUMN);
    let mut text = || columns.next();
    let id = text()?.to_owned();
    let charge_point_id = text()?.to_owned();
    let connector = text()?.parse().ok()?;
    let site_id = text()?;
    let (name, zone) = places.get(site_id)?;
    let started: i64 = text()?.parse().ok()?;
    let ended: Option<i64> = optional(text()?)?;
    let energy_wh = text()?.parse().ok()?;
    let cost: Option<i64> = optional(text()?)?;
    let currency = Currency::new(text()?)?;
    let status = SessionStatus::of_word(text()?);
    let local_day = Day::from_number(text()?.parse().ok()?)?;
    let dispute_status = Some(text()?).filter(|word| !word.is_empty());
    let until = ended.unwrap_or(now.millis());
    Some(Session {
        session_id: id,
        charge_point_id,
        connector_id: Some(connector),
        site_id: Some(site_id.to_owned()),
        started_at: Instant::from_millis(started),
        ended_at: ended.map(Instant::from_millis),
        duration_minutes: Some((until - started).max(0) / 60_000),
        energy_kwh: Some(Decimal::new(energy_wh, 3)),
        total_cost: cost.map(|minor| Money::new(minor, currency).major()),
        currency: Some(currency),
        status,
        receipt_available: Some(ended.is_some()),
        dispute_status: dispute_status.map(DisputeStatus::of_word),
        site_name: Some((*name).to_owned()),
        time_zone: Some((*zone).to_owned()),
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

pub(super) fn month(number: i64) -> Result<Month, sqlx::Error> {
    i32::try_from(number)
        .ok()
        .and_then(Month::from_number)
        .ok_or_else(|| sqlx::Error::Decode("not a month".into()))
}
