//! The lines of a cost as a receipt says them: what, how much, at what price,
//! and why.

use chrono_tz::Tz;
use portal_api::{
    decimal::Decimal,
    dynamo::cost::{Adjustment, AdjustmentKind, Component, ComponentKind, CostBreakdown},
    language::Language,
    time::Instant,
};

use super::{
    format::{number, percent, price},
    receipt::{Charge, Tax},
    words::lines::{self, lines},
};

/// Every line of a cost, as of a place's clock; `None` if an amount has more
/// digits than its currency.
pub fn charges(cost: &CostBreakdown, zone: Tz, language: Language) -> Option<Vec<Charge>> {
    let sheet = Sheet {
        cost,
        zone,
        language,
    };
    let components = cost.components.iter().map(|line| sheet.component(line));
    let adjustments = cost.adjustments.iter().map(|line| sheet.adjustment(line));
    components.chain(adjustments).collect()
}

/// The tax of a cost; `None` if it cannot be said exactly.
pub fn tax(cost: &CostBreakdown) -> Option<Tax> {
    let tax = cost.money(cost.tax_amount?)?;
    let mut net = cost.money(cost.subtotal?)?;
    if cost.tax_included {
        net.minor = net.minor.checked_sub(tax.minor)?;
    }
    let rate = cost.tax_rate_percent?;
    Some(Tax { rate, net, tax })
}

struct Sheet<'a> {
    cost: &'a CostBreakdown,
    zone: Tz,
    language: Language,
}

impl Sheet<'_> {
    fn component(&self, line: &Component) -> Option<Charge> {
        let names = lines(self.language);
        let name = match &line.kind {
            ComponentKind::Energy => names.energy,
            ComponentKind::Time => names.time,
            ComponentKind::Flat => names.flat,
            ComponentKind::Parking => names.parking,
            ComponentKind::Other(word) => word,
        };
        let details = self.details(line);
        let unit_price = line
            .unit_price
            .map(|amount| price(amount, self.cost.currency, self.language));
        Some(Charge {
            text: name.to_owned(),
            detail: (!details.is_empty()).then(|| details.join(" · ")),
            quantity: line
                .quantity
                .map(|quantity| self.amount(quantity, line))
                .unwrap_or_default(),
            unit_price: unit_price.unwrap_or_default(),
            amount: self.cost.money(line.amount)?,
        })
    }

    /// Why a line is as much as it is.
    fn details(&self, line: &Component) -> Vec<String> {
        let mut details = Vec::new();
        details.extend(line.rule.clone());
        if let (Some(from), Some(to)) = (line.from, line.to) {
            details.extend(self.span(from, to));
        }
        if let (Some(sold), Some(used), Some(step)) = (line.quantity, line.used, line.step) {
            let amount = |much| self.amount(much, line);
            let (sold, used, step) = (amount(sold), amount(used), amount(step));
            details.push(lines::blocks(self.language, &sold, &used, &step));
        }
        if let Some(free) = line.free.filter(|free| !free.is_zero()) {
            details.push(lines::free(self.language, &self.amount(free, line)));
        }
        details
    }

    /// From when to when, by the place's clock.
    fn span(&self, from: Instant, to: Instant) -> Option<String> {
        let clock = |at: Instant| Some(at.utc()?.with_timezone(&self.zone).format("%H:%M"));
        Some(format!("{}–{}", clock(from)?, clock(to)?))
    }

    /// So much of what a line is for.
    fn amount(&self, much: Decimal, line: &Component) -> String {
        let figures = number(much, self.language);
        match line.unit.as_deref() {
            Some("minute") => format!("{figures}\u{a0}min"),
            Some("session") | None => figures,
            Some(unit) => format!("{figures}\u{a0}{unit}"),
        }
    }

    fn adjustment(&self, line: &Adjustment) -> Option<Charge> {
        let names = lines(self.language);
        let reference = line.reference.as_deref().unwrap_or_default();
        let (text, detail) = match &line.kind {
            AdjustmentKind::PromotionalCode => (lines::code(self.language, reference), None),
            AdjustmentKind::Discount => (names.discount.to_owned(), None),
            AdjustmentKind::Credit => (names.credit.to_owned(), Some(reference.to_owned())),
            AdjustmentKind::Other(word) => (word.clone(), Some(reference.to_owned())),
        };
        let share = line.percent.map(|share| percent(share, self.language));
        Some(Charge {
            text,
            detail: detail.filter(|detail| !detail.is_empty()),
            quantity: share.unwrap_or_default(),
            unit_price: String::new(),
            amount: self.cost.money(line.amount)?,
        })
    }
}
