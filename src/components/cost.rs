//! What a session cost: every line with its amount, and behind each the reason.

pub mod reasons;

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    dynamo::cost::{Adjustment, AdjustmentKind, Component, ComponentKind, CostBreakdown},
};

use self::reasons::reasons;
use crate::{format, i18n::words, routes, ui::icon::Icon};

/// The cost of a session.
#[component]
pub fn Cost(
    /// Line by line.
    cost: CostBreakdown,
    /// The place's time zone.
    zone: Option<String>,
    /// Whether the reader may say that a number is wrong.
    #[prop(optional)]
    disputable: bool,
) -> impl IntoView {
    let wrong = |line: Option<&str>| {
        let href = routes::dispute_about(&cost.session_id, line);
        disputable.then(|| view! { <a class="cost-wrong" href=href>{words::dispute_link()}</a> })
    };
    let components = cost
        .components
        .iter()
        .map(|line| {
            let wrong = wrong(Some(line.kind.as_str()));
            let wrong = wrong.map(|link| view! { <li>{link}</li> }).into_any();
            component(line, &cost, zone.as_deref(), wrong)
        })
        .collect_view();
    let adjustments = cost
        .adjustments
        .iter()
        .map(|line| {
            let wrong = wrong(Some(line.kind.as_str()));
            let wrong = wrong.map(|link| view! { <ul class="cost-reasons"><li>{link}</li></ul> });
            adjustment(line, &cost, wrong.into_any())
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="cost">
            <h2 class="card-title" id="cost">{words::cost_title()}</h2>
            {cost.tariff_name.clone().map(|name| view! {
                <p class="cost-tariff">{words::cost_tariff(&name)}</p>
            })}
            <ul class="cost-lines">{components}{adjustments}</ul>
            <Totals cost=cost.clone() />
            {wrong(None)}
        </section>
    }
}

fn component(
    line: &Component,
    cost: &CostBreakdown,
    zone: Option<&str>,
    wrong: AnyView,
) -> AnyView {
    let title = match &line.rule {
        Some(rule) => [&name(&line.kind), " · ", rule].concat(),
        None => name(&line.kind),
    };
    let reasons = reasons(line, cost, zone)
        .into_iter()
        .map(|reason| view! { <li>{reason}</li> })
        .collect_view();
    view! {
        <li>
            <details class="cost-line">
                <summary>
                    <Icon name="next" />
                    <span class="cost-name">{title}</span>
                    <span class="cost-amount">{amount(cost, line.amount)}</span>
                </summary>
                <ul class="cost-reasons">{reasons}{wrong}</ul>
            </details>
        </li>
    }
    .into_any()
}

/// What a line is for.
pub fn name(kind: &ComponentKind) -> String {
    match kind {
        ComponentKind::Energy => words::cost_energy(),
        ComponentKind::Time => words::cost_time(),
        ComponentKind::Flat => words::cost_flat(),
        ComponentKind::Parking => words::cost_parking(),
        ComponentKind::Other(word) => words::status_as_sent(word),
    }
}

/// What an adjustment is for.
pub fn adjustment_name(kind: &AdjustmentKind, reference: Option<&str>) -> String {
    match kind {
        // Where nobody knows which code it was, it is still said to be one.
        AdjustmentKind::PromotionalCode => words::cost_code(reference.unwrap_or_default())
            .trim_end()
            .to_owned(),
        AdjustmentKind::Discount => words::cost_discount(),
        AdjustmentKind::Credit => words::cost_credit(),
        AdjustmentKind::Other(word) => words::status_as_sent(word),
    }
}

/// What the line of that word is for.
pub fn line_name(word: &str) -> String {
    match ComponentKind::of_word(word) {
        ComponentKind::Other(word) => adjustment_name(&AdjustmentKind::of_word(&word), None),
        kind => name(&kind),
    }
}

fn adjustment(line: &Adjustment, cost: &CostBreakdown, wrong: AnyView) -> AnyView {
    let name = adjustment_name(&line.kind, line.reference.as_deref());
    let percent = line.percent.map(format::percent);
    view! {
        <li>
            <p class="cost-line cost-plain">
                <span class="cost-name">{name} {percent.map(|percent| [" (", &percent, ")"].concat())}</span>
                <span class="cost-amount">{amount(cost, line.amount)}</span>
            </p>
            {wrong}
        </li>
    }
    .into_any()
}

/// An amount of the cost, exactly as it came.
fn amount(cost: &CostBreakdown, amount: Decimal) -> String {
    format::exact_money(amount, cost.currency)
}

/// Subtotal, tax, total; and whether they make sense together.
#[component]
fn Totals(cost: CostBreakdown) -> impl IntoView {
    let rate = cost
        .tax_rate_percent
        .map(format::percent)
        .unwrap_or_default();
    let tax = if cost.tax_included {
        words::cost_tax_included(&rate)
    } else {
        words::cost_tax(&rate)
    };
    let subtotal = cost.subtotal.filter(|_| !cost.tax_included);
    let line = |name: String, value: Option<Decimal>, kind: &'static str| {
        value.map(|value| {
            view! {
                <div class="cost-total" data-kind=kind>
                    <dt>{name}</dt>
                    <dd>{amount(&cost, value)}</dd>
                </div>
            }
        })
    };
    let before = (
        line(words::cost_subtotal(), subtotal, "part"),
        (!cost.tax_included).then(|| line(tax.clone(), cost.tax_amount, "part")),
    );
    let after = cost
        .tax_included
        .then(|| line(tax, cost.tax_amount, "within"));
    view! {
        <dl class="cost-totals">
            {before}
            {line(words::cost_total(), cost.total_cost, "total")}
            {after}
        </dl>
        {unexplained(&cost)}
    }
}

/// A difference is said, never hidden.
fn unexplained(cost: &CostBreakdown) -> Option<impl IntoView + use<>> {
    let difference = cost.unexplained()?;
    let sum = format::money(cost.sum()?);
    let total = amount(cost, cost.total_cost?);
    Some(view! {
        <p class="cost-difference" role="note">
            <Icon name="alert" />
            {words::cost_difference(&format::money(difference), &sum, &total)}
        </p>
    })
}
