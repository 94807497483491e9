//! `[[organisations]]`: what people belong to, and whose admins make groups.

use portal_api::portal::Billing;

use super::{
    Done, Failure,
    entry::{Entry, Kind, Said},
    kinds::{self, NAME},
    operators::{ADDRESS, VAT_ID},
    wrong::Wrong,
};
use crate::embedded::{
    Write,
    people::{self, Organisation},
};

pub(super) const FIELDS: [&str; 4] = ["id", "name", "address", "vat_id"];

pub(super) const ID: Kind<String> = Kind {
    allowed: "org_ and 1 to 40 letters, digits, _ or -",
    read: |value| kinds::id(value, "org_"),
};

pub(super) fn read(entry: Entry<'_>) -> Result<Said<Organisation>, Wrong> {
    let organisation = Organisation {
        id: entry.required("id", &ID)?,
        name: entry.required("name", &NAME)?,
        billing: Billing {
            address: entry.optional("address", &ADDRESS)?,
            vat_id: entry.optional("vat_id", &VAT_ID)?,
        },
    };
    Ok(entry.says(organisation))
}

/// What is left out of its receipts' head stays as it is.
pub(super) async fn bring(write: &mut Write, said: &Said<Organisation>) -> Result<Done, Failure> {
    let mut organisation = said.what.clone();
    let known = people::organisation(write, &organisation.id).await?;
    if let Some(known) = &known {
        let before = known.billing.clone();
        let billing = &mut organisation.billing;
        billing.address = billing.address.take().or(before.address);
        billing.vat_id = billing.vat_id.take().or(before.vat_id);
    }
    if known.as_ref() == Some(&organisation) {
        return Ok(Done::Unchanged);
    }
    people::put_organisation(write, &organisation).await?;
    Ok(Done::of(known.is_some()))
}
