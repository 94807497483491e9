//! What a driver's sessions add up to, by month and currency.

use portal_api::{
    portal::{SessionSummary, Site},
    query::SessionFilter,
    time::{Instant, Month},
};
use sqlx::{AnyConnection, Row};

use super::{
    list::{Bounds, bind_bounds, currency},
    running::running,
};
use crate::{embedded::Store, provider::sums::Sums};

/// What the sessions that a filter lets through add up to as of `now`.
pub async fn summary(
    store: &Store,
    driver_id: &str,
    filter: &SessionFilter,
    now: Instant,
) -> Result<SessionSummary, sqlx::Error> {
    let mut reader = store.readers().acquire().await?;
    let mut sums = Sums::default();
    if filter.is_empty() {
        add_kept_months(&mut reader, driver_id, &mut sums).await?;
    } else {
        add_filtered(&mut reader, driver_id, filter, &mut sums).await?;
    }
    add_under_way(&mut reader, driver_id, filter, now, &mut sums).await?;
    let sites = sites(&mut reader, driver_id).await?;
    Ok(sums.summary(sites))
}

/// Adds what is kept up to date for exactly this.
async fn add_kept_months(
    reader: &mut AnyConnection,
    driver_id: &str,
    sums: &mut Sums,
) -> Result<(), sqlx::Error> {
    let rows = sqlx::query(
        "select month, currency, sessions, energy_wh, cost_minor from session_months
            where driver_id = $1",
    )
    .bind(driver_id)
    .fetch_all(reader)
    .await?;
    rows.iter().try_for_each(|row| add_row(sums, row))
}

/// Adds the ended sessions that a filter lets through.
async fn add_filtered(
    reader: &mut AnyConnection,
    driver_id: &str,
    filter: &SessionFilter,
    sums: &mut Sums,
) -> Result<(), sqlx::Error> {
    let bounds = Bounds::of(filter);
    let rows = bind_bounds!(
        sqlx::query(
            "select local_day / 100, currency, count(*), cast(sum(energy_wh) as bigint),
                cast(sum(cost_minor) as bigint) from sessions
                where driver_id = $1 and local_day between $2 and $3
                    and started_at between $4 and $5
                    and ($6 = '' or site_id = $6) and ($7 = '' or status = $7)
                    and status <> 'active'
                group by local_day / 100, currency"
        ),
        driver_id,
        bounds
    )
    .fetch_all(reader)
    .await?;
    rows.iter().try_for_each(|row| add_row(sums, row))
}

fn add_row(sums: &mut Sums, row: &sqlx::any::AnyRow) -> Result<(), sqlx::Error> {
    let sessions: i64 = row.try_get(2)?;
    sums.add(
        month(row.try_get(0)?)?,
        Some(currency(row, 1)?),
        u64::try_from(sessions).unwrap_or(0),
        row.try_get(3)?,
        row.try_get(4)?,
    );
    Ok(())
}

fn month(number: i64) -> Result<Month, sqlx::Error> {
    i32::try_from(number)
        .ok()
        .and_then(Month::from_number)
        .ok_or_else(|| sqlx::Error::Decode("not a month".into()))
}

/// Adds the sessions under way, as if they ended now.
async fn add_under_way(
    reader: &mut AnyConnection,
    driver_id: &str,
    filter: &SessionFilter,
    now: Instant,
    sums: &mut Sums,
) -> Result<(), sqlx::Error> {
    let bounds = Bounds::of(filter);
    let rows = bind_bounds!(
        sqlx::query(
            "select id, local_day / 100, currency, energy_wh from sessions
                where driver_id = $1 and local_day between $2 and $3
                    and started_at between $4 and $5
                    and ($6 = '' or site_id = $6) and ($7 = '' or status = $7)
                    and status = 'active'"
        ),
        driver_id,
        bounds
    )
    .fetch_all(&mut *reader)
    .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let running = running(reader, driver_id, now).await?;
    for row in rows {
        let id: &str = row.try_get(0)?;
        let cost = running.get(id).copied().flatten().unwrap_or(0);
        let currency = Some(currency(&row, 2)?);
        sums.add(month(row.try_get(1)?)?, currency, 1, row.try_get(3)?, cost);
    }
    Ok(())
}

/// Every place the driver ever charged at.
async fn sites(reader: &mut AnyConnection, driver_id: &str) -> Result<Vec<Site>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select id, name from sites
            where id in (select site_id from sessions where driver_id = $1)",
    )
    .bind(driver_id)
    .fetch_all(reader)
    .await?;
    let site = |(site_id, name)| Site { site_id, name };
    Ok(rows.into_iter().map(site).collect())
}
