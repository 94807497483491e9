//! What charging costs, for those who have not charged yet.

use portal_api::{
    decimal::Decimal,
    portal::charge_points::{Terms, TimedPrice},
};

use crate::embedded::tariffs::{Rule, Tariff};

/// A tariff as it is told.
pub(super) fn terms(tariff: &Tariff) -> Terms {
    let price = |ten_thousandths| Decimal::new(ten_thousandths, 4);
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
        tax_included: tariff.tax_included,
        at_times: rules.into_iter().map(timed).collect(),
    }
}

fn timed(rule: &Rule) -> TimedPrice {
    let minute = |minute: i64| u16::try_from(minute).unwrap_or(0);
    TimedPrice {
        name: rule.name.clone(),
        part: rule.part.as_str().to_owned(),
        price: Decimal::new(rule.price, 4),
        days: (1..=7)
            .filter(|day| rule.days.has(u32::from(*day) - 1))
            .collect(),
        from_minute: minute(rule.from_minute),
        to_minute: minute(rule.to_minute),
    }
}
