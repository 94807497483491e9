//! What a charge costs: whole numbers only, each line rounded half up to the
//! currency's smallest unit, tax on top.
//!
//! A tariff is never changed once a session was priced by it; a new price is a
//! new tariff.

use portal_api::money::Currency;

/// How many of the units that prices are kept in make one of the major unit.
const PRICE_UNITS: i128 = 10_000;

/// A hundred percent, in the hundredths of a percent that rates are kept in.
const WHOLE: i128 = 10_000;

/// What one charges for. Prices are in ten-thousandths of the major unit and
/// without tax.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tariff {
    /// Prefix `tariff_`.
    pub id: String,
    /// What the operator calls it.
    pub name: String,
    /// Of every price in it.
    pub currency: Currency,
    /// For a kilowatt-hour.
    pub per_kwh: i64,
    /// For a minute of charging.
    pub per_minute: i64,
    /// For the session as such.
    pub per_session: i64,
    /// For a minute in which the car is plugged in and no longer charges.
    pub idle_per_minute: i64,
    /// How many seconds of that are free.
    pub idle_grace_seconds: i64,
    /// Energy is sold in whole steps of so many watt-hours, 1 at least.
    pub energy_step_wh: i64,
    /// Time is sold in whole steps of so many seconds, 1 at least.
    pub time_step_seconds: i64,
    /// On top of everything, in hundredths of a percent.
    pub tax_rate: i64,
}

/// What a driver used.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Usage {
    /// What went into the car.
    pub energy_wh: i64,
    /// How long it charged.
    pub charging_seconds: i64,
    /// How long it stood there afterwards.
    pub idle_seconds: i64,
}

/// What that costs, line by line, in the currency's smallest unit.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Lines {
    /// For the energy.
    pub energy: i64,
    /// For the time of charging.
    pub time: i64,
    /// For the session as such.
    pub flat: i64,
    /// For the time after charging.
    pub parking: i64,
    /// Taken off: zero or less.
    pub discount: i64,
    /// On top of all of it.
    pub tax: i64,
}

impl Lines {
    /// All but the tax.
    pub const fn subtotal(&self) -> i64 {
        self.energy + self.time + self.flat + self.parking + self.discount
    }

    /// What the driver pays.
    pub const fn total(&self) -> i64 {
        self.subtotal() + self.tax
    }
}

/// The sum is beyond what can be kept, or something is negative that never is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the price cannot be worked out")]
pub struct NoPrice;

impl Tariff {
    /// What `usage` costs with `discount_rate` hundredths of a percent off.
    pub fn price(&self, usage: Usage, discount_rate: i64) -> Result<Lines, NoPrice> {
        let energy = steps(usage.energy_wh, self.energy_step_wh)?;
        let time = steps(usage.charging_seconds, self.time_step_seconds)?;
        let idle = usage.idle_seconds.saturating_sub(self.idle_grace_seconds);
        let parking = steps(idle.max(0), self.time_step_seconds)?;
        let mut lines = Lines {
            energy: self.line(energy, self.per_kwh, 1_000)?,
            time: self.line(time, self.per_minute, 60)?,
            flat: self.line(1, self.per_session, 1)?,
            parking: self.line(parking, self.idle_per_minute, 60)?,
            ..Lines::default()
        };
        lines.discount = -share(lines.subtotal(), discount_rate)?;
        lines.tax = share(lines.subtotal(), self.tax_rate)?;
        Ok(lines)
    }

    /// `quantity` at `price` for every `per` of it.
    fn line(&self, quantity: i128, price: i64, per: i128) -> Result<i64, NoPrice> {
        let minor_units = 10_i128.pow(self.currency.digits());
        let product = quantity
            .checked_mul(i128::from(price))
            .and_then(|product| product.checked_mul(minor_units))
            .filter(|product| *product < i128::MAX / 4)
            .ok_or(NoPrice)?;
        half_up(product, per * PRICE_UNITS)
    }
}

/// `quantity` up to the next whole `step`.
fn steps(quantity: i64, step: i64) -> Result<i128, NoPrice> {
    if quantity < 0 || step < 1 {
        return Err(NoPrice);
    }
    let (quantity, step) = (i128::from(quantity), i128::from(step));
    Ok((quantity + step - 1) / step * step)
}

/// `rate` hundredths of a percent of `amount`.
fn share(amount: i64, rate: i64) -> Result<i64, NoPrice> {
    half_up(i128::from(amount) * i128::from(rate), WHOLE)
}

