//! What was charged: one function writes a session, the rest reads.
//!
//! - [`list`]: a driver's sessions, page by page. [`summary`]: what they add up to.
//!   Both show what is under way as it stands now (`running`).

pub mod list;
mod running;
pub mod summary;

use portal_api::{
    dynamo::{Session, SessionPage},
    portal::SessionSummary,
    query::{SessionFilter, SessionQuery},
    time::{Day, Instant},
};

use super::{
    Store, Write,
    sites::Site,
    tariffs::{Lines, NoPrice, Tariff, Usage},
};
use crate::{
    clock::Clock,
    provider::{self, Asked, Driver, Failure},
};

/// A session as it is known now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// Prefix `sess_`.
    pub id: String,
    /// Who charges.
    pub driver_id: String,
    /// Where the car is plugged in.
    pub charge_point_id: String,
    /// Which plug, from 1.
    pub connector: u32,
    /// In hundredths of a percent, off everything before tax.
    pub discount_rate: i64,
    /// When it began.
    pub started: Instant,
    /// What the meter showed last.
    pub energy_wh: i64,
    /// When the car stopped charging though it stayed.
    pub charged_until: Option<Instant>,
    /// How it ended; `None` while it runs.
    pub end: Option<End>,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct End {
    /// When.
    pub at: Instant,
    /// Whether it was cut short.
    pub early: bool,
}

/// Why a session was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It has ended and been settled: nothing about it changes any more.
    #[error("the session has ended")]
    Ended,
    /// Its price cannot be worked out.
    #[error(transparent)]
    Price(#[from] NoPrice),
    /// It began on no day of the calendar.
    #[error("the session began on no day of the calendar")]
    Day,
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

impl Record {
    const fn status(&self) -> &'static str {
        match self.end {
            None => "active",
            Some(End { early: false, .. }) => "completed",
            Some(End { early: true, .. }) => "stopped",
        }
    }

    /// What is to be paid for, as of `now`.
    pub fn usage(&self, now: Instant) -> Usage {
        let until = self.end.map_or(now, |end| end.at);
        usage(self.energy_wh, self.started, self.charged_until, until)
    }
}

/// What is to be paid for when a session stands at `until`.
fn usage(
    energy_wh: i64,
    started: Instant,
    charged_until: Option<Instant>,
    until: Instant,
) -> Usage {
    let charged_until = charged_until.unwrap_or(until);
    let seconds = |from: Instant, to: Instant| ((to.millis() - from.millis()) / 1_000).max(0);
    Usage {
        energy_wh,
        charging_seconds: seconds(started, charged_until),
        idle_seconds: seconds(charged_until, until),
    }
}

/// Writes a session that begins, goes on or ends, and when it ends adds it to
/// its month. Nothing else writes sessions.
pub async fn save(
    write: &mut Write,
    record: &Record,
    site: &Site,
    tariff: &Tariff,
) -> Result<(), WriteError> {
    let day = local_day(record.started, site).ok_or(WriteError::Day)?;
    let lines = match record.end {
        Some(end) => Some(tariff.price(record.usage(end.at), record.discount_rate)?),
        None => None,
    };
    if !put(write, record, site, tariff, day, lines).await? {
        return Err(WriteError::Ended);
    }
    if let Some(lines) = lines {
        add_to_month(write, record, tariff, day, lines.total()).await?;
    }
    Ok(())
}

/// The day on which it began, by the place's calendar.
fn local_day(started: Instant, site: &Site) -> Option<Day> {
    let local = started.utc()?.with_timezone(&site.time_zone);
    Some(Day(local.date_naive()))
}

/// Whether anything was written: an ended session is left as it is.
async fn put(
    write: &mut Write,
    record: &Record,
    site: &Site,
    tariff: &Tariff,
    day: Day,
    lines: Option<Lines>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into sessions (id, driver_id, site_id, charge_point_id, connector, tariff_id,
            currency, discount_rate, status, started_at, local_day, charged_until, ended_at,
            energy_wh, energy_minor, time_minor, flat_minor, parking_minor, discount_minor,
            tax_minor, cost_minor)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, $20, $21)
            on conflict (id) do update set status = excluded.status,
                charged_until = excluded.charged_until, ended_at = excluded.ended_at,
                energy_wh = excluded.energy_wh, energy_minor = excluded.energy_minor,
                time_minor = excluded.time_minor, flat_minor = excluded.flat_minor,
                parking_minor = excluded.parking_minor, discount_minor = excluded.discount_minor,
                tax_minor = excluded.tax_minor, cost_minor = excluded.cost_minor
            where sessions.status = 'active' and sessions.driver_id = excluded.driver_id
                and sessions.tariff_id = excluded.tariff_id
                and sessions.started_at = excluded.started_at",
    )
    .bind(&record.id)
    .bind(&record.driver_id)
    .bind(&site.id)
    .bind(&record.charge_point_id)
    .bind(i64::from(record.connector))
    .bind(&tariff.id)
    .bind(tariff.currency.code())
    .bind(record.discount_rate)
    .bind(record.status())
    .bind(record.started.millis())
    .bind(i64::from(day.number()))
    .bind(record.charged_until.map(Instant::millis))
    .bind(record.end.map(|end| end.at.millis()))
    .bind(record.energy_wh)
    .bind(lines.map(|lines| lines.energy))
    .bind(lines.map(|lines| lines.time))
    .bind(lines.map(|lines| lines.flat))
    .bind(lines.map(|lines| lines.parking))
    .bind(lines.map(|lines| lines.discount))
    .bind(lines.map(|lines| lines.tax))
    .bind(lines.map(|lines| lines.total()))
    .execute(&mut **write)
    .await?;
    Ok(done.rows_affected() > 0)
}

async fn add_to_month(
    write: &mut Write,
    record: &Record,
    tariff: &Tariff,
    day: Day,
    cost_minor: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into session_months (driver_id, month, currency, sessions, energy_wh, cost_minor)
            values ($1, $2, $3, 1, $4, $5)
            on conflict (driver_id, month, currency) do update set
                sessions = session_months.sessions + 1,
                energy_wh = session_months.energy_wh + excluded.energy_wh,
                cost_minor = session_months.cost_minor + excluded.cost_minor",
    )
    .bind(&record.driver_id)
    .bind(i64::from(day.month().number()))
    .bind(tariff.currency.code())
    .bind(record.energy_wh)
    .bind(cost_minor)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Our own store as the system of sessions.
#[derive(Clone, Debug)]
pub struct Embedded {
    store: Store,
    clock: Clock,
}

impl Embedded {
    /// Answers from `store`, as of what `clock` says.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }
}

impl provider::Sessions for Embedded {
    fn page<'a>(&'a self, driver: Driver<'a>, query: &'a SessionQuery) -> Asked<'a, SessionPage> {
        let now = self.clock.now();
        Box::pin(async move { Ok(list::page(&self.store, driver.person_id, query, now).await?) })
    }

    fn summary<'a>(
        &'a self,
        driver: Driver<'a>,
        filter: &'a SessionFilter,
    ) -> Asked<'a, SessionSummary> {
        let now = self.clock.now();
        let person = driver.person_id;
        Box::pin(async move { Ok(summary::summary(&self.store, person, filter, now).await?) })
    }

    fn one<'a>(&'a self, driver: Driver<'a>, id: &'a str) -> Asked<'a, Session> {
        let now = self.clock.now();
        Box::pin(async move {
            let session = list::one(&self.store, driver.person_id, id, now).await?;
            session.ok_or(Failure::NotFound)
        })
    }
}
