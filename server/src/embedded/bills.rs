//! What a session cost, line by line, and the number of its receipt. A bill is
//! never changed: a correction is a new one that names the one before.

mod parties;

use chrono::Datelike;
use portal_api::{
    decimal::Decimal,
    dynamo::cost::{Adjustment, AdjustmentKind, CostBreakdown, contained_tax},
    language::Language,
    money::Money,
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

pub use self::parties::{Buyer, Parties, Place, Seller};
use super::Write;

/// A bill.
#[derive(Clone, Debug, PartialEq)]
pub struct Bill {
    /// The receipt's number.
    pub number: String,
    /// The number of the receipt that it corrects.
    pub corrects: Option<String>,
    /// When.
    pub issued: Instant,
    /// What it cost.
    pub cost: CostBreakdown,
    /// Who sold to whom.
    pub parties: Parties,
    /// How its receipt is written, once somebody has asked for it.
    pub wording: Option<Wording>,
}

/// What is fixed about a receipt when it is first asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wording {
    /// The language of whoever asked.
    pub language: Language,
    /// Where the session was in the portal.
    pub link: String,
}

/// Why no bill was issued.
#[derive(Debug, thiserror::Error)]
pub enum BillError {
    /// Its lines don't make its total: such a bill is never kept.
    #[error("the bill does not add up")]
    DoesNotAddUp,
    /// No more can be given back than was paid, and no less than something.
    #[error("so much cannot be given back")]
    Credit,
    /// There is none yet.
    #[error("the session has no bill")]
    Missing,
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

/// Issues the first bill of a session that has just been written.
pub(super) async fn issue(
    write: &mut Write,
    session_id: &str,
    cost: &CostBreakdown,
    at: Instant,
) -> Result<String, BillError> {
    let (parties, numbering) = parties::of_session(write, session_id).await?;
    let number = numbering.next(write, at).await?;
    keep(write, (session_id, 1), &number, cost, &parties, at).await?;
    Ok(number)
}

async fn keep(
    write: &mut Write,
    (session_id, revision): (&str, i64),
    number: &str,
    cost: &CostBreakdown,
    parties: &Parties,
    at: Instant,
) -> Result<(), BillError> {
    if !cost.adds_up() {
        return Err(BillError::DoesNotAddUp);
    }
    sqlx::query(
        "insert into bills (session_id, revision, number, issued_at, cost, parties)
            values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(session_id)
    .bind(revision)
    .bind(number)
    .bind(at.millis())
    .bind(json(cost)?)
    .bind(json(parties)?)
    .execute(&mut **write)
    .await?;
    Ok(())
}

/// A session's bills, the first one first.
pub async fn of_session(
    reader: &mut AnyConnection,
    session_id: &str,
) -> Result<Vec<Bill>, sqlx::Error> {
    let rows = sqlx::query(
        "select number, issued_at, cost, parties, language, link from bills where session_id = $1
            order by revision",
    )
    .bind(session_id)
    .fetch_all(reader)
    .await?;
    let mut bills: Vec<Bill> = Vec::new();
    for row in &rows {
        let corrects = bills.last().map(|before| before.number.clone());
        bills.push(bill(row, corrects)?);
    }
    Ok(bills)
}

fn bill(row: &AnyRow, corrects: Option<String>) -> Result<Bill, sqlx::Error> {
    let language: Option<&str> = row.try_get(4)?;
    let language = language.and_then(Language::of_tag);
    let link: Option<String> = row.try_get(5)?;
    Ok(Bill {
        number: row.try_get(0)?,
        corrects,
        issued: Instant::from_millis(row.try_get(1)?),
        cost: of_json(row.try_get(2)?)?,
        parties: of_json(row.try_get(3)?)?,
        wording: language
            .zip(link)
            .map(|(language, link)| Wording { language, link }),
    })
}

/// How a bill's receipt is written: as for whoever asks first, from then on.
pub async fn fix_wording(
    write: &mut Write,
    number: &str,
    asked: Wording,
) -> Result<Wording, sqlx::Error> {
    let (language, link): (String, String) = sqlx::query_as(
        "update bills set language = coalesce(language, $2), link = coalesce(link, $3)
            where number = $1 returning language, link",
    )
    .bind(number)
    .bind(asked.language.code())
    .bind(&asked.link)
    .fetch_one(&mut **write)
    .await?;
    Ok(Wording {
        language: Language::of_tag(&language).unwrap_or(asked.language),
        link,
    })
}

/// Gives back so much of what a session cost, tax and all, and returns the number of
/// the corrected receipt.
pub async fn credit(
    write: &mut Write,
    session_id: &str,
    minor: i64,
    dispute_id: &str,
    now: Instant,
) -> Result<String, BillError> {
    let bills = of_session(write, session_id).await?;
    let before = bills.last().ok_or(BillError::Missing)?;
    let (cost, change) = credited(&before.cost, minor, dispute_id).ok_or(BillError::Credit)?;
    let (_, numbering) = parties::of_session(write, session_id).await?;
    let number = numbering.next(write, now).await?;
    let revision = i64::try_from(bills.len())
        .unwrap_or(i64::MAX)
        .saturating_add(1);
    let place = (session_id, revision);
    keep(write, place, &number, &cost, &before.parties, now).await?;
    correct_session(write, session_id, change).await?;
    Ok(number)
}

/// What a credit changes about a session, in the currency's smallest unit.
#[derive(Clone, Copy)]
struct Change {
    net: i64,
    tax_on_top: i64,
}

/// The cost after giving back `minor`; `None` if that is more than it is.
fn credited(
    before: &CostBreakdown,
    minor: i64,
    dispute_id: &str,
) -> Option<(CostBreakdown, Change)> {
    let of = |amount: Option<Decimal>| Some(before.money(amount?)?.minor);
    let (total, subtotal, tax) = (
        of(before.total_cost)?,
        of(before.subtotal)?,
        of(before.tax_amount)?,
    );
    let left = total.checked_sub(minor)?;
    if minor <= 0 || left < 0 {
        return None;
    }
    let new_tax = contained_tax(left, before.tax_rate_percent?.units_at(2)?)?;
    let new_subtotal = if before.tax_included {
        left
    } else {
        left - new_tax
    };
    let major = |minor| Some(Money::new(minor, before.currency).major());
    let mut after = before.clone();
    after.adjustments.push(Adjustment {
        kind: AdjustmentKind::Credit,
        reference: Some(dispute_id.to_owned()),
        amount: major(new_subtotal - subtotal)?,
        percent: None,
    });
    after.subtotal = major(new_subtotal);
    after.tax_amount = major(new_tax);
    after.total_cost = major(left);
    let change = Change {
        net: new_subtotal - subtotal,
        tax_on_top: if before.tax_included {
            0
        } else {
            new_tax - tax
        },
    };
    Some((after, change))
}

async fn correct_session(
    write: &mut Write,
    session_id: &str,
    change: Change,
) -> Result<(), sqlx::Error> {
    let total = change.net + change.tax_on_top;
    sqlx::query(
        "update session_months set cost_minor = cost_minor + $2 where exists (select 1
            from sessions s where s.id = $1 and s.driver_id = session_months.driver_id
                and s.local_day / 100 = session_months.month
                and s.currency = session_months.currency)",
    )
    .bind(session_id)
    .bind(total)
    .execute(&mut **write)
    .await?;
    sqlx::query(
        "update sessions set adjustments_minor = adjustments_minor + $2,
            tax_minor = tax_minor + $3, cost_minor = cost_minor + $4 where id = $1",
    )
    .bind(session_id)
    .bind(change.net)
    .bind(change.tax_on_top)
    .bind(total)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// The next numbers of a seller's receipts.
struct Numbering {
    operator_id: String,
    /// What the place's clock shows.
    zone: chrono_tz::Tz,
}

impl Numbering {
    /// Such as `WEI-2026-000123`: every number once and none left out.
    async fn next(&self, write: &mut Write, at: Instant) -> Result<String, sqlx::Error> {
        let row = sqlx::query(
            "update operators set receipts = receipts + 1 where id = $1
                returning receipts, receipt_prefix",
        )
        .bind(&self.operator_id)
        .fetch_one(&mut **write)
        .await?;
        let count: i64 = row.try_get(0)?;
        let prefix: String = row.try_get(1)?;
        let year = at.utc().map_or(0, |at| at.with_timezone(&self.zone).year());
        Ok(format!("{prefix}-{year}-{count:06}"))
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Reads JSON that stands in the store.
pub(super) fn of_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cost(subtotal: i64, rate: i64, included: bool) -> CostBreakdown {
        let text = format!(
            r#"{{ "session_id": "s", "currency": "EUR", "components": [
                {{ "type": "energy", "quantity": 1, "unit_price": {0}, "amount": {0} }} ],
                "subtotal": {0}, "tax_rate_percent": {1}, "tax_amount": {2}, "total_cost": {3},
                "tax_included": {included} }}"#,
            Decimal::new(subtotal, 2),
            Decimal::new(rate, 2),
            Decimal::new(tax(subtotal, rate, included), 2),
            Decimal::new(
                subtotal
                    + if included {
                        0
                    } else {
                        tax(subtotal, rate, false)
                    },
                2
            ),
        );
        serde_json::from_str(&text).unwrap()
    }

