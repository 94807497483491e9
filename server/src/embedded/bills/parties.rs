//! Who sold to whom, as it was when the bill was issued.

use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};

use super::Numbering;

/// Who sold to whom.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Parties {
    /// Whoever runs the place.
    pub seller: Seller,
    /// Whoever pays.
    pub buyer: Buyer,
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
            o.id, i.time_zone
            from sessions s join sites i on i.id = s.site_id
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
    let zone: &str = row.try_get(10)?;
    let numbering = Numbering {
        operator_id: row.try_get(9)?,
        zone: zone.parse().unwrap_or(chrono_tz::UTC),
    };
    Ok((Parties { seller, buyer }, numbering))
}
