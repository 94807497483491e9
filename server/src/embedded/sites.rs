//! Where one can charge: places, who runs them (`operators`), their charge points and
//! the plugs on them (`charge_points`).

mod charge_points;
mod operators;

use chrono_tz::Tz;
use portal_api::portal::charge_points::Opening;
use sqlx::{AnyConnection, Row};

pub(super) use self::charge_points::current_of_word;
pub use self::{
    charge_points::{
        ChargePoint, Connector, Current, Fitted, add_charge_point, connector, evse_id, numbering,
        put_charge_point, put_connector, set_tariff, site_of_charge_point,
    },
    operators::{BookingTerms, Operator, logo, operator, put_operator},
};
use super::Write;

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

/// When one can get in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Hours {
    /// Nobody said.
    Unknown,
    /// Day and night.
    Always,
    /// At these times, by the day and the hour.
    Listed(Vec<Opening>),
}

impl Hours {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Always => "always",
            Self::Listed(_) => "listed",
        }
    }
}

/// Street and town in a line.
pub(super) fn full_address(street: &str, city: &str) -> String {
    [street, city].join(", ")
}

/// Adds a place, or brings it up to date.
pub async fn put(write: &mut Write, site: &Site) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into sites (id, name, address, city, country, time_zone, operator_id)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (id) do update set name = excluded.name, address = excluded.address,
                city = excluded.city, country = excluded.country,
                time_zone = excluded.time_zone, operator_id = excluded.operator_id",
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

/// The place of that id, which there is.
pub async fn load(reader: &mut AnyConnection, id: &str) -> Result<Site, sqlx::Error> {
    find(reader, id).await?.ok_or(sqlx::Error::RowNotFound)
}

/// The place of that id, if there is one.
pub async fn find(reader: &mut AnyConnection, id: &str) -> Result<Option<Site>, sqlx::Error> {
    let row = sqlx::query(
        "select id, name, address, city, country, time_zone, operator_id from sites
            where id = $1",
    )
    .bind(id)
    .fetch_optional(reader)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let zone: &str = row.try_get(5)?;
    Ok(Some(Site {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        address: row.try_get(2)?,
        city: row.try_get(3)?,
        country: row.try_get(4)?,
        time_zone: zone.parse().unwrap_or(Tz::UTC),
        operator_id: row.try_get(6)?,
    }))
}

/// Where a place is, in millionths of a degree, if that is known.
pub async fn position(
    reader: &mut AnyConnection,
    site_id: &str,
) -> Result<Option<(i64, i64)>, sqlx::Error> {
    sqlx::query_as("select latitude, longitude from sites where id = $1 and latitude is not null")
        .bind(site_id)
        .fetch_optional(reader)
        .await
}

/// Says where a place is, in millionths of a degree.
pub async fn set_position(
    write: &mut Write,
    site_id: &str,
    position: Option<(i64, i64)>,
) -> Result<(), sqlx::Error> {
    let (latitude, longitude) = position.unzip();
    sqlx::query("update sites set latitude = $2, longitude = $3 where id = $1")
        .bind(site_id)
        .bind(latitude)
        .bind(longitude)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// When one can get in.
pub async fn hours(reader: &mut AnyConnection, site_id: &str) -> Result<Hours, sqlx::Error> {
    let word: String = sqlx::query_scalar("select hours from sites where id = $1")
        .bind(site_id)
        .fetch_one(&mut *reader)
        .await?;
    Ok(match &word[..] {
        "always" => Hours::Always,
        "listed" => Hours::Listed(openings(reader, site_id).await?),
        _ => Hours::Unknown,
    })
}

/// The listed times at which one can get in.
pub(super) async fn openings(
    reader: &mut AnyConnection,
    site_id: &str,
) -> Result<Vec<Opening>, sqlx::Error> {
    let rows: Vec<(i64, i64, i64)> = sqlx::query_as(
        "select day, from_minute, to_minute from opening_hours where site_id = $1
            order by day, from_minute",
    )
    .bind(site_id)
    .fetch_all(reader)
    .await?;
    let minute = |minute: i64| u16::try_from(minute).unwrap_or(0);
    let opening = |(day, from, to): (i64, i64, i64)| Opening {
        day: u8::try_from(day).unwrap_or(0),
        from_minute: minute(from),
        to_minute: minute(to),
    };
    Ok(rows.into_iter().map(opening).collect())
}

/// Says when one can get in, whatever was said before.
pub async fn set_hours(write: &mut Write, site_id: &str, hours: &Hours) -> Result<(), sqlx::Error> {
    sqlx::query("update sites set hours = $2 where id = $1")
        .bind(site_id)
        .bind(hours.as_str())
        .execute(&mut **write)
        .await?;
    sqlx::query("delete from opening_hours where site_id = $1")
        .bind(site_id)
        .execute(&mut **write)
        .await?;
    let Hours::Listed(openings) = hours else {
        return Ok(());
    };
    for opening in openings {
        sqlx::query(
            "insert into opening_hours (site_id, day, from_minute, to_minute)
                values ($1, $2, $3, $4)",
        )
        .bind(site_id)
        .bind(i64::from(opening.day))
        .bind(i64::from(opening.from_minute))
        .bind(i64::from(opening.to_minute))
        .execute(&mut **write)
        .await?;
    }
    Ok(())
}
