//! Charge points, and the plugs on them.

use portal_api::portal;
use sqlx::{AnyConnection, Row};

use crate::embedded::Write;

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

/// A connector as it stands in the store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fitted {
    /// Its number on the charge point, from 1.
    pub number: i64,
    /// What flows.
    pub current: Current,
    /// The most it delivers, in watts.
    pub power_w: i64,
    /// Its number in the world.
    pub evse_id: String,
    /// The plug, by its word.
    pub plug: Option<String>,
    /// What charging there costs; `None`: nobody can charge there.
    pub tariff_id: Option<String>,
}

/// A connector's number in the world: country, operator, and what is ours.
pub fn evse_id((country, prefix): (&str, &str), charge_point_id: &str, number: i64) -> String {
    [
        country,
        prefix,
        &format!("E{charge_point_id}"),
        &number.to_string(),
    ]
    .join("*")
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

    /// The plug that it comes through in Europe.
    const fn usual_plug(self) -> &'static str {
        match self {
            Self::Alternating => "type2",
            Self::Direct => "ccs",
        }
    }
}

/// What flows, by its word in the store.
pub(in crate::embedded) fn current_of_word(word: &str) -> portal::Current {
    if word == Current::Direct.as_str() {
        portal::Current::Dc
    } else {
        portal::Current::Ac
    }
}

/// Adds a charge point with its connectors.
pub async fn add_charge_point(write: &mut Write, point: &ChargePoint) -> Result<(), sqlx::Error> {
    put_charge_point(write, &point.id, &point.site_id).await?;
    let (country, prefix) = numbering(write, &point.site_id).await?;
    for (number, connector) in (1_i64..).zip(&point.connectors) {
        let fitted = Fitted {
            number,
            current: connector.current,
            power_w: connector.power_w,
            evse_id: evse_id((&country, &prefix), &point.id, number),
            plug: Some(connector.current.usual_plug().to_owned()),
            tariff_id: None,
        };
        put_connector(write, &point.id, &fitted).await?;
    }
    Ok(())
}

/// What the world's numbers of a place's connectors begin with: its country, and the
/// letters of whoever runs it.
pub async fn numbering(
    reader: &mut AnyConnection,
    site_id: &str,
) -> Result<(String, String), sqlx::Error> {
    sqlx::query_as(
        "select s.country, o.receipt_prefix from sites s join operators o on o.id = s.operator_id
            where s.id = $1",
    )
    .bind(site_id)
    .fetch_one(reader)
    .await
}

/// Adds a charge point, or says that it stands somewhere else now.
pub async fn put_charge_point(
    write: &mut Write,
    id: &str,
    site_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into charge_points (id, site_id) values ($1, $2)
            on conflict (id) do update set site_id = excluded.site_id",
    )
    .bind(id)
    .bind(site_id)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Where a charge point stands, if there is one of that id.
pub async fn site_of_charge_point(
    reader: &mut AnyConnection,
    id: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select site_id from charge_points where id = $1")
        .bind(id)
        .fetch_optional(reader)
        .await
}

/// Adds a connector, or brings it up to date; what it is doing stays as it is.
pub async fn put_connector(
    write: &mut Write,
    charge_point_id: &str,
    fitted: &Fitted,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into connectors (charge_point_id, connector, kind, power_w, evse_id, plug,
            tariff_id) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (charge_point_id, connector) do update set kind = excluded.kind,
                power_w = excluded.power_w, evse_id = excluded.evse_id, plug = excluded.plug,
                tariff_id = excluded.tariff_id",
    )
    .bind(charge_point_id)
    .bind(fitted.number)
    .bind(fitted.current.as_str())
    .bind(fitted.power_w)
    .bind(&fitted.evse_id)
    .bind(&fitted.plug)
    .bind(&fitted.tariff_id)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// A connector, if there is one of that number.
pub async fn connector(
    reader: &mut AnyConnection,
    charge_point_id: &str,
    number: i64,
) -> Result<Option<Fitted>, sqlx::Error> {
    let row = sqlx::query(
        "select kind, power_w, evse_id, plug, tariff_id from connectors
            where charge_point_id = $1 and connector = $2",
    )
    .bind(charge_point_id)
    .bind(number)
    .fetch_optional(reader)
    .await?;
    row.map(|row| {
        let direct = row.try_get::<&str, _>(0)? == Current::Direct.as_str();
        Ok(Fitted {
            number,
            current: if direct {
                Current::Direct
            } else {
                Current::Alternating
            },
            power_w: row.try_get(1)?,
            evse_id: row.try_get(2)?,
            plug: row.try_get(3)?,
            tariff_id: row.try_get(4)?,
        })
    })
    .transpose()
}

/// Says what charging at a connector costs.
pub async fn set_tariff(
    write: &mut Write,
    charge_point_id: &str,
    connector: i64,
    tariff_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update connectors set tariff_id = $3 where charge_point_id = $1 and connector = $2",
    )
    .bind(charge_point_id)
    .bind(connector)
    .bind(tariff_id)
    .execute(&mut **write)
    .await
    .map(drop)
}
