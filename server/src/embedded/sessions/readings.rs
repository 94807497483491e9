//! What the meter showed during a session.

use std::collections::HashSet;

use portal_api::time::Instant;
use sqlx::{AnyConnection, Row, any::AnyRow};

use crate::embedded::{Write, tariffs::price::Reading};

/// Adds what isn't there yet.
pub(super) async fn add(
    write: &mut Write,
    session_id: &str,
    readings: &[Reading],
) -> Result<(), sqlx::Error> {
    // A charge of a night has a thousand: only the new ones are worth a statement.
    let known: Vec<i64> = sqlx::query_scalar("select at from readings where session_id = $1")
        .bind(session_id)
        .fetch_all(&mut **write)
        .await?;
    let known: HashSet<i64> = known.into_iter().collect();
    let new = |reading: &&Reading| !known.contains(&reading.at.millis());
    for reading in readings.iter().filter(new) {
        sqlx::query(
            "insert into readings (session_id, at, energy_wh, power_w) values ($1, $2, $3, $4)
                on conflict (session_id, at) do nothing",
        )
        .bind(session_id)
        .bind(reading.at.millis())
        .bind(reading.energy_wh)
        .bind(reading.power_w)
        .execute(&mut **write)
        .await?;
    }
    Ok(())
}

/// A session's readings, oldest first.
pub(super) async fn of_session(
    reader: &mut AnyConnection,
    session_id: &str,
) -> Result<Vec<Reading>, sqlx::Error> {
    let rows = sqlx::query(
        "select at, energy_wh, power_w from readings where session_id = $1 order by at",
    )
    .bind(session_id)
    .fetch_all(reader)
    .await?;
    let reading = |row: &AnyRow| {
        Ok(Reading {
            at: Instant::from_millis(row.try_get(0)?),
            energy_wh: row.try_get(1)?,
            power_w: row.try_get(2)?,
        })
    };
    rows.iter().map(reading).collect()
}
