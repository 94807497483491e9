//! What charging costs, in words, before anything is started.

use leptos::prelude::*;
use portal_api::portal::charge_points::{Terms, TimedPrice};

use crate::{
    format::{self, week},
    i18n::words,
};

/// The price of a kilowatt-hour in a few words; that there is none where
/// it is free.
pub fn in_short(terms: &Terms) -> String {
    if is_free(terms) {
        return words::tariff_free();
    }
    words::tariff_per_kwh(&format::unit_price(terms.per_kwh, terms.currency))
}

fn is_free(terms: &Terms) -> bool {
    let prices = [
        terms.per_kwh,
        terms.per_minute,
        terms.per_session,
        terms.idle_per_minute,
    ];
    prices.iter().all(|price| price.is_zero()) && terms.at_times.is_empty()
}

/// Everything that charging costs, one line each.
#[component]
pub fn TermsInWords(
    /// What it costs, if anybody knows.
    terms: Option<Terms>,
) -> impl IntoView {
    let Some(terms) = terms else {
        return view! { <p class="facts-note">{words::tariff_unknown()}</p> }.into_any();
    };
    if is_free(&terms) {
        return view! { <p>{words::tariff_free()}</p> }.into_any();
    }
    let lines = usual(&terms).into_iter().chain(timed(&terms));
    let lines = lines.map(|line| view! { <li>{line}</li> }).collect_view();
    let rate = format::percent(terms.tax_percent);
    let tax = (!terms.tax_percent.is_zero()).then(|| words::tariff_tax_in(&rate));
    view! {
        <ul class="terms">{lines}</ul>
        {tax.map(|tax| view! { <p class="facts-note">{tax}</p> })}
    }
    .into_any()
}

fn usual(terms: &Terms) -> Vec<String> {
    let price = |price| format::unit_price(price, terms.currency);
    let mut lines = vec![words::tariff_per_kwh(&price(terms.per_kwh))];
    if !terms.per_minute.is_zero() {
        lines.push(words::tariff_per_minute(&price(terms.per_minute)));
    }
    if !terms.per_session.is_zero() {
        lines.push(words::tariff_per_session(&price(terms.per_session)));
    }
    if !terms.idle_per_minute.is_zero() {
        let idle = price(terms.idle_per_minute);
        lines.push(match terms.idle_free_minutes {
            0 => words::tariff_idle(&idle),
            free => words::tariff_idle_after(&format::duration(free.into()), &idle),
        });
    }
    lines
}

fn timed(terms: &Terms) -> Vec<String> {
    let line = |timed: &TimedPrice| {
        let price = format::unit_price(timed.price, terms.currency);
        let price = match timed.part.as_str() {
            "energy" => words::tariff_per_kwh(&price),
            "time" => words::tariff_per_minute(&price),
            "parking" => words::tariff_idle(&price),
            _ => price,
        };
        let when = [
            week::days(&timed.days),
            week::times(timed.from_minute, timed.to_minute),
        ];
        words::tariff_timed(&timed.name, &price, &when.join(" "))
    };
    terms.at_times.iter().map(line).collect()
}
