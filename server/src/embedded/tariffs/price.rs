//! What a session costs: whole numbers only, each line rounded half up to the
//! currency's smallest unit.
//!
//! Energy and time are sold in whole steps; a step counts at the price that holds
//! when it begins. Where a rule changes the price a line ends and another begins,
//! so that taking a session apart there changes only what is rounded.

mod pieces;

use portal_api::{
    decimal::Decimal,
    dynamo::cost::{
        Adjustment, AdjustmentKind, Component, ComponentKind, CostBreakdown, added_tax,
        contained_tax, half_up,
    },
    money::{Currency, Money},
    time::Instant,
};

use self::pieces::{Piece, Sold, pieces};
use super::{Part, Tariff};

/// How many of the units that prices are kept in make one of the major unit.
const PRICE_UNITS: i128 = 10_000;

/// More than any charge costs, and far from what overflows when summed.
const MOST: i64 = 1_000_000_000_000;

/// How a session went.
#[derive(Clone, Copy, Debug)]
pub struct Course<'a> {
    /// When it began.
    pub started: Instant,
    /// When the car stopped charging.
    pub charged_until: Instant,
    /// When it left, or now.
    pub until: Instant,
    /// What went into the car.
    pub energy_wh: i64,
    /// What the meter showed on the way, oldest first; between two the energy
    /// flowed evenly.
    pub readings: &'a [Reading],
    /// The place's clock.
    pub zone: chrono_tz::Tz,
}

/// What the meter showed at some time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reading {
    /// When.
    pub at: Instant,
    /// Since the session began.
    pub energy_wh: i64,
    /// What flowed at that moment, if the charge point said so.
    pub power_w: Option<i64>,
}

/// What is taken off.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Reductions {
    /// What this driver always gets off, in hundredths of a percent.
    pub discount_rate: i64,
    /// A code that holds.
    pub promotion: Option<Promotion>,
}

/// A promotional code, as far as a price goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Promotion {
    /// Capital letters and digits.
    pub code: String,
    /// What it takes off.
    pub off: Off,
}

/// What a promotional code takes off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Off {
    /// Hundredths of a percent.
    Percent(i64),
    /// So much, and never more than there is; nothing in another currency.
    Amount(Money),
}

/// The sum is beyond what can be kept, or something is negative that never is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the price cannot be worked out")]
pub struct NoPrice;

impl Tariff {
    /// What a session costs, line by line.
    pub fn price(
        &self,
        session_id: &str,
        course: &Course<'_>,
        reductions: &Reductions,
    ) -> Result<CostBreakdown, NoPrice> {
        let components = self.components(course)?;
        let gross = total(self.currency, components.iter().map(|line| line.amount))?;
        let adjustments = self.adjustments(gross, reductions)?;
        let off = total(self.currency, adjustments.iter().map(|line| line.amount))?;
        let subtotal = gross.checked_add(off).filter(|left| *left >= 0);
        let subtotal = subtotal.ok_or(NoPrice)?;
        let (tax, total) = if self.tax_included {
            (contained_tax(subtotal, self.tax_rate), Some(subtotal))
        } else {
            let tax = added_tax(subtotal, self.tax_rate);
            (tax, tax.and_then(|tax| subtotal.checked_add(tax)))
        };
        let total = total.filter(|total| *total < MOST).ok_or(NoPrice)?;
        let major = |minor| Some(Money::new(minor, self.currency).major());
        let breakdown = CostBreakdown {
            session_id: session_id.to_owned(),
            currency: self.currency,
            tariff_id: Some(self.id.clone()),
            components,
            adjustments,
            subtotal: major(subtotal),
            tax_rate_percent: Some(Decimal::new(self.tax_rate, 2)),
            tax_amount: major(tax.ok_or(NoPrice)?),
            total_cost: major(total),
            tariff_name: Some(self.name.clone()),
            tax_included: self.tax_included,
        };
        Ok(breakdown)
    }

    /// What a session costs in which nothing flows; `None` if that cannot be worked out.
    pub fn entry(&self) -> Option<Money> {
        let beginning = Instant::from_millis(0);
        let nothing = Course {
            started: beginning,
            charged_until: beginning,
            until: beginning,
            energy_wh: 0,
            readings: &[],
            zone: chrono_tz::UTC,
        };
        let cost = self.price("", &nothing, &Reductions::default()).ok()?;
        cost.money(cost.total_cost?)
    }