/// The quotient of two numbers that are not negative, a half rounded up.
fn half_up(dividend: i128, divisor: i128) -> Result<i64, NoPrice> {
    if dividend < 0 || divisor <= 0 {
        return Err(NoPrice);
    }
    i64::try_from((2 * dividend + divisor) / (2 * divisor))
        .ok()
        .filter(|amount| *amount < MOST)
        .ok_or(NoPrice)
}

/// More than any charge costs, and far from what overflows when summed.
const MOST: i64 = 1_000_000_000_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tariff(currency: &str) -> Tariff {
        Tariff {
            id: "tariff_test".into(),
            name: "Test".into(),
            currency: Currency::new(currency).unwrap(),
            per_kwh: 35_000,
            per_minute: 0,
            per_session: 0,
            idle_per_minute: 10_000,
            idle_grace_seconds: 600,
            energy_step_wh: 1,
            time_step_seconds: 60,
            tax_rate: 2_500,
        }
    }

    fn usage(energy_wh: i64, charging_seconds: i64, idle_seconds: i64) -> Usage {
        Usage {
            energy_wh,
            charging_seconds,
            idle_seconds,
        }
    }

    #[test]
    fn a_charge_with_parking_and_tax_is_priced_line_by_line() {
        let lines = tariff("NOK").price(usage(21_600, 2_340, 780), 0).unwrap();
        assert_eq!(lines.energy, 7_560);
        assert_eq!(lines.parking, 300);
        assert_eq!(lines.tax, 1_965);
        assert_eq!(lines.total(), 9_825);
    }

    #[test]
    fn a_discount_comes_off_before_the_tax() {
        let lines = tariff("NOK").price(usage(10_000, 600, 0), 1_000).unwrap();
        assert_eq!((lines.energy, lines.discount), (3_500, -350));
        assert_eq!(lines.subtotal(), 3_150);
        assert_eq!(lines.tax, 788);
    }

    #[test]
    fn a_half_is_rounded_up_and_less_is_not() {
        let mut cheap = tariff("EUR");
        cheap.tax_rate = 0;
        cheap.per_kwh = 50;
        assert_eq!(cheap.price(usage(1_000, 0, 0), 0).unwrap().energy, 1);
        assert_eq!(cheap.price(usage(999, 0, 0), 0).unwrap().energy, 0);
    }

    #[test]
    fn energy_and_time_are_sold_in_whole_steps() {
        let mut stepped = tariff("EUR");
        stepped.energy_step_wh = 1_000;
        stepped.per_minute = 1_000;
        let lines = stepped.price(usage(1_001, 61, 0), 0).unwrap();
        assert_eq!((lines.energy, lines.time), (700, 20));
    }

    #[test]
    fn the_grace_is_free_and_only_what_comes_after_it_costs() {
        let tariff = tariff("EUR");
        assert_eq!(tariff.price(usage(0, 0, 600), 0).unwrap().parking, 0);
        assert_eq!(tariff.price(usage(0, 0, 601), 0).unwrap().parking, 100);
    }

    #[test]
    fn each_currency_is_rounded_to_its_own_digits() {
        for (currency, energy) in [("JPY", 39), ("EUR", 3_885), ("BHD", 38_850)] {
            let lines = tariff(currency).price(usage(11_100, 0, 0), 0).unwrap();
            assert_eq!(lines.energy, energy, "{currency}");
        }
    }

    #[test]
    fn what_makes_no_sense_has_no_price() {
        assert_eq!(tariff("EUR").price(usage(-1, 0, 0), 0), Err(NoPrice));
        assert_eq!(tariff("EUR").price(usage(i64::MAX, 0, 0), 0), Err(NoPrice));
        let mut broken = tariff("EUR");
        broken.energy_step_wh = 0;
        assert_eq!(broken.price(usage(1, 0, 0), 0), Err(NoPrice));
    }

    proptest! {
        #[test]
        fn more_energy_never_costs_less(
            energy in 0_i64..200_000,
            more in 0_i64..10_000,
            discount in 0_i64..=10_000,
        ) {
            let tariff = tariff("CHF");
            let less = tariff.price(usage(energy, 0, 0), discount).unwrap();
            let more = tariff.price(usage(energy + more, 0, 0), discount).unwrap();
            prop_assert!(less.total() <= more.total());
            prop_assert!(less.total() >= 0);
        }
    }
}
