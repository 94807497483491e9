//! What is odd about a bill, in words.

use leptos::prelude::*;
use portal_api::{bill::Finding, portal::SessionDetail, time::Instant};

use crate::{format, i18n::words, routes, ui::icon::Icon};

/// What is odd, if anything is.
#[component]
pub fn Findings(
    /// All about the session.
    detail: SessionDetail,
    /// Whether the reader may say that the cost is wrong because of it.
    #[prop(optional)]
    disputable: bool,
) -> impl IntoView {
    let findings = detail.findings();
    if findings.is_empty() {
        return ().into_any();
    }
    let lines = findings
        .iter()
        .map(|finding| line(finding, &detail, disputable))
        .collect_view();
    view! {
        <section class="card findings" aria-labelledby="findings">
            <h2 class="card-title" id="findings">
                <Icon name="alert" />
                {words::finding_title()}
            </h2>
            <ul>{lines}</ul>
        </section>
    }
    .into_any()
}

fn line(finding: &Finding, detail: &SessionDetail, disputable: bool) -> AnyView {
    let text = say(finding, detail);
    let said = match finding {
        Finding::Overlap { session_id } => {
            view! { <a href=routes::session(session_id)>{text}</a> }.into_any()
        }
        _ => view! { <span>{text}</span> }.into_any(),
    };
    let dispute = disputable.then(|| {
        let id = &detail.session.session_id;
        let href = routes::dispute_about_finding(id, finding.as_str());
        view! { <div><a class="cost-wrong" href=href>{words::dispute_finding()}</a></div> }
    });
    view! { <li>{said}{dispute}</li> }.into_any()
}

/// A finding as a sentence.
pub fn say(finding: &Finding, detail: &SessionDetail) -> String {
    let zone = detail.session.time_zone.as_deref();
    let clock = |at: Instant| format::clock(at, zone);
    match finding {
        Finding::TooMuchEnergy { most_kwh } => {
            let energy = detail.session.energy_kwh.map(format::energy);
            let most = format::energy(*most_kwh);
            words::finding_too_much_energy(&energy.unwrap_or_default(), &most)
        }
        Finding::CostWithoutEnergy => words::finding_cost_without_energy(),
        Finding::Overlap { .. } => words::finding_overlap(),
        Finding::EndBeforeStart => words::finding_end_before_start(),
        Finding::MeterRanBackwards { at } => words::finding_meter_backwards(&clock(*at)),
        Finding::LongerThanADay => words::finding_longer_than_a_day(),
    }
}
