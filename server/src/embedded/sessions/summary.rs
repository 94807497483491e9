//! What a driver's sessions add up to, by month and currency.

use portal_api::{
    portal::{SessionSummary, Site},
    query::SessionFilter,
    time::Instant,
};
use sqlx::{AnyConnection, Row};

use super::{
    list::{Bounds, bind_bounds, month},
    running::running,
};
use crate::{
    embedded::{Store, tariffs::currency},
    provider::sums::Sums,
};

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

/// Adds the sessions under way, as if they ended now.
async fn add_under_way(
    reader: &mut AnyConnection,
    driver_id: &str,
    filter: &SessionFilter,
    now: Instant,
    sums: &mut Sums,
) -> Result<(), sqlx::Error> {
    let bounds = Bounds::of(filter);
    let running = running(reader, driver_id, now).await?;
    for session in running.values().filter(|one| one.is_within(&bounds)) {
        let cost = session.cost.map_or(0, |cost| cost.minor);
        let currency = Some(session.currency);
        sums.add(session.month()?, currency, 1, session.energy_wh, cost);
    }
    Ok(())
}

/// Every place the driver ever charged at.
async fn sites(reader: &mut AnyConnection, driver_id: &str) -> Result<Vec<Site>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        // Leaps from place to place in the index instead of reading it all.
        "with recursive visited (site_id) as (
            select min(site_id) from sessions where driver_id = $1
            union all
            select (select min(s.site_id) from sessions s
                where s.driver_id = $1 and s.site_id > visited.site_id)
                from visited where visited.site_id is not null)
            select p.id, p.name from visited join sites p on p.id = visited.site_id",
    )
    .bind(driver_id)
    .fetch_all(reader)
    .await?;
    let site = |(site_id, name)| Site { site_id, name };
    Ok(rows.into_iter().map(site).collect())
}
