//! What one charges for, and at which price. [`price`] works out what a session
//! costs.
//!
//! A tariff is never changed once a session was priced by it; a new price is a
//! new tariff.

pub mod price;
mod rules;

use portal_api::money::Currency;
use sqlx::{AnyConnection, Row, any::AnyRow};

pub use self::rules::{Days, Part, Rule};
use super::Write;

/// What one charges for. Prices are in ten-thousandths of the major unit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tariff {
    /// Prefix `tariff_`.
    pub id: String,
    /// What the operator calls it.
    pub name: String,
    /// Of every price in it.
    pub currency: Currency,
    /// For a kilowatt-hour.
    pub per_kwh: i64,
    /// For a minute of charging.
    pub per_minute: i64,
    /// For the session as such.
    pub per_session: i64,
    /// For a minute in which the car is plugged in and no longer charges.
    pub idle_per_minute: i64,
    /// How many seconds of that are free.
    pub idle_grace_seconds: i64,
    /// Energy is sold in whole steps of so many watt-hours, 1 at least.
    pub energy_step_wh: i64,
    /// Charging time is sold in whole steps of so many seconds, a multiple of 6.
    pub time_step_seconds: i64,
    /// Standing is sold in whole steps of so many seconds, a multiple of 6.
    pub idle_step_seconds: i64,
    /// In hundredths of a percent.
    pub tax_rate: i64,
    /// Whether the prices contain the tax; else it comes on top.
    pub tax_included: bool,
    /// Other prices at certain times.
    pub rules: Vec<Rule>,
}

impl Tariff {
    /// Whether nothing but names differs.
    pub fn costs_the_same(&self, other: &Self) -> bool {
        self.unnamed() == other.unnamed()
    }

    fn unnamed(&self) -> Self {
        let mut unnamed = self.clone();
        let names = unnamed.rules.iter_mut().map(|rule| &mut rule.name);
        names.chain([&mut unnamed.name]).for_each(String::clear);
        unnamed
    }
}

/// Adds a tariff, or changes one that no session was priced by.
pub async fn put(write: &mut Write, tariff: &Tariff) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into tariffs (id, name, currency, per_kwh, per_minute, per_session,
            idle_per_minute, idle_grace_seconds, energy_step_wh, time_step_seconds,
            idle_step_seconds, tax_rate, tax_included)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            on conflict (id) do update set name = excluded.name, currency = excluded.currency,
                per_kwh = excluded.per_kwh, per_minute = excluded.per_minute,
                per_session = excluded.per_session, idle_per_minute = excluded.idle_per_minute,
                idle_grace_seconds = excluded.idle_grace_seconds,
                energy_step_wh = excluded.energy_step_wh,
                time_step_seconds = excluded.time_step_seconds,
                idle_step_seconds = excluded.idle_step_seconds, tax_rate = excluded.tax_rate,
                tax_included = excluded.tax_included",
    )
    .bind(&tariff.id)
    .bind(&tariff.name)
    .bind(tariff.currency.code())
    .bind(tariff.per_kwh)
    .bind(tariff.per_minute)
    .bind(tariff.per_session)
    .bind(tariff.idle_per_minute)
    .bind(tariff.idle_grace_seconds)
    .bind(tariff.energy_step_wh)
    .bind(tariff.time_step_seconds)
    .bind(tariff.idle_step_seconds)
    .bind(tariff.tax_rate)
    .bind(i64::from(tariff.tax_included))
    .execute(&mut **write)
    .await?;
    rules::put(write, &tariff.id, &tariff.rules).await
}

/// The tariff of that id, which there is.
pub async fn load(reader: &mut AnyConnection, id: &str) -> Result<Tariff, sqlx::Error> {
    find(reader, id).await?.ok_or(sqlx::Error::RowNotFound)
}

/// The tariff of that id, if there is one.
pub async fn find(reader: &mut AnyConnection, id: &str) -> Result<Option<Tariff>, sqlx::Error> {
    let row = sqlx::query(
        "select id, name, currency, per_kwh, per_minute, per_session, idle_per_minute,
            idle_grace_seconds, energy_step_wh, time_step_seconds, idle_step_seconds, tax_rate,
            tax_included from tariffs where id = $1",
    )
    .bind(id)
    .fetch_optional(&mut *reader)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let mut tariff = of_row(&row)?;
    tariff.rules = rules::of_tariff(reader, id).await?;
    Ok(Some(tariff))
}

fn of_row(row: &AnyRow) -> Result<Tariff, sqlx::Error> {
    let included: i64 = row.try_get(12)?;
    Ok(Tariff {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        currency: currency(row, 2)?,
        per_kwh: row.try_get(3)?,
        per_minute: row.try_get(4)?,
        per_session: row.try_get(5)?,
        idle_per_minute: row.try_get(6)?,
        idle_grace_seconds: row.try_get(7)?,
        energy_step_wh: row.try_get(8)?,
        time_step_seconds: row.try_get(9)?,
        idle_step_seconds: row.try_get(10)?,
        tax_rate: row.try_get(11)?,
        tax_included: included == 1,
        rules: Vec::new(),
    })
}

pub(super) fn currency(row: &AnyRow, column: usize) -> Result<Currency, sqlx::Error> {
    let code: &str = row.try_get(column)?;
    Currency::new(code).ok_or_else(|| sqlx::Error::Decode("not a currency".into()))
}
