//! What was charged: one function writes a session, the rest reads.
//!
//! - [`list`]: a driver's sessions, page by page. [`summary`]: what they add up to.
//!   Both show what is under way as it stands now (`running`).
//! - [`detail`]: all about one of them. [`entries`]: what a table says. [`open`]: those
//!   under way, to be written on.

pub mod detail;
pub mod entries;
pub mod list;
pub mod open;
mod readings;
mod running;
pub mod summary;

use portal_api::{
    dynamo::{
        SessionPage,
        cost::{ComponentKind, CostBreakdown},
    },
    money::{Currency, Money},
    portal::{Payment, SessionDetail, SessionSummary},
    query::{SessionFilter, SessionQuery},
    time::{Day, Instant},
};

use super::{
    Store, Write,
    bills::{self, BillError},
    groups::limits,
    promotions, receipts,
    sites::Site,
    tariffs::{
        Tariff,
        price::{Course, NoPrice, Reading, Reductions, total},
    },
};
use crate::{
    clock::Clock,
    documents::press::Press,
    provider::{self, Asked, Driver, Entry, Failure, Wanted},
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
    /// The tag that was held to the reader.
    pub id_tag: Option<String>,
    /// How it is paid.
    pub payment: Payment,
    /// In hundredths of a percent, off everything before tax.
    pub discount_rate: i64,
    /// A promotional code that the driver gave.
    pub promotional_code: Option<String>,
    /// When it began.
    pub started: Instant,
    /// What the meter showed last.
    pub energy_wh: i64,
    /// What the meter showed so far, oldest first.
    pub readings: Vec<Reading>,
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
    /// Its bill was not issued.
    #[error(transparent)]
    Bill(#[from] BillError),
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

    /// How it went, as of `until`.
    fn course(&self, zone: chrono_tz::Tz, until: Instant) -> Course<'_> {
        Course {
            started: self.started,
            charged_until: self.charged_until.unwrap_or(until),
            until,
            energy_wh: self.energy_wh,
            readings: &self.readings,
            zone,
        }
    }
}

/// Writes a session that begins, goes on or ends, and when it ends issues its bill
/// and adds it to its month and its group's. Nothing else writes sessions.
pub async fn save(
    write: &mut Write,
    record: &Record,
    site: &Site,
    tariff: &Tariff,
) -> Result<(), WriteError> {
    let day = local_day(record.started, site).ok_or(WriteError::Day)?;
    let cost = match record.end {
        Some(end) => Some(cost(write, record, site, tariff, end).await?),
        None => None,
    };
    let sums = cost.as_ref().map(Sums::of).transpose()?;
    if !put(write, record, site, tariff, day, sums).await? {
        return Err(WriteError::Ended);
    }
    readings::add(write, &record.id, &record.readings).await?;
    if let (Some(cost), Some(sums), Some(end)) = (&cost, sums, record.end) {
        bills::issue(write, &record.id, cost, end.at).await?;
        add_to_month(write, record, tariff, day, sums.cost).await?;
        let cost = Money::new(sums.cost, tariff.currency);
        limits::settle_session(write, &record.id, cost).await?;
    }
    Ok(())
}

/// What a session has cost so far, or cost; `None` if that cannot be worked out.
pub(super) async fn cost_now(
    write: &mut Write,
    id: &str,
    now: Instant,
) -> Result<Option<Money>, sqlx::Error> {
    let settled: Option<(i64, String)> = sqlx::query_as(
        "select cost_minor, currency from sessions where id = $1 and cost_minor is not null",
    )
    .bind(id)
    .fetch_optional(&mut **write)
    .await?;
    if let Some((minor, code)) = settled {
        return Ok(Currency::new(&code).map(|currency| Money::new(minor, currency)));
    }
    let cost = running::cost(write, id, now).await?;
    Ok(cost.and_then(|cost| cost.money(cost.total_cost?)))
}

/// What an ended session costs; its promotional code, if it holds, is used by it.
async fn cost(
    write: &mut Write,
    record: &Record,
    site: &Site,
    tariff: &Tariff,
    end: End,
) -> Result<CostBreakdown, WriteError> {
    let promotion = match &record.promotional_code {
        Some(code) => promotions::redeem(write, code, &record.driver_id, end.at).await?,
        None => None,
    };
    let reductions = Reductions {
        discount_rate: record.discount_rate,
        promotion,
    };
    let course = record.course(site.time_zone, end.at);
    Ok(tariff.price(&record.id, &course, &reductions)?)
}

