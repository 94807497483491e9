//! What a session cost, line by line, and why.
//!
//! The documented fields are enough to add it up; the others, all optional, are
//! ours and say which rule applied, from when to when, and what was rounded.

use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    money::{Currency, Money},
    time::Instant,
    word::open_words,
};

/// `GET /api/v1/portal/sessions/{id}/cost-breakdown`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct CostBreakdown {
    /// Prefix `sess_`.
    pub session_id: String,
    /// Of every amount in it.
    pub currency: Currency,
    /// What it was priced by.
    #[serde(default)]
    pub tariff_id: Option<String>,
    /// What was used, at which price.
    #[serde(default)]
    pub components: Vec<Component>,
    /// What was taken off or put on afterwards.
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
    /// All of the above.
    #[serde(default)]
    pub subtotal: Option<Decimal>,
    /// Percent of the subtotal.
    #[serde(default)]
    pub tax_rate_percent: Option<Decimal>,
    /// On top of the subtotal, or contained in it.
    #[serde(default)]
    pub tax_amount: Option<Decimal>,
    /// What the driver pays.
    #[serde(default)]
    pub total_cost: Option<Decimal>,
    /// Ours: what the operator calls the tariff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff_name: Option<String>,
    /// Ours: whether the prices contain the tax; else it comes on top.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tax_included: bool,
}

/// One line: so much of something, at a price.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Component {
    /// What was used.
    #[serde(rename = "type")]
    pub kind: ComponentKind,
    /// How much of it is paid for.
    #[serde(default)]
    pub quantity: Option<Decimal>,
    /// `kWh`, `minute` or `session`.
    #[serde(default)]
    pub unit: Option<String>,
    /// For one unit, in the major unit of the currency.
    #[serde(default)]
    pub unit_price: Option<Decimal>,
    /// Quantity times price, rounded half up to the currency's digits.
    pub amount: Decimal,
    /// Ours: how much was really used, where that differs from what is paid for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Decimal>,
    /// Ours: it is sold in whole steps of so much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Decimal>,
    /// Ours: so much of it was free before it began to cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<Decimal>,
    /// Ours: the tariff's rule that set the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Ours: from when the price held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// Ours: until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Instant>,
}

open_words! {
    /// What a line is for.
    pub enum ComponentKind {
        /// What went into the car.
        Energy = "energy",
        /// The time of charging.
        Time = "time",
        /// The session as such.
        Flat = "flat",
        /// The time after charging.
        Parking = "parking",
    }
}

/// One thing taken off (less than zero) or put on.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Adjustment {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: AdjustmentKind,
    /// The code, the rule or the dispute it comes from.
    #[serde(default)]
    pub reference: Option<String>,
    /// In the major unit of the currency.
    pub amount: Decimal,
    /// Ours: percent of what stands above it, if it is a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Decimal>,
}

open_words! {
    /// What an adjustment is.
    pub enum AdjustmentKind {
        /// A code that the driver had.
        PromotionalCode = "promotional_code",
        /// What this driver always gets off.
        Discount = "discount",
        /// Ours: what a dispute gave back.
        Credit = "credit",
    }
}

impl CostBreakdown {
    /// An amount of it; `None` if it has more digits than the currency.
    pub fn money(&self, amount: Decimal) -> Option<Money> {
        Money::from_major(amount, self.currency)
    }

    /// What the lines add up to, tax and all; `None` if that cannot be said exactly.
    pub fn sum(&self) -> Option<Money> {
        let tax = self.tax_amount.filter(|_| !self.tax_included);
        let zero = Money::new(0, self.currency);
        let components = self.components.iter().map(|line| line.amount);
        let adjustments = self.adjustments.iter().map(|line| line.amount);
        components
            .chain(adjustments)
            .chain(tax)
            .try_fold(zero, |sum, amount| sum.checked_add(self.money(amount)?))
    }

    /// What is charged beyond what the lines add up to (less than zero if less is
    /// charged); `None` if nothing is, or nobody can say.
    pub fn unexplained(&self) -> Option<Money> {
        let total = self.money(self.total_cost?)?;
        let minor = total.minor.checked_sub(self.sum()?.minor)?;
        (minor != 0).then(|| Money::new(minor, self.currency))
    }

