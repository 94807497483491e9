//! What people belong to.

use portal_api::{portal::Billing, time::Instant};
use sqlx::AnyConnection;

use crate::embedded::{Write, groups::members};

/// A company, an association, a household.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organisation {
    /// Prefix `org_`.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// What stands on the receipts that it pays.
    pub billing: Billing,
}

/// The organisation that has this id, if any has.
pub async fn organisation(
    reader: &mut AnyConnection,
    id: &str,
) -> Result<Option<Organisation>, sqlx::Error> {
    let row: Option<(String, Option<String>, Option<String>)> =
        sqlx::query_as("select name, address, vat_id from organisations where id = $1")
            .bind(id)
            .fetch_optional(reader)
            .await?;
    Ok(row.map(|(name, address, vat_id)| Organisation {
        id: id.to_owned(),
        name,
        billing: Billing { address, vat_id },
    }))
}

/// Adds an organisation, or makes the one with its id what it is now.
pub async fn put_organisation(
    write: &mut Write,
    organisation: &Organisation,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into organisations (id, name, address, vat_id) values ($1, $2, $3, $4)
            on conflict (id) do update set name = excluded.name, address = excluded.address,
                vat_id = excluded.vat_id",
    )
    .bind(&organisation.id)
    .bind(&organisation.name)
    .bind(&organisation.billing.address)
    .bind(&organisation.billing.vat_id)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Makes somebody belong to an organisation, and to no other: they leave the others' groups.
pub async fn set_organisation(
    write: &mut Write,
    person_id: &str,
    organisation_id: &str,
    now: Instant,
) -> Result<(), sqlx::Error> {
    sqlx::query("update people set organisation_id = $2 where id = $1")
        .bind(person_id)
        .bind(organisation_id)
        .execute(&mut **write)
        .await?;
    members::leave_others(write, person_id, organisation_id, now).await
}
