//! What charging costs, for those who have not charged yet.

use portal_api::{
    decimal::Decimal,
    portal::charge_points::{Terms, TimedPrice},
};

use crate::embedded::tariffs::{Rule, Tariff};

/// A price in ten-thousandths with the tax that comes on top of it, a half rounded up.
fn with_tax(price: i64, rate: i64) -> Decimal {
    const WHOLE: i128 = 10_000;
    let taxed = i128::from(price) * (WHOLE + i128::from(rate)) + WHOLE / 2;
    let taxed = i64::try_from(taxed.div_euclid(WHOLE));
    Decimal::new(taxed.unwrap_or(price), 4)
}

/// A tariff as it is told: in prices that drivers pay.
pub(super) fn terms(tariff: &Tariff) -> Terms {
    let on_top = if tariff.tax_included {
        0
    } else {
        tariff.tax_rate
    };
    let price = |ten_thousandths| with_tax(ten_thousandths, on_top);
    let mut rules: Vec<&Rule> = tariff.rules.iter().collect();
    rules.sort_by_key(|rule| rule.priority);
    Terms {
        name: tariff.name.clone(),
        currency: tariff.currency,
        per_kwh: price(tariff.per_kwh),
        per_minute: price(tariff.per_minute),
        per_session: price(tariff.per_session),
        idle_per_minute: price(tariff.idle_per_minute),
        idle_free_minutes: u32::try_from(tariff.idle_grace_seconds / 60).unwrap_or(0),
        tax_percent: Decimal::new(tariff.tax_rate, 2),
        at_times: rules.into_iter().map(|rule| timed(rule, on_top)).collect(),
    }
}

fn timed(rule: &Rule, on_top: i64) -> TimedPrice {
    let minute = |minute: i64| u16::try_from(minute).unwrap_or(0);
    TimedPrice {
        name: rule.name.clone(),
        part: rule.part.as_str().to_owned(),
        price: with_tax(rule.price, on_top),
        days: (1..=7)
            .filter(|day| rule.days.has(u32::from(*day) - 1))
            .collect(),
        from_minute: minute(rule.from_minute),
        to_minute: minute(rule.to_minute),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_that_comes_on_top_is_in_every_price() {
        let of = |price, rate| with_tax(price, rate).to_string();
        assert_eq!(of(4_917, 2_000), "0.5900");
        assert_eq!(of(4_917, 0), "0.4917");
        assert_eq!(of(5_000, 810), "0.5405");
    }
}