    fn tax(subtotal: i64, rate: i64, included: bool) -> i64 {
        let tax = if included {
            contained_tax(subtotal, rate)
        } else {
            portal_api::dynamo::cost::added_tax(subtotal, rate)
        };
        tax.unwrap()
    }

    #[test]
    fn more_than_was_paid_is_not_given_back() {
        let before = cost(1_000, 1_900, false);
        assert!(credited(&before, 1_190, "disp_1").is_some());
        assert!(credited(&before, 1_191, "disp_1").is_none());
        assert!(credited(&before, 0, "disp_1").is_none());
        assert!(credited(&before, -1, "disp_1").is_none());
    }

    proptest! {
        #[test]
        fn what_is_left_adds_up_and_is_exactly_so_much_less(
            subtotal in 0_i64..100_000,
            rate in 0_i64..3_000,
            included: bool,
            share in 1_i64..=1_000,
        ) {
            let before = cost(subtotal, rate, included);
            prop_assert!(before.adds_up());
            let total = before.sum().unwrap().minor;
            let minor = total * share / 1_000;
            prop_assume!(minor > 0);
            let (after, change) = credited(&before, minor, "disp_1").unwrap();
            prop_assert!(after.adds_up(), "{:?}", after);
            prop_assert_eq!(after.sum().unwrap().minor, total - minor);
            prop_assert_eq!(change.net + change.tax_on_top, -minor);
        }
    }
}
