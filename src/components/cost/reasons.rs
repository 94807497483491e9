//! Why a line costs what it costs, in plain sentences.

use portal_api::{
    decimal::Decimal,
    dynamo::cost::{Component, ComponentKind, CostBreakdown},
};

use crate::{format, i18n::words};

/// The sentences, in the order in which one would ask.
pub fn reasons(line: &Component, cost: &CostBreakdown, zone: Option<&str>) -> Vec<String> {
    [
        calculation(line, cost),
        price(line, zone),
        blocks(line),
        free(line),
        rounding(line, cost),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `21.6 kWh at €0.41 per kWh`
fn calculation(line: &Component, cost: &CostBreakdown) -> Option<String> {
    let quantity = line.quantity?;
    let price = format::unit_price(line.unit_price?, cost.currency);
    Some(match line.unit.as_deref() {
        Some("kWh") => words::cost_times_kwh(&format::exact_energy(quantity), &price),
        Some("minute") => words::cost_times_minute(&minutes(quantity), &price),
        Some("session") => words::cost_times_session(&price),
        _ => words::cost_times_other(&format::exact(quantity), &price),
    })
}

/// Which price held, and from when to when.
fn price(line: &Component, zone: Option<&str>) -> Option<String> {
    let from = format::clock(line.from?, zone);
    let to = format::clock(line.to?, zone);
    Some(match &line.rule {
        Some(rule) => words::cost_why_rule(&from, rule, &to),
        None => words::cost_why_usual(&from, &to),
    })
}

/// `You paid 45 min for 42 min: …`
fn blocks(line: &Component) -> Option<String> {
    let (used, step, quantity) = (line.used?, line.step?, line.quantity?);
    Some(match line.kind {
        ComponentKind::Energy => words::cost_why_blocks_energy(
            &format::exact_energy(quantity),
            &format::exact_energy(step),
            &format::exact_energy(used),
        ),
        ComponentKind::Time => {
            words::cost_why_blocks_time(&minutes(quantity), &minutes(step), &minutes(used))
        }
        _ => words::cost_why_blocks_parking(&minutes(quantity), &minutes(step), &minutes(used)),
    })
}

fn free(line: &Component) -> Option<String> {
    Some(words::cost_why_free(&minutes(line.free?)))
}

/// What was rounded: said only where something was.
fn rounding(line: &Component, cost: &CostBreakdown) -> Option<String> {
    let (quantity, price) = (line.quantity?, line.unit_price?);
    let exact = Decimal::new(quantity.product_at(price, EXACT)?, EXACT);
    if exact == line.amount {
        return None;
    }
    let exact = format::exact_money(exact, cost.currency);
    let amount = format::exact_money(line.amount, cost.currency);
    Some(words::cost_why_rounded(&amount, &exact))
}

/// Quantities have three digits after the point at most, prices four.
const EXACT: u32 = 7;

fn minutes(minutes: Decimal) -> String {
    words::unit_minutes(&format::exact(minutes))
}