    /// What the total would be without the lines of that word, tax and all, more if they
    /// took something off; `None` if there is none, or nobody can tell.
    pub fn without(&self, line: &str) -> Option<Money> {
        let components = self.components.iter();
        let components = components.map(|line| (line.kind.as_str(), line.amount));
        let adjustments = self.adjustments.iter();
        let adjustments = adjustments.map(|line| (line.kind.as_str(), line.amount));
        let mut found = false;
        let mut amount = 0_i64;
        for (_, part) in components
            .chain(adjustments)
            .filter(|(word, _)| *word == line)
        {
            found = true;
            amount = amount.checked_add(self.money(part)?.minor)?;
        }
        let tax = match self.tax_rate_percent.filter(|_| !self.tax_included) {
            Some(rate) => added_tax(amount.checked_abs()?, rate.units_at(2)?)? * amount.signum(),
            None => 0,
        };
        let total = self.money(self.total_cost?)?;
        let rest = total.minor.checked_sub(amount.checked_add(tax)?)?;
        found.then(|| Money::new(rest.max(0), self.currency))
    }

    /// Whether it adds up to the last digit: every line, the subtotal, the tax and
    /// the total.
    pub fn adds_up(&self) -> bool {
        self.lines_are_exact()
            && self.subtotal_is_exact() == Some(true)
            && self.tax_is_exact() == Some(true)
            && self.total_cost.is_some_and(|total| !total.is_negative())
            && self.total_cost.and_then(|total| self.money(total)) == self.sum()
    }

    fn lines_are_exact(&self) -> bool {
        let digits = self.currency.digits();
        self.components.iter().all(|line| {
            let (Some(quantity), Some(price)) = (line.quantity, line.unit_price) else {
                return false;
            };
            let exact = quantity.product_at(price, digits);
            exact.is_some() && exact == line.amount.units_at(digits)
        })
    }

    fn subtotal_is_exact(&self) -> Option<bool> {
        let subtotal = self.money(self.subtotal?)?.minor;
        let on_top = self.tax_amount.filter(|_| !self.tax_included);
        let on_top = on_top.map_or(Some(0), |tax| Some(self.money(tax)?.minor))?;
        Some(self.sum()?.minor == subtotal.checked_add(on_top)?)
    }

    /// What a credit gives back is a round amount with its tax, so that the tax that
    /// is left may be one unit off the rate.
    fn tax_is_exact(&self) -> Option<bool> {
        let tax = self.money(self.tax_amount?)?.minor;
        let rate = self.tax_rate_percent?.units_at(2)?;
        let subtotal = self.money(self.subtotal?)?.minor;
        let exact = if self.tax_included {
            contained_tax(subtotal, rate)
        } else {
            added_tax(subtotal, rate)
        }?;
        let credited = |line: &Adjustment| line.kind == AdjustmentKind::Credit;
        let slack = i64::from(self.adjustments.iter().any(credited));
        Some((tax - exact).abs() <= slack)
    }
}

/// The tax on top of an amount that is not negative, by a rate in hundredths of a
/// percent, a half rounded up.
pub fn added_tax(net: i64, rate: i64) -> Option<i64> {
    half_up(i128::from(net) * i128::from(rate), 10_000)
}

/// The tax that an amount contains, by a rate in hundredths of a percent, a half
/// rounded up.
pub fn contained_tax(gross: i64, rate: i64) -> Option<i64> {
    half_up(
        i128::from(gross) * i128::from(rate),
        10_000 + i128::from(rate),
    )
}