/// What the parts of a cost add up to, in the currency's smallest unit.
#[derive(Clone, Copy)]
struct Sums {
    energy: i64,
    time: i64,
    flat: i64,
    parking: i64,
    adjustments: i64,
    /// Nothing if the prices contain it.
    tax_on_top: i64,
    cost: i64,
}

impl Sums {
    fn of(cost: &CostBreakdown) -> Result<Self, NoPrice> {
        let currency = cost.currency;
        let of_part = |part: ComponentKind| {
            let lines = cost.components.iter().filter(|line| line.kind == part);
            total(currency, lines.map(|line| line.amount))
        };
        let tax = cost.tax_amount.filter(|_| !cost.tax_included);
        Ok(Self {
            energy: of_part(ComponentKind::Energy)?,
            time: of_part(ComponentKind::Time)?,
            flat: of_part(ComponentKind::Flat)?,
            parking: of_part(ComponentKind::Parking)?,
            adjustments: total(currency, cost.adjustments.iter().map(|line| line.amount))?,
            tax_on_top: total(currency, tax.into_iter())?,
            cost: total(currency, cost.total_cost.into_iter())?,
        })
    }
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
    sums: Option<Sums>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into sessions (id, driver_id, site_id, charge_point_id, connector, tariff_id,
            currency, discount_rate, promotional_code, id_tag, payment, status, started_at,
            local_day, charged_until, ended_at, energy_wh, energy_minor, time_minor, flat_minor,
            parking_minor, adjustments_minor, tax_minor, cost_minor)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, $20, $21, $22, $23, $24)
            on conflict (id) do update set status = excluded.status,
                charged_until = excluded.charged_until, ended_at = excluded.ended_at,
                energy_wh = excluded.energy_wh, energy_minor = excluded.energy_minor,
                time_minor = excluded.time_minor, flat_minor = excluded.flat_minor,
                parking_minor = excluded.parking_minor,
                adjustments_minor = excluded.adjustments_minor,
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
    .bind(&record.promotional_code)
    .bind(&record.id_tag)
    .bind(payment_word(record.payment))
    .bind(record.status())
    .bind(record.started.millis())
    .bind(i64::from(day.number()))
    .bind(record.charged_until.map(Instant::millis))
    .bind(record.end.map(|end| end.at.millis()))
    .bind(record.energy_wh)
    .bind(sums.map(|sums| sums.energy))
    .bind(sums.map(|sums| sums.time))
    .bind(sums.map(|sums| sums.flat))
    .bind(sums.map(|sums| sums.parking))
    .bind(sums.map(|sums| sums.adjustments))
    .bind(sums.map(|sums| sums.tax_on_top))
    .bind(sums.map(|sums| sums.cost))
    .execute(&mut **write)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Its word in the store.
const fn payment_word(payment: Payment) -> &'static str {
    match payment {
        Payment::Card | Payment::Unknown => "card",
        Payment::Invoice => "invoice",
        Payment::Organisation => "organisation",
    }
}

/// How a session is paid, by its word in the store.
fn payment_of_word(word: &str) -> Payment {
    match word {
        "invoice" => Payment::Invoice,
        "organisation" => Payment::Organisation,
        _ => Payment::Card,
    }
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
    press: Press,
}

impl Embedded {
    /// Answers from `store`, as of what `clock` says.
    pub fn new(store: Store, clock: Clock, press: Press) -> Self {
        Self {
            store,
            clock,
            press,
        }
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

    fn detail<'a>(&'a self, driver: Driver<'a>, id: &'a str) -> Asked<'a, SessionDetail> {
        let now = self.clock.now();
        Box::pin(async move {
            let detail = detail::detail(&self.store, driver.person_id, id, now).await?;
            detail.ok_or(Failure::NotFound)
        })
    }

    fn cost<'a>(&'a self, driver: Driver<'a>, id: &'a str) -> Asked<'a, CostBreakdown> {
        let now = self.clock.now();
        Box::pin(async move {
            let cost = detail::cost(&self.store, driver.person_id, id, now).await?;
            cost.ok_or(Failure::NotFound)
        })
    }

    fn entries<'a>(&'a self, driver: Driver<'a>, query: &'a SessionQuery) -> Asked<'a, Vec<Entry>> {
        let now = self.clock.now();
        let person = driver.person_id;
        Box::pin(async move { Ok(entries::entries(&self.store, person, query, now).await?) })
    }

    fn receipt<'a>(&'a self, driver: Driver<'a>, wanted: Wanted<'a>) -> Asked<'a, Vec<u8>> {
        let now = self.clock.now();
        Box::pin(async move {
            let receipt = receipts::receipt(&self.store, driver.person_id, &wanted, now).await?;
            Ok(self.press.print(receipt).await?)
        })
    }
}
