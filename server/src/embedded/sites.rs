//! Where one can charge: places, their charge points, and the plugs on them.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono_tz::Tz;
use portal_api::portal;
use sqlx::AnyConnection;

use super::Write;
use crate::ids;

/// Whoever runs places, and sells what is charged there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Operator {
    /// Prefix `oper_`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Lines.
    pub address: String,
    /// The number that tax authorities know it by.
    pub vat_id: String,
    /// Such as `#0b5fff`.
    pub colour: String,
    /// A PNG.
    pub logo: Option<Vec<u8>>,
    /// Its receipts' numbers begin with it.
    pub receipt_prefix: String,
}

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
    pub operator_id: String,
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

impl ChargePoint {
    /// A connector's number in the world: country, operator, and what is ours.
    fn evse_id(&self, country: &str, prefix: &str, number: i64) -> String {
        [
            country,
            prefix,
            &format!("E{}", self.id),
            &number.to_string(),
        ]
        .join("*")
    }
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

/// What flows, by its word in the store.
pub(super) fn current_of_word(word: &str) -> portal::Current {
    if word == Current::Direct.as_str() {
        portal::Current::Dc
    } else {
        portal::Current::Ac
    }
}

/// Street and town in a line.
pub(super) fn full_address(street: &str, city: &str) -> String {
    [street, city].join(", ")
}

/// Adds an operator.
pub async fn add_operator(write: &mut Write, operator: &Operator) -> Result<(), sqlx::Error> {
    let logo = match &operator.logo {
        Some(png) => Some(add_logo(write, png).await?),
        None => None,
    };
    sqlx::query(
        "insert into operators (id, name, address, vat_id, colour, logo, receipt_prefix)
            values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&operator.id)
    .bind(&operator.name)
    .bind(&operator.address)
    .bind(&operator.vat_id)
    .bind(&operator.colour)
    .bind(logo)
    .bind(&operator.receipt_prefix)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Keeps a logo under its hash.
async fn add_logo(write: &mut Write, png: &[u8]) -> Result<String, sqlx::Error> {
    let id = ids::hash_bytes(png);
    sqlx::query("insert into logos (id, png) values ($1, $2) on conflict (id) do nothing")
        .bind(&id)
        .bind(STANDARD.encode(png))
        .execute(&mut **write)
        .await?;
    Ok(id)
}

/// A logo by its hash: a PNG.
pub async fn logo(reader: &mut AnyConnection, id: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let png: Option<String> = sqlx::query_scalar("select png from logos where id = $1")
        .bind(id)
        .fetch_optional(reader)
        .await?;
    Ok(png.and_then(|png| STANDARD.decode(png).ok()))
}

/// Adds a place.
pub async fn add(write: &mut Write, site: &Site) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into sites (id, name, address, city, country, time_zone, operator_id)
            values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&site.id)
    .bind(&site.name)
    .bind(&site.address)
    .bind(&site.city)
    .bind(&site.country)
    .bind(site.time_zone.name())
    .bind(&site.operator_id)
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
    let (country, prefix): (String, String) = sqlx::query_as(
        "select s.country, o.receipt_prefix from sites s join operators o on o.id = s.operator_id
            where s.id = $1",
    )
    .bind(&point.site_id)
    .fetch_one(&mut **write)
    .await?;
    for (number, connector) in (1_i64..).zip(&point.connectors) {
        sqlx::query(
            "insert into connectors (charge_point_id, connector, kind, power_w, evse_id)
                values ($1, $2, $3, $4, $5)",
        )
        .bind(&point.id)
        .bind(number)
        .bind(connector.current.as_str())
        .bind(connector.power_w)
        .bind(point.evse_id(&country, &prefix, number))
        .execute(&mut **write)
        .await?;
    }
    Ok(())
}
