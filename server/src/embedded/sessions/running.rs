//! The sessions that are under way, as if they ended now.

use std::collections::HashMap;

use portal_api::{
    dynamo::cost::CostBreakdown,
    money::{Currency, Money},
    time::{Instant, Month},
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    list::{Bounds, month},
    readings,
};
use crate::embedded::tariffs::{
    self, Tariff, currency,
    price::{Course, Reading, Reductions},
};

/// A session that is under way.
pub(super) struct Running {
    /// What it has cost so far; `None` if its price cannot be worked out.
    pub cost: Option<Money>,
    /// Of the cost.
    pub currency: Currency,
    /// What the meter showed last.
    pub energy_wh: i64,
    started: Instant,
    local_day: i64,
    site_id: String,
}

impl Running {
    /// Whether a filter lets it through.
    pub fn is_within(&self, bounds: &Bounds) -> bool {
        (bounds.first_day..=bounds.last_day).contains(&self.local_day)
            && (bounds.not_before..=bounds.not_after).contains(&self.started.millis())
            && (bounds.site_id.is_empty() || bounds.site_id == self.site_id)
            && (bounds.status.is_empty() || bounds.status == "active")
    }

    /// The month in which it began.
    pub fn month(&self) -> Result<Month, sqlx::Error> {
        month(self.local_day / 100)
    }
}

/// A driver's sessions that are under way, by their ids: by the meter's last
/// reading and the tariff, as if they ended now.
pub(super) async fn running(
    reader: &mut AnyConnection,
    driver_id: &str,
    now: Instant,
) -> Result<HashMap<String, Running>, sqlx::Error> {
    let rows = sqlx::query(
        "select id, started_at, local_day, site_id, currency, energy_wh from sessions
            where driver_id = $1 and status = 'active'",
    )
    .bind(driver_id)
    .fetch_all(&mut *reader)
    .await?;
    let mut all = HashMap::new();
    for row in &rows {
        let id: String = row.try_get(0)?;
        let cost = cost(reader, &id, now).await?;
        all.insert(id, of_row(row, cost.as_ref())?);
    }
    Ok(all)
}

fn of_row(row: &AnyRow, cost: Option<&CostBreakdown>) -> Result<Running, sqlx::Error> {
    Ok(Running {
        cost: cost.and_then(|cost| cost.money(cost.total_cost?)),
        currency: currency(row, 4)?,
        energy_wh: row.try_get(5)?,
        started: Instant::from_millis(row.try_get(1)?),
        local_day: row.try_get(2)?,
        site_id: row.try_get(3)?,
    })
}

/// What a session under way has cost so far; `None` if that cannot be worked out.
pub(super) async fn cost(
    reader: &mut AnyConnection,
    id: &str,
    now: Instant,
) -> Result<Option<CostBreakdown>, sqlx::Error> {
    let row = sqlx::query(
        "select s.started_at, s.charged_until, s.energy_wh, s.discount_rate, s.tariff_id,
            i.time_zone from sessions s join sites i on i.id = s.site_id where s.id = $1",
    )
    .bind(id)
    .fetch_one(&mut *reader)
    .await?;
    let tariff_id: String = row.try_get(4)?;
    let tariff = tariffs::load(reader, &tariff_id).await?;
    let readings = if tariff.rules.is_empty() {
        Vec::new()
    } else {
        readings::of_session(reader, id).await?
    };
    price(&row, id, &tariff, &readings, now)
}

fn price(
    row: &AnyRow,
    id: &str,
    tariff: &Tariff,
    readings: &[Reading],
    now: Instant,
) -> Result<Option<CostBreakdown>, sqlx::Error> {
    let charged_until: Option<i64> = row.try_get(1)?;
    let zone: &str = row.try_get(5)?;
    let course = Course {
        started: Instant::from_millis(row.try_get(0)?),
        charged_until: charged_until.map_or(now, Instant::from_millis),
        until: now,
        energy_wh: row.try_get(2)?,
        readings,
        zone: zone.parse().unwrap_or(chrono_tz::UTC),
    };
    let reductions = Reductions {
        discount_rate: row.try_get(3)?,
        promotion: None,
    };
    Ok(tariff.price(id, &course, &reductions).ok())
}
