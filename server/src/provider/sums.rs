//! What sessions add up to, whoever they come from.

use std::{cmp::Reverse, collections::BTreeMap};

use portal_api::{
    decimal::Decimal,
    money::{Currency, Money},
    portal::{Cost, MonthTotals, SessionSummary, Site},
    time::Month,
};

/// Sums that grow, by month and currency.
#[derive(Debug, Default)]
pub struct Sums(BTreeMap<(Reverse<i32>, Option<Currency>), Sum>);

#[derive(Debug, Default)]
struct Sum {
    sessions: u64,
    energy_wh: i64,
    cost_minor: i64,
}

impl Sums {
    /// Adds sessions of one month and currency.
    pub fn add(
        &mut self,
        month: Month,
        currency: Option<Currency>,
        sessions: u64,
        energy_wh: i64,
        cost_minor: i64,
    ) {
        let sum = self
            .0
            .entry((Reverse(month.number()), currency))
            .or_default();
        sum.sessions = sum.sessions.saturating_add(sessions);
        sum.energy_wh = sum.energy_wh.saturating_add(energy_wh);
        sum.cost_minor = sum.cost_minor.saturating_add(cost_minor);
    }

    /// The sums, newest month first, with the places in the order of their names.
    pub fn summary(self, mut sites: Vec<Site>) -> SessionSummary {
        let mut months: Vec<MonthTotals> = Vec::new();
        let mut energy_wh = 0_i64;
        for ((Reverse(number), currency), sum) in self.0 {
            let Some(month) = Month::from_number(number) else {
                continue;
            };
            if months.last().is_none_or(|last| last.month != month) {
                energy_wh = 0;
                months.push(empty(month));
            }
            if let Some(totals) = months.last_mut() {
                energy_wh = energy_wh.saturating_add(sum.energy_wh);
                totals.energy_kwh = Decimal::new(energy_wh, 3);
                totals.sessions += sum.sessions;
                totals.costs.extend(currency.map(|currency| Cost {
                    amount: Money::new(sum.cost_minor, currency).major(),
                    currency,
                }));
            }
        }
        sites.sort_by_cached_key(|site| (site.name.to_lowercase(), site.site_id.clone()));
        SessionSummary {
            disputes: Vec::new(),
            total: months.iter().map(|month| month.sessions).sum(),
            months,
            sites,
        }
    }
}

fn empty(month: Month) -> MonthTotals {
    MonthTotals {
        month,
        sessions: 0,
        energy_kwh: Decimal::new(0, 3),
        costs: Vec::new(),
    }
}
