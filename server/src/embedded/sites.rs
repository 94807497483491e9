//! Where one can charge: places, their charge points, and the plugs on them.

use chrono_tz::Tz;

use super::{Write, tariffs::Tariff};

/// A place with charge points.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Site {
    /// Prefix `site_`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// The town.
    pub city: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// What its clocks show.
    pub time_zone: Tz,
    /// Who runs it.
    pub operator: String,
}

/// A charge point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChargePoint {
    /// 1 to 48 letters, digits and hyphens.
    pub id: String,
    /// Where it stands.
    pub site_id: String,
    /// Its connectors, number 1 first.
    pub connectors: Vec<Connector>,
}

/// A connector of a charge point.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Connector {
    /// What flows.
    pub current: Current,
    /// The most it delivers, in watts.
    pub power_w: i64,
}

/// What flows out of a connector.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Current {
    /// Alternating current: hours.
    Alternating,
    /// Direct current: minutes.
    Direct,
}

impl Current {
    /// Its word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alternating => "ac",
            Self::Direct => "dc",
        }
    }
}

/// Adds a place.
pub async fn add(write: &mut Write, site: &Site) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into sites (id, name, address, city, country, time_zone, operator)
            values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&site.id)
    .bind(&site.name)
    .bind(&site.address)
    .bind(&site.city)
    .bind(&site.country)
    .bind(site.time_zone.name())
    .bind(&site.operator)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Adds a charge point with its connectors.
pub async fn add_charge_point(write: &mut Write, point: &ChargePoint) -> Result<(), sqlx::Error> {
    sqlx::query("insert into charge_points (id, site_id) values ($1, $2)")
        .bind(&point.id)
        .bind(&point.site_id)
        .execute(&mut **write)
        .await?;
    for (number, connector) in (1_i64..).zip(&point.connectors) {
        sqlx::query(
            "insert into connectors (charge_point_id, connector, kind, power_w)
                values ($1, $2, $3, $4)",
        )
        .bind(&point.id)
        .bind(number)
        .bind(connector.current.as_str())
        .bind(connector.power_w)
        .execute(&mut **write)
        .await?;
    }
    Ok(())
}

/// Adds a tariff.
pub async fn add_tariff(write: &mut Write, tariff: &Tariff) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into tariffs (id, name, currency, per_kwh, per_minute, per_session,
            idle_per_minute, idle_grace_seconds, energy_step_wh, time_step_seconds, tax_rate)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
    .bind(tariff.tax_rate)
    .execute(&mut **write)
    .await
    .map(drop)
}
