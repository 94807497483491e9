//! Our own check comes first: what is odd about the bill, or what explains it.

use leptos::prelude::*;
use portal_api::{
    dynamo::cost::{Component, CostBreakdown},
    portal::SessionDetail,
};

use super::typed::Filing;
use crate::{
    components::{cost::reasons::reasons, findings},
    format,
    i18n::words,
    run::live,
    ui::{button::Button, icon::Icon},
};

/// What our own check says about the number that is said to be wrong.
#[component]
pub fn Check(
    /// All about the session.
    detail: SessionDetail,
    /// Its cost, line by line.
    cost: Option<CostBreakdown>,
    /// What is said.
    filing: Filing,
) -> impl IntoView {
    take_over_asked_for(&detail, filing);
    let odd = odd(&detail, cost.as_ref());
    let calm = odd.is_empty().then(|| {
        let text = if cost.is_some() {
            words::check_calm()
        } else {
            words::check_unknown()
        };
        view! { <p>{text}</p> }
    });
    let odd = odd
        .into_iter()
        .map(|text| view! { <Odd text filing /> })
        .collect_view();
    let zone = detail.session.time_zone;
    let explained = move || {
        let line = filing.line.get();
        let cost = cost.as_ref()?;
        let lines: Vec<String> = cost
            .components
            .iter()
            .filter(|component| component.kind.as_str() == line)
            .flat_map(|component| reasons(component, cost, zone.as_deref()))
            .collect();
        let title = if cost
            .components
            .iter()
            .any(|component| component.kind.as_str() == line && is_explained(component))
        {
            words::check_explains()
        } else {
            words::check_how()
        };
        let lines = lines
            .into_iter()
            .map(|text| view! { <li>{text}</li> })
            .collect::<Vec<_>>();
        (!lines.is_empty()).then(|| view! { <p>{title}</p><ul class="check-reasons">{lines}</ul> })
    };
    view! {
        <section class="card" aria-labelledby="check">
            <h2 class="card-title" id="check">{words::check_title()}</h2>
            {calm}
            {odd}
            <div role="status">{live(explained)}</div>
            <p class="facts-note">{words::check_still()}</p>
        </section>
    }
}

/// Makes what the address asks for the reason, once.
fn take_over_asked_for(detail: &SessionDetail, filing: Filing) {
    let asked_for = filing.finding.try_update_value(Option::take).flatten();
    let findings = detail.findings();
    let found = findings
        .iter()
        .find(|finding| asked_for.as_deref() == Some(finding.as_str()));
    if let Some(finding) = found {
        filing.take_over(&findings::say(finding, detail));
    }
}

/// Whether a rule says why a line is more than one would reckon.
fn is_explained(line: &Component) -> bool {
    line.step.is_some() || line.free.is_some() || line.rule.is_some()
}

/// What doesn't make sense, a sentence each.
fn odd(detail: &SessionDetail, cost: Option<&CostBreakdown>) -> Vec<String> {
    let found = detail.findings();
    let mut odd: Vec<String> = found
        .iter()
        .map(|finding| findings::say(finding, detail))
        .collect();
    odd.extend(cost.and_then(|cost| {
        let difference = format::money(cost.unexplained()?);
        let sum = format::money(cost.sum()?);
        let total = format::exact_money(cost.total_cost?, cost.currency);
        Some(words::cost_difference(&difference, &sum, &total))
    }));
    odd
}

/// Something odd, to be taken over as the reason.
#[component]
fn Odd(text: String, filing: Filing) -> impl IntoView {
    let reason = text.clone();
    let label = [&words::check_take_over(), ": ", &text].concat();
    let take_over = move |()| filing.take_over(&reason);
    view! {
        <p class="check-odd"><Icon name="alert" />{text}</p>
        <Button text=words::check_take_over() label on_press=take_over />
    }
}