/// The quotient of two numbers that are not negative, a half rounded up.
pub fn half_up(dividend: i128, divisor: i128) -> Option<i64> {
    if dividend < 0 || divisor <= 0 {
        return None;
    }
    i64::try_from(dividend.checked_mul(2)?.checked_add(divisor)? / (2 * divisor)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENTED: &str = r#"{ "session_id": "sess_1", "currency": "NOK", "tariff_id": "tariff_1",
        "components": [
          { "type": "energy", "quantity": 21.6, "unit": "kWh", "unit_price": 3.50, "amount": 75.60 },
          { "type": "parking", "quantity": 3, "unit": "minute", "unit_price": 1.00, "amount": 3.00 } ],
        "adjustments": [ { "type": "promotional_code", "reference": "VINTER10", "amount": -0.84 } ],
        "subtotal": 77.76, "tax_rate_percent": 25, "tax_amount": 19.44, "total_cost": 97.20 }"#;

    fn documented() -> CostBreakdown {
        serde_json::from_str(DOCUMENTED).unwrap()
    }

    #[test]
    fn the_documented_shape_is_read_and_adds_up() {
        let cost = documented();
        assert!(cost.adds_up());
        assert_eq!(cost.unexplained(), None);
        assert_eq!(cost.components[1].kind, ComponentKind::Parking);
        assert_eq!(cost.adjustments[0].kind, AdjustmentKind::PromotionalCode);
    }

    #[test]
    fn a_single_cent_anywhere_is_noticed() {
        type Change = fn(&mut CostBreakdown);
        let changes: [Change; 6] = [
            |cost| cost.components[0].amount = Decimal::new(75_61, 2),
            |cost| cost.adjustments[0].amount = Decimal::new(-85, 2),
            |cost| cost.subtotal = Some(Decimal::new(77_77, 2)),
            |cost| cost.tax_amount = Some(Decimal::new(19_45, 2)),
            |cost| cost.total_cost = Some(Decimal::new(97_21, 2)),
            |cost| cost.tax_rate_percent = Some(Decimal::new(2_501, 2)),
        ];
        for change in changes {
            let mut cost = documented();
            change(&mut cost);
            assert!(!cost.adds_up(), "{cost:?}");
        }
    }

    #[test]
    fn what_is_charged_beyond_the_lines_is_said_in_money() {
        let mut cost = documented();
        cost.total_cost = Some(Decimal::new(99_00, 2));
        assert_eq!(cost.unexplained(), Some(Money::new(180, cost.currency)));
    }

    #[test]
    fn a_line_is_taken_away_with_its_tax() {
        let mut cost = documented();
        let minor = |cost: &CostBreakdown, line| cost.without(line).map(|money| money.minor);
        assert_eq!(minor(&cost, "parking"), Some(93_45));
        assert_eq!(minor(&cost, "time"), None);
        cost.tax_included = true;
        assert_eq!(minor(&cost, "parking"), Some(94_20));
        cost.total_cost = None;
        assert_eq!(minor(&cost, "parking"), None);
    }

    #[test]
    fn what_was_taken_off_is_put_on_again_with_its_tax() {
        let mut cost = documented();
        let minor = |cost: &CostBreakdown, line| cost.without(line).map(|money| money.minor);
        assert_eq!(minor(&cost, "promotional_code"), Some(98_25));
        assert_eq!(minor(&cost, "discount"), None);
        cost.tax_included = true;
        assert_eq!(minor(&cost, "promotional_code"), Some(98_04));
        // A half is rounded away from nothing, also of what is less than that.
        cost.tax_included = false;
        cost.adjustments[0].amount = Decimal::new(-2, 2);
        assert_eq!(minor(&cost, "promotional_code"), Some(97_23));
        cost.adjustments[0].amount = Decimal::new(-1, 3);
        assert_eq!(minor(&cost, "promotional_code"), None);
    }

    #[test]
    fn contained_tax_is_not_added_again() {
        let mut cost = documented();
        cost.tax_included = true;
        cost.tax_amount = Some(Decimal::new(15_55, 2));
        cost.total_cost = cost.subtotal;
        assert!(cost.adds_up(), "{cost:?}");
    }

    #[test]
    fn unknown_words_and_missing_figures_break_nothing() {
        let cost: CostBreakdown = serde_json::from_str(
            r#"{ "session_id": "s", "currency": "EUR", "tariff_id": null,
                "components": [ { "type": "reservation", "amount": 1.5, "note": "x" } ],
                "adjustments": [ { "type": "loyalty", "reference": null, "amount": 0.123 } ] }"#,
        )
        .unwrap();
        assert_eq!(
            cost.components[0].kind,
            ComponentKind::Other("reservation".into())
        );
        assert_eq!(cost.sum(), None);
        assert!(!cost.adds_up());
    }
}