    fn components(&self, course: &Course<'_>) -> Result<Vec<Component>, NoPrice> {
        let mut lines = Vec::new();
        for part in [Part::Energy, Part::Time] {
            for piece in pieces(self, part, course)? {
                lines.push(self.component(part, piece, None)?);
            }
        }
        if self.per_session > 0 {
            lines.push(self.flat()?);
        }
        let free = (self.idle_grace_seconds > 0).then(|| minutes(self.idle_grace_seconds));
        for piece in pieces(self, Part::Parking, course)? {
            lines.push(self.component(Part::Parking, piece, free)?);
        }
        Ok(lines)
    }

    fn component(
        &self,
        part: Part,
        piece: Piece<'_>,
        free: Option<Decimal>,
    ) -> Result<Component, NoPrice> {
        let (unit, per, of) = match part {
            Part::Energy => ("kWh", 1_000, kilowatt_hours as fn(i64) -> Decimal),
            Part::Time | Part::Parking => ("minute", 60, minutes as fn(i64) -> Decimal),
        };
        let Sold {
            used,
            quantity,
            step,
        } = piece.sold;
        let rounded = used != quantity;
        Ok(Component {
            kind: part.component(),
            quantity: Some(of(quantity)),
            unit: Some(unit.to_owned()),
            unit_price: Some(Decimal::new(piece.price, 4)),
            amount: self.amount(quantity, piece.price, per)?,
            used: rounded.then(|| used_of(part, used)),
            step: rounded.then(|| of(step)),
            free,
            rule: piece.rule.map(str::to_owned),
            from: Some(piece.from),
            to: Some(piece.to),
        })
    }

    fn flat(&self) -> Result<Component, NoPrice> {
        Ok(Component {
            kind: ComponentKind::Flat,
            quantity: Some(Decimal::new(1, 0)),
            unit: Some("session".to_owned()),
            unit_price: Some(Decimal::new(self.per_session, 4)),
            amount: self.amount(1, self.per_session, 1)?,
            used: None,
            step: None,
            free: None,
            rule: None,
            from: None,
            to: None,
        })
    }

    /// `quantity` at `price` for every `per` of it.
    fn amount(&self, quantity: i64, price: i64, per: i128) -> Result<Decimal, NoPrice> {
        let minor_units = 10_i128.pow(self.currency.digits());
        let product = i128::from(quantity) * i128::from(price);
        let product = product.checked_mul(minor_units).ok_or(NoPrice)?;
        half_up(product, per * PRICE_UNITS)
            .filter(|amount| *amount < MOST)
            .map(|minor| Money::new(minor, self.currency).major())
            .ok_or(NoPrice)
    }

    fn adjustments(&self, gross: i64, off: &Reductions) -> Result<Vec<Adjustment>, NoPrice> {
        let line = |kind, reference, minor: i64, rate: Option<i64>| Adjustment {
            kind,
            reference,
            amount: Money::new(-minor, self.currency).major(),
            percent: rate.map(|rate| Decimal::new(rate, 2)),
        };
        let mut lines = Vec::new();
        let mut left = gross;
        if off.discount_rate > 0 {
            let minor = share(left, off.discount_rate)?;
            left -= minor;
            let rate = Some(off.discount_rate);
            lines.push(line(AdjustmentKind::Discount, None, minor, rate));
        }
        if let Some(promotion) = &off.promotion {
            let (minor, rate) = match promotion.off {
                Off::Percent(rate) => (share(left, rate)?, Some(rate)),
                Off::Amount(most) if most.currency == self.currency => (most.minor.min(left), None),
                Off::Amount(_) => return Ok(lines),
            };
            let code = Some(promotion.code.clone());
            lines.push(line(AdjustmentKind::PromotionalCode, code, minor, rate));
        }
        Ok(lines)
    }
}

/// `rate` hundredths of a percent of `amount`.
fn share(amount: i64, rate: i64) -> Result<i64, NoPrice> {
    half_up(i128::from(amount) * i128::from(rate), 10_000).ok_or(NoPrice)
}

fn kilowatt_hours(wh: i64) -> Decimal {
    Decimal::new(wh, 3)
}

/// Exact for multiples of six seconds.
fn minutes(seconds: i64) -> Decimal {
    Decimal::new(seconds / 6, 1)
}

/// What was really used, to the tenth of a minute.
fn used_of(part: Part, used: i64) -> Decimal {
    match part {
        Part::Energy => kilowatt_hours(used),
        Part::Time | Part::Parking => minutes(used),
    }
}

/// The sum of amounts of a currency in its smallest unit.
pub(in crate::embedded) fn total(
    currency: Currency,
    amounts: impl Iterator<Item = Decimal>,
) -> Result<i64, NoPrice> {
    let mut sum: i64 = 0;
    for amount in amounts {
        let minor = amount.units_at(currency.digits()).ok_or(NoPrice)?;
        sum = sum.checked_add(minor).ok_or(NoPrice)?;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests;
