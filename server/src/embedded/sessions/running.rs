//! What the sessions that are under way have cost so far.

use std::collections::HashMap;

use portal_api::time::Instant;
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{list::currency, usage};
use crate::embedded::tariffs::Tariff;

/// By a session's id what it has cost so far; `None` if its price cannot be
/// worked out.
pub(super) type Running = HashMap<String, Option<i64>>;

/// A driver's sessions that are under way: by the meter's last reading and the
/// tariff, as if they ended now.
pub(super) async fn running(
    reader: &mut AnyConnection,
    driver_id: &str,
    now: Instant,
) -> Result<Running, sqlx::Error> {
    let rows = sqlx::query(
        "select s.id, s.started_at, s.charged_until, s.energy_wh, s.discount_rate, s.tariff_id,
            t.name, t.currency, t.per_kwh, t.per_minute, t.per_session, t.idle_per_minute,
            t.idle_grace_seconds, t.energy_step_wh, t.time_step_seconds, t.tax_rate
            from sessions s join tariffs t on t.id = s.tariff_id
            where s.driver_id = $1 and s.status = 'active'",
    )
    .bind(driver_id)
    .fetch_all(reader)
    .await?;
    rows.iter().map(|row| cost_so_far(row, now)).collect()
}

fn cost_so_far(row: &AnyRow, now: Instant) -> Result<(String, Option<i64>), sqlx::Error> {
    let started = Instant::from_millis(row.try_get(1)?);
    let charged_until: Option<i64> = row.try_get(2)?;
    let charged_until = charged_until.map(Instant::from_millis);
    let usage = usage(row.try_get(3)?, started, charged_until, now);
    let lines = tariff(row)?.price(usage, row.try_get(4)?);
    Ok((row.try_get(0)?, lines.ok().map(|lines| lines.total())))
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
