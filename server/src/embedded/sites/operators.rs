//! Whoever runs places.

use base64::{Engine, engine::general_purpose::STANDARD};
use sqlx::{AnyConnection, FromRow, Row};

use crate::{embedded::Write, ids};

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
    /// On what terms one books ahead.
    pub booking: BookingTerms,
}

/// What an operator says about booking ahead.
#[derive(Clone, Copy, Debug, Eq, FromRow, PartialEq)]
pub struct BookingTerms {
    /// How many minutes one may book at most.
    pub booking_minutes: i64,
    /// How many days ahead that may begin at most.
    pub booking_days_ahead: i64,
    /// Giving it up is free until so many minutes before it begins.
    pub free_cancel_minutes: i64,
    /// What that costs afterwards, in the smallest unit of what is charged in there.
    pub late_cancel_fee: i64,
    /// What not coming costs, likewise.
    pub no_show_fee: i64,
}

impl Default for BookingTerms {
    /// Those of an operator who says nothing.
    fn default() -> Self {
        Self {
            booking_minutes: 240,
            booking_days_ahead: 30,
            free_cancel_minutes: 60,
            late_cancel_fee: 0,
            no_show_fee: 0,
        }
    }
}

/// Adds an operator, or brings it up to date.
pub async fn put_operator(write: &mut Write, operator: &Operator) -> Result<(), sqlx::Error> {
    let logo = match &operator.logo {
        Some(png) => Some(add_logo(write, png).await?),
        None => None,
    };
    sqlx::query(
        "insert into operators (id, name, address, vat_id, colour, logo, receipt_prefix,
            booking_minutes, booking_days_ahead, free_cancel_minutes, late_cancel_fee,
            no_show_fee)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            on conflict (id) do update set name = excluded.name, address = excluded.address,
                vat_id = excluded.vat_id, colour = excluded.colour, logo = excluded.logo,
                receipt_prefix = excluded.receipt_prefix,
                booking_minutes = excluded.booking_minutes,
                booking_days_ahead = excluded.booking_days_ahead,
                free_cancel_minutes = excluded.free_cancel_minutes,
                late_cancel_fee = excluded.late_cancel_fee, no_show_fee = excluded.no_show_fee",
    )
    .bind(&operator.id)
    .bind(&operator.name)
    .bind(&operator.address)
    .bind(&operator.vat_id)
    .bind(&operator.colour)
    .bind(logo)
    .bind(&operator.receipt_prefix)
    .bind(operator.booking.booking_minutes)
    .bind(operator.booking.booking_days_ahead)
    .bind(operator.booking.free_cancel_minutes)
    .bind(operator.booking.late_cancel_fee)
    .bind(operator.booking.no_show_fee)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// The operator of that id, if there is one.
pub async fn operator(
    reader: &mut AnyConnection,
    id: &str,
) -> Result<Option<Operator>, sqlx::Error> {
    let row = sqlx::query(
        "select name, address, vat_id, colour, receipt_prefix, logo, booking_minutes,
            booking_days_ahead, free_cancel_minutes, late_cancel_fee, no_show_fee from operators where id = $1",
    )
    .bind(id)
    .fetch_optional(&mut *reader)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let logo_id: Option<String> = row.try_get(5)?;
    Ok(Some(Operator {
        id: id.to_owned(),
        name: row.try_get(0)?,
        address: row.try_get(1)?,
        vat_id: row.try_get(2)?,
        colour: row.try_get(3)?,
        receipt_prefix: row.try_get(4)?,
        booking: BookingTerms::from_row(&row)?,
        logo: match logo_id {
            Some(id) => logo(reader, &id).await?,
            None => None,
        },
    }))
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
