//! Sessions that are under way, to be written on.

use portal_api::time::Instant;
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Record, payment_of_word, readings};
use crate::embedded::{
    Write,
    sites::{self, Site},
    tariffs::{self, Tariff},
};

/// A session under way and what it is priced by.
#[derive(Clone, Debug)]
pub struct Open {
    /// As it is known now, with all its readings.
    pub record: Record,
    /// Where it is.
    pub site: Site,
    /// What it is priced by.
    pub tariff: Tariff,
}

/// A session, if it is under way.
pub async fn open(write: &mut Write, id: &str) -> Result<Option<Open>, sqlx::Error> {
    let row = sqlx::query(
        "select id, driver_id, charge_point_id, connector, id_tag, payment, discount_rate,
            promotional_code, started_at, energy_wh, charged_until, site_id, tariff_id
            from sessions where id = $1 and status = 'active'",
    )
    .bind(id)
    .fetch_optional(&mut **write)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let mut record = record(&row)?;
    record.readings = readings::of_session(write, id).await?;
    let (site, tariff): (String, String) = (row.try_get(11)?, row.try_get(12)?);
    Ok(Some(Open {
        record,
        site: sites::load(write, &site).await?,
        tariff: tariffs::load(write, &tariff).await?,
    }))
}

fn record(row: &AnyRow) -> Result<Record, sqlx::Error> {
    Ok(Record {
        id: row.try_get(0)?,
        driver_id: row.try_get(1)?,
        charge_point_id: row.try_get(2)?,
        connector: u32::try_from(row.try_get::<i64, _>(3)?).unwrap_or(0),
        id_tag: row.try_get(4)?,
        payment: payment_of_word(row.try_get(5)?),
        discount_rate: row.try_get(6)?,
        promotional_code: row.try_get(7)?,
        started: Instant::from_millis(row.try_get(8)?),
        energy_wh: row.try_get(9)?,
        readings: Vec::new(),
        charged_until: row.try_get::<Option<i64>, _>(10)?.map(Instant::from_millis),
        end: None,
    })
}

/// The session under way at a connector, by its id.
pub async fn at_connector(
    reader: &mut AnyConnection,
    charge_point_id: &str,
    connector: i64,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select id from sessions
            where charge_point_id = $1 and connector = $2 and status = 'active'",
    )
    .bind(charge_point_id)
    .bind(connector)
    .fetch_optional(reader)
    .await
}
