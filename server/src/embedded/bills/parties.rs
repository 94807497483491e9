//! Who sold to whom and where, as it was when the bill was issued.

use portal_api::{decimal::Decimal, portal::Current};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};

use super::Numbering;
use crate::embedded::sites;

/// Who sold to whom.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Parties {
    /// Whoever runs the place.
    pub seller: Seller,
    /// Whoever pays.
    pub buyer: Buyer,
    /// Where; bills of long ago don't say.
    #[serde(default)]
    pub place: Option<Place>,
}

/// A place, and the connector that was used there.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Place {
    /// What people call it.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// What its clocks show.
    pub time_zone: String,
    /// The connector's number in the world.
    pub evse_id: String,
    /// What flows.
    pub current: Current,
    /// The most it delivers.
    pub power_kw: Decimal,
}

/// Whoever runs the place.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Seller {
    /// Its name.
    pub name: String,
    /// Lines.
    pub address: String,
    /// The number that tax authorities know it by.
    pub vat_id: String,
    /// Such as `#0b5fff`.
    pub colour: String,
    /// The hash of its logo.
    #[serde(default)]
    pub logo: Option<String>,
}

/// Whoever pays.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Buyer {
    /// A person, and the organisation that pays for them.
    pub name: String,
    /// That organisation.
    #[serde(default)]
    pub organisation: Option<String>,
    /// Lines.
    #[serde(default)]
    pub address: Option<String>,
    /// The number that tax authorities know them by.
    #[serde(default)]
    pub vat_id: Option<String>,
}

/// Who sells to whom in a session, and how the seller numbers receipts.
pub(super) async fn of_session(
    reader: &mut AnyConnection,
    session_id: &str,
) -> Result<(Parties, Numbering), sqlx::Error> {
    let row = sqlx::query(
        "select o.name, o.address, o.vat_id, o.colour, o.logo, p.name,
            case when s.payment = 'organisation' then g.name end,
            case when s.payment = 'organisation' then coalesce(g.address, p.address)
                else p.address end,
            case when s.payment = 'organisation' then coalesce(g.vat_id, p.vat_id)
                else p.vat_id end,
            o.id, i.time_zone, i.name, i.address, i.city, c.evse_id, c.kind, c.power_w
            from sessions s join sites i on i.id = s.site_id
                join connectors c on c.charge_point_id = s.charge_point_id
                    and c.connector = s.connector
                join operators o on o.id = i.operator_id join people p on p.id = s.driver_id
                left join organisations g on g.id = p.organisation_id
            where s.id = $1",
    )
    .bind(session_id)
    .fetch_one(reader)
    .await?;
    let seller = Seller {
        name: row.try_get(0)?,
        address: row.try_get(1)?,
        vat_id: row.try_get(2)?,
        colour: row.try_get(3)?,
        logo: row.try_get(4)?,
    };
    let buyer = Buyer {
        name: row.try_get(5)?,
        organisation: row.try_get(6)?,
        address: row.try_get(7)?,
        vat_id: row.try_get(8)?,
    };
    let place = Place {
        name: row.try_get(11)?,
        address: sites::full_address(row.try_get(12)?, row.try_get(13)?),
        time_zone: row.try_get(10)?,
        evse_id: row.try_get(14)?,
        current: sites::current_of_word(row.try_get(15)?),
        power_kw: Decimal::new(row.try_get(16)?, 3),
    };
    let numbering = Numbering {
        operator_id: row.try_get(9)?,
        zone: place.time_zone.parse().unwrap_or(chrono_tz::UTC),
    };
    let parties = Parties {
        seller,
        buyer,
        place: Some(place),
    };
    Ok((parties, numbering))
}
