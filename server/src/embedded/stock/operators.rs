//! `[[operators]]`: whoever sells what is charged.

use std::{io::Read, path::Path};

use portal_api::portal::{ADDRESS_LONGEST, VAT_ID_LONGEST};

use super::{
    Done, Failure,
    entry::{Entry, Kind, Said},
    kinds::{self, NAME},
    wrong::Wrong,
};
use crate::{
    documents::colour::Colour,
    embedded::{
        Write,
        sites::{self, BookingTerms, Operator},
    },
    papers,
};

pub(super) const FIELDS: [&str; 12] = [
    "id",
    "name",
    "address",
    "vat_id",
    "colour",
    "logo",
    "receipt_prefix",
    "booking_minutes",
    "booking_days_ahead",
    "free_cancel_minutes",
    "late_cancel_fee",
    "no_show_fee",
];

/// The largest file of a logo.
const LARGEST_LOGO: u64 = 200_000;

pub(super) const ID: Kind<String> = Kind {
    allowed: "oper_ and 1 to 40 letters, digits, _ or -",
    read: |value| kinds::id(value, "oper_"),
};

pub(super) const ADDRESS: Kind<String> = Kind {
    allowed: "1 to 300 characters, on lines",
    read: |value| kinds::lines(value, ADDRESS_LONGEST),
};

pub(super) const VAT_ID: Kind<String> = Kind {
    allowed: "1 to 30 characters on one line",
    read: |value| kinds::line(value, VAT_ID_LONGEST),
};

const COLOUR: Kind<String> = Kind {
    allowed: "a colour such as \"#0b5fff\"",
    read: |value| {
        let text = value.as_str()?;
        Colour::of_hex(text).map(|_| text.to_lowercase())
    },
};

const PREFIX: Kind<String> = Kind {
    allowed: "2 to 8 capital letters and digits, which no other operator has",
    read: |value| {
        let text = value.as_str()?;
        let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let fits = (2..=8).contains(&text.len()) && text.bytes().all(plain);
        fits.then(|| text.to_owned())
    },
};

const BOOKED: Kind<i64> = Kind {
    allowed: "a whole number of minutes from 15 to 10080",
    read: |value| kinds::whole(value, 15, 10_080),
};

const AHEAD: Kind<i64> = Kind {
    allowed: "a whole number of days from 1 to 365",
    read: |value| kinds::whole(value, 1, 365),
};

const FREE: Kind<i64> = Kind {
    allowed: "a whole number of minutes from 0 to 43200",
    read: |value| kinds::whole(value, 0, 43_200),
};

const FEE: Kind<i64> = Kind {
    allowed: "a whole number of the currency's smallest unit from 0 to 1000000",
    read: |value| kinds::whole(value, 0, 1_000_000),
};

const FILE: Kind<String> = Kind {
    allowed: "the path of a PNG of at most 200 kB, seen from the file's folder",
    read: |value| value.as_str().map(str::to_owned),
};

pub(super) fn read(entry: Entry<'_>, folder: &Path) -> Result<Said<Operator>, Wrong> {
    let operator = Operator {
        id: entry.required("id", &ID)?,
        name: entry.required("name", &NAME)?,
        address: entry.required("address", &ADDRESS)?,
        vat_id: entry.required("vat_id", &VAT_ID)?,
        colour: entry.required("colour", &COLOUR)?,
        logo: match entry.optional("logo", &FILE)? {
            Some(path) => {
                let png = png(&folder.join(path));
                Some(png.ok_or_else(|| entry.wrong("logo", FILE.allowed))?)
            }
            None => None,
        },
        receipt_prefix: entry.required("receipt_prefix", &PREFIX)?,
        booking: booking(&entry)?,
    };
    Ok(entry.says(operator))
}

/// What is not said is as it is for everybody who says nothing.
fn booking(entry: &Entry<'_>) -> Result<BookingTerms, Wrong> {
    let usual = BookingTerms::default();
    let or = |name, kind, usual| entry.optional(name, kind).map(|said| said.unwrap_or(usual));
    Ok(BookingTerms {
        booking_minutes: or("booking_minutes", &BOOKED, usual.booking_minutes)?,
        booking_days_ahead: or("booking_days_ahead", &AHEAD, usual.booking_days_ahead)?,
        free_cancel_minutes: or("free_cancel_minutes", &FREE, usual.free_cancel_minutes)?,
        late_cancel_fee: or("late_cancel_fee", &FEE, usual.late_cancel_fee)?,
        no_show_fee: or("no_show_fee", &FEE, usual.no_show_fee)?,
    })
}

/// A picture without what nobody sees of it.
fn png(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(file).ok()?;
    file.take(LARGEST_LOGO + 1).read_to_end(&mut bytes).ok()?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|size| size <= LARGEST_LOGO);
    match papers::cleaned(&bytes) {
        Ok((papers::Kind::Png, png)) if fits => Some(png),
        _ => None,
    }
}

pub(super) async fn bring(write: &mut Write, said: &Said<Operator>) -> Result<Done, Failure> {
    let operator = &said.what;
    let known = sites::operator(write, &operator.id).await?;
    if known.as_ref() == Some(operator) {
        return Ok(Done::Unchanged);
    }
    let prefix = &operator.receipt_prefix;
    let (taken, numbered): (i64, i64) = sqlx::query_as(
        "select (select count(*) from operators where receipt_prefix = $1 and id <> $2),
            (select count(*) from operators where receipt_prefix <> $1 and id = $2
                and receipts > 0)",
    )
    .bind(prefix)
    .bind(&operator.id)
    .fetch_one(&mut **write)
    .await?;
    let refused = |why: &str| {
        let what = format!("receipt_prefix = {prefix:?} is not allowed; {why}");
        Err(Wrong::at(&said.place, what).into())
    };
    if taken > 0 {
        return refused("another operator has it");
    }
    if numbered > 0 {
        return refused("receipts have numbers that begin otherwise, and go on as they began");
    }
    sites::put_operator(write, operator).await?;
    Ok(Done::of(known.is_some()))
}
