//! How often the system that keeps a group's limits may still be asked.

use leptos::prelude::*;
use portal_api::petit_monde::usage::{Period, Usage};

use crate::{format, i18n::words};

/// How often the system elsewhere may still be asked.
#[component]
pub fn Requests(
    /// As the server counts.
    usage: Usage,
) -> impl IntoView {
    let left = |period: Option<Period>| {
        let period = period?;
        let number = |count: i64| format::integer(count.try_into().unwrap_or_default());
        let left = words::group_requests_left(&number(period.remaining), &number(period.limit));
        let until = period.reset_at.map(format::day_and_clock);
        let until = until.map(|at| words::group_requests_until(&at));
        Some((left, until))
    };
    let lines = [
        (words::group_requests_minute(), left(usage.rate_limit)),
        (words::group_requests_month(), left(usage.quota)),
    ];
    let lines = lines.into_iter().filter_map(|(name, left)| {
        let (left, until) = left?;
        Some(view! {
            <dt>{name}</dt>
            <dd>
                {left}
                <br />
                <span class="facts-note">{until}</span>
            </dd>
        })
    });
    view! {
        <section class="card" aria-labelledby="requests">
            <h2 class="card-title" id="requests">{words::group_requests()}</h2>
            <p>{words::group_requests_text()}</p>
            <dl class="facts">{lines.collect_view()}</dl>
        </section>
    }
}
