//! What a receipt says, and how it lies on the page.
//!
//! From top to bottom: `head` (who, number, total) with the `code`, `facts`
//! (the session), `charges` (what is paid for, and the sums), `end` (how it
//! was paid, the feet of the pages). `flow` knows when a page is full.

mod charges;
mod code;
mod end;
mod facts;
mod flow;
mod head;

use chrono::{NaiveDate, NaiveDateTime};
use krilla::{error::KrillaError, tagging::Tag};
use portal_api::{decimal::Decimal, language::Language, money::Money};

use self::flow::Flow;
use super::{
    colour::Colour,
    fonts::fonts,
    sheet::{About, Part, Unwritable},
    words::{Words, words},
};

/// Everything a receipt says.
#[derive(Clone)]
pub struct Receipt {
    /// No other receipt has it.
    pub number: String,
    /// The number of the receipt that this one corrects.
    pub corrects: Option<String>,
    /// The day it was made.
    pub issued: NaiveDate,
    /// The reader's language.
    pub language: Language,
    /// Who is paid.
    pub seller: Party,
    /// The seller's colour.
    pub colour: Colour,
    /// The seller's logo, a PNG; one that can't be read is left out.
    pub logo: Option<Vec<u8>>,
    /// Who pays.
    pub buyer: Party,
    /// What happened.
    pub session: Session,
    /// What is paid for; credits and discounts have negative amounts.
    pub charges: Vec<Charge>,
    /// What the charges sum up to.
    pub subtotal: Money,
    /// The taxes, one for each rate.
    pub taxes: Vec<Tax>,
    /// Whether the taxes are part of the charges, or added to them.
    pub taxes_included: bool,
    /// What is paid.
    pub total: Money,
    /// How it was paid, as a sentence.
    pub paid: Option<String>,
    /// Where the session is in the portal.
    pub link: String,
}

/// Somebody who pays or is paid.
#[derive(Clone)]
pub struct Party {
    /// What they are called.
    pub name: String,
    /// Their address.
    pub lines: Vec<String>,
    /// The number by which a tax office knows them.
    pub vat_id: Option<String>,
}

/// What happened. What isn't known is left out.
#[derive(Clone)]
pub struct Session {
    /// What the place is called.
    pub place: Option<String>,
    /// Where that is.
    pub address: Option<String>,
    /// The number that every charger in the world has.
    pub evse_id: Option<String>,
    /// The operator's name of the charger.
    pub charge_point: Option<String>,
    /// The plug.
    pub connector: Option<String>,
    /// The driver's card, masked.
    pub card: Option<String>,
    /// When it began.
    pub started: Moment,
    /// When it ended.
    pub ended: Moment,
    /// In kWh.
    pub energy: Decimal,
}

/// A time where it happened.
#[derive(Clone)]
pub struct Moment {
    /// What the clocks showed there.
    pub local: NaiveDateTime,
    /// What that time is called, such as `CET`.
    pub zone: String,
}

/// Something that is paid for.
#[derive(Clone)]
pub struct Charge {
    /// What it is.
    pub text: String,
    /// Why it is as much as it is.
    pub detail: Option<String>,
    /// How much of it, with its unit.
    pub quantity: String,
    /// What one of it costs.
    pub unit_price: String,
    /// What it costs.
    pub amount: Money,
}

/// The tax of one rate.
#[derive(Clone)]
pub struct Tax {
    /// In percent.
    pub rate: Decimal,
    /// What it is a share of.
    pub net: Money,
    /// The tax itself.
    pub tax: Money,
}

/// The receipt as a file: PDF/A-2a and PDF/UA-1, the same bytes always.
pub fn pdf(receipt: &Receipt) -> Result<Vec<u8>, Unwritable> {
    match written(receipt) {
        // Whether a picture can be read is known only when it is written.
        Err(Unwritable::Format(KrillaError::Image(..))) => written(&Receipt {
            logo: None,
            ..receipt.clone()
        }),
        written => written,
    }
}

fn written(receipt: &Receipt) -> Result<Vec<u8>, Unwritable> {
    let words = words(receipt.language);
    let mut flow = Flow::new(fonts().ok_or(Unwritable::Fonts)?);
    let code = code::code(&mut flow, receipt, words)?;
    let mut parts = head::head(&mut flow, receipt, words);
    parts.extend(facts::facts(&mut flow, receipt, words));
    parts.push(charges::charges(&mut flow, receipt, words));
    parts.extend(end::end(&mut flow, receipt, words));
    parts.push(code);
    let structure = vec![Part::of(Tag::Section, parts)];
    end::feet(&mut flow, receipt);
    flow.sheet.write(about(receipt, words), structure)
}

fn about(receipt: &Receipt, words: &Words) -> About {
    About {
        title: format!("{} {}", words.receipt, receipt.number),
        author: receipt.seller.name.clone(),
        language: receipt.language,
        id: receipt.number.clone(),
        made: receipt.issued,
    }
}
