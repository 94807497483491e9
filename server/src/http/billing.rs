//! What stands on somebody's receipts beside their name. Receipts that were issued
//! keep what stood there then.

use axum::{Json, extract::State};
use portal_api::{
    path,
    portal::{ADDRESS_LONGEST, Billing, VAT_ID_LONGEST},
};

use super::{
    Caller, Refusal,
    body::Sent,
    routes::{Routes, Who},
};
use crate::{App, embedded::people};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(path::BILLING, Who::Drivers, show)
        .put(path::BILLING, Who::Drivers, replace)
}

async fn show(State(app): State<App>, caller: Caller) -> Result<Json<Billing>, Refusal> {
    let mut reader = app.store.readers().acquire().await?;
    Ok(Json(people::billing(&mut reader, &caller.person.id).await?))
}

async fn replace(
    State(app): State<App>,
    caller: Caller,
    Sent(billing): Sent<Billing>,
) -> Result<Json<Billing>, Refusal> {
    let checked = Billing {
        address: checked(billing.address, "address", ADDRESS_LONGEST)?,
        vat_id: checked(billing.vat_id, "vat_id", VAT_ID_LONGEST)?,
    };
    let mut write = app.store.write().await?;
    people::set_billing(&mut write, &caller.person.id, &checked).await?;
    write.commit().await?;
    Ok(Json(checked))
}

/// A text without spaces around it; an empty one is none.
fn checked(
    text: Option<String>,
    field: &'static str,
    longest: usize,
) -> Result<Option<String>, Refusal> {
    let text = text.unwrap_or_default();
    let text = text.trim();
    let odd = |sign: char| sign.is_control() && sign != '\n';
    if text.chars().count() > longest || text.chars().any(odd) {
        return Err(Refusal::invalid_field(field, "too long, or not plain text"));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}
