//! Sessions that are under way, to be written on.

use portal_api::{money::Money, time::Instant};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Record, payment_of_word, readings};
use crate::embedded::{
    Write,
    sites::{self, Site},
    tariffs::{
        self, Tariff,
        price::{Course, Reductions},
    },
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
    /// By what a group has set money aside for it.
    pub claim: Option<String>,
}

impl Open {
    /// What it has cost so far; `None` if that cannot be worked out.
    pub fn cost(&self, now: Instant) -> Option<Money> {
        self.price(&self.record.course(self.site.time_zone, now))
    }

    /// What it cost from the last reading but one to the last.
    pub fn last_step(&self) -> Option<i64> {
        let last = self.record.readings.len().checked_sub(1)?;
        let (before, after) = (self.cost_at(last.checked_sub(1)?)?, self.cost_at(last)?);
        Some((after.minor - before.minor).max(0))
    }

    /// What it had cost when the meter was read.
    fn cost_at(&self, index: usize) -> Option<Money> {
        let readings = self.record.readings.get(..=index)?;
        let last = readings.last()?;
        let charged_until = self.record.charged_until.unwrap_or(last.at);
        self.price(&Course {
            started: self.record.started,
            charged_until: charged_until.min(last.at),
            until: last.at,
            energy_wh: last.energy_wh,
            readings,
            zone: self.site.time_zone,
        })
    }

    fn price(&self, course: &Course<'_>) -> Option<Money> {
        let reductions = Reductions {
            discount_rate: self.record.discount_rate,
            promotion: None,
        };
        let cost = self.tariff.price(&self.record.id, course, &reductions);
        let cost = cost.ok()?;
        cost.money(cost.total_cost?)
    }
}

/// A session, if it is under way.
pub async fn open(write: &mut Write, id: &str) -> Result<Option<Open>, sqlx::Error> {
    let row = sqlx::query(
        "select s.id, s.driver_id, s.charge_point_id, s.connector, s.id_tag, s.payment,
            s.discount_rate, s.promotional_code, s.started_at, s.energy_wh, s.charged_until,
            s.site_id, s.tariff_id, c.reference
            from sessions s left join group_claims c on c.session_id = s.id and c.open = 1
            where s.id = $1 and s.status = 'active'",
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
        claim: row.try_get(13)?,
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
