//! The sessions that are under way, as if they ended now.

use std::collections::HashMap;

use portal_api::{
    money::{Currency, Money},
    time::{Instant, Month},
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    list::{Bounds, currency, month},
    usage,
};
use crate::embedded::tariffs::Tariff;

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
        "select s.id, s.started_at, s.charged_until, s.energy_wh, s.discount_rate, s.tariff_id,
            t.name, t.currency, t.per_kwh, t.per_minute, t.per_session, t.idle_per_minute,
            t.idle_grace_seconds, t.energy_step_wh, t.time_step_seconds, t.tax_rate,
            s.local_day, s.site_id
            from sessions s join tariffs t on t.id = s.tariff_id
            where s.driver_id = $1 and s.status = 'active'",
    )
    .bind(driver_id)
    .fetch_all(reader)
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, one(row, now)?)))
        .collect()
}

fn one(row: &AnyRow, now: Instant) -> Result<Running, sqlx::Error> {
    let started = Instant::from_millis(row.try_get(1)?);
    let charged_until: Option<i64> = row.try_get(2)?;
    let charged_until = charged_until.map(Instant::from_millis);
    let energy_wh = row.try_get(3)?;
    let tariff = tariff(row)?;
    let usage = usage(energy_wh, started, charged_until, now);
    let lines = tariff.price(usage, row.try_get(4)?).ok();
    Ok(Running {
        cost: lines.map(|lines| Money::new(lines.total(), tariff.currency)),
        currency: tariff.currency,
        energy_wh,
        started,
        local_day: row.try_get(16)?,
        site_id: row.try_get(17)?,
    })
}

fn tariff(row: &AnyRow) -> Result<Tariff, sqlx::Error> {
    Ok(Tariff {
        id: row.try_get(5)?,
        name: row.try_get(6)?,
        currency: currency(row, 7)?,
        per_kwh: row.try_get(8)?,
        per_minute: row.try_get(9)?,
        per_session: row.try_get(10)?,
        idle_per_minute: row.try_get(11)?,
        idle_grace_seconds: row.try_get(12)?,
        energy_step_wh: row.try_get(13)?,
        time_step_seconds: row.try_get(14)?,
        tax_rate: row.try_get(15)?,
    })
}
