//! Who charged what in a month, for whoever looks after the group.

mod report;

use leptos::prelude::*;
use portal_api::{
    money::{Currency, Money},
    petit_monde::group::{DayShare, Share, Usage},
    time::{Day, Instant, Month},
};

use self::report::Report;
use super::group::use_group;
use crate::{
    client,
    components::{
        group::budget::{money, thousandths},
        loaded::Loaded,
    },
    format,
    i18n::words,
    run::live,
    state::{clock::this_month, remote::remote},
    ui::{
        button::Button,
        figure::Figure,
        meter::percent,
        notice::{About, Notice},
        select::Select,
        skeleton::Shape,
    },
};

/// How many months back one can look.
const MONTHS: usize = 13;

/// How many rows a table has at first, and how many come with each step.
const STEP: usize = 20;

/// A month, by member, by card and by day.
#[component]
pub fn UsagePart() -> impl IntoView {
    let here = use_group();
    let now = untrack(|| here.page.value()).map_or_else(this_month, |page| page.budget.month);
    let chosen = RwSignal::new(now.to_string());
    let months = std::iter::successors(Some(now), |month| month.before()).take(MONTHS);
    let months: Vec<_> = months
        .map(|month| (month.to_string(), format::month(month)))
        .collect();
    let month = Memo::new(move |_| chosen.with(|month| month.parse().unwrap_or(now)));
    view! {
        <section class="group-section" aria-labelledby="usage">
            <h2 class="card-title" id="usage">{words::group_usage()}</h2>
            <Select
                id="usage-month"
                label=words::group_month()
                options=Signal::stored(months)
                value=chosen
                on_change=move |month| chosen.set(month)
            />
            {live(move || view! { <OfMonth month=month.get() /> }.into_any())}
            <Report month />
        </section>
    }
}

#[component]
fn OfMonth(month: Month) -> impl IntoView {
    let here = use_group();
    let usage = remote(move || {
        let id = here.id();
        async move { client::groups::usage(&id, month).await }
    });
    view! {
        <Loaded
            remote=usage
            shape=Shape::Rows(10)
            children=|usage: Usage| view! { <Tables usage /> }.into_any()
        />
    }
}

#[component]
fn Tables(usage: Usage) -> impl IntoView {
    if usage.charges == 0 && usage.spent.is_zero() && usage.held.is_zero() {
        return view! {
            <Notice
                about=About::Nothing
                icon="plug"
                title=words::group_no_charges_title()
                text=words::group_no_charges_in_month()
            />
        }
        .into_any();
    }
    let currency = usage.currency;
    let elsewhere = usage.booked_elsewhere.map(|amount| {
        let amount = money(amount, currency);
        view! { <Figure caption=words::group_booked_elsewhere() values=vec![amount] /> }
    });
    let hint = elsewhere.is_some().then(|| {
        view! { <p class="facts-note">{words::group_booked_elsewhere_hint()}</p> }
    });
    let named = |shares: Vec<Share>, nobody: fn() -> String| -> Vec<Line> {
        let lines = shares.into_iter();
        let lines = lines.map(|share| Line::of(share, nobody, currency));
        lines.collect()
    };
    let members = named(usage.by_member, words::group_unbooked);
    let tokens = named(usage.by_token, words::group_untapped);
    let days = usage.by_day.iter();
    let days: Vec<Line> = days.map(|day| Line::of_day(day, currency)).collect();
    view! {
        <dl class="figures">
            <Figure caption=words::group_spent() values=vec![money(usage.spent, currency)] />
            {elsewhere}
            <Figure caption=words::group_held() values=vec![money(usage.held, currency)] />
        </dl>
        {hint}
        <p class="sessions-count">{words::group_charges_count(usage.charges)}</p>
        {(usage.charges > 0).then(|| view! {
            <Table title=words::group_by_member() lines=members />
            <Table title=words::group_by_card() lines=tokens />
            <Table title=words::group_by_day() lines=days />
        })}
    }
    .into_any()
}

/// A line of a table.
#[derive(Clone)]
struct Line {
    name: String,
    charges: u64,
    spent: String,
    /// What is set aside, if anything is.
    held: Option<String>,
    /// What was spent and set aside, in the currency's smallest unit.
    minor: i64,
}

impl Line {
    fn of(share: Share, nobody: fn() -> String, currency: Currency) -> Self {
        Self {
            name: share.name.unwrap_or_else(nobody),
            charges: share.charges,
            spent: money(share.spent, currency),
            held: held(share.held, currency),
            minor: minor(share.spent, currency) + minor(share.held, currency),
        }
    }

    fn of_day(share: &DayShare, currency: Currency) -> Self {
        Self {
            name: day(share.day),
            charges: share.charges,
            spent: money(share.spent, currency),
            held: held(share.held, currency),
            minor: minor(share.spent, currency) + minor(share.held, currency),
        }
    }
}

fn held(amount: portal_api::decimal::Decimal, currency: Currency) -> Option<String> {
    (!amount.is_zero()).then(|| words::group_held_of_it(&money(amount, currency)))
}

fn minor(amount: portal_api::decimal::Decimal, currency: Currency) -> i64 {
    Money::from_major(amount, currency).map_or(0, |money| money.minor)
}

/// A day of the group's calendar.
fn day(day: Day) -> String {
    let noon: Option<Instant> = [&day.to_string(), "T12:00:00Z"].concat().parse().ok();
    noon.map_or_else(|| day.to_string(), |noon| format::day(noon, Some("UTC")))
}

/// A table of which the first lines are shown, and a way to see more. Behind each line
/// stands how much it is beside the largest.
#[component]
fn Table(title: String, lines: Vec<Line>) -> impl IntoView {
    let most = lines.iter().map(|line| line.minor).max().unwrap_or(0);
    let all = lines.len();
    let shown = RwSignal::new(STEP);
    let rows = move || {
        let lines = lines.iter().take(shown.get());
        let rows = lines.map(|line| {
            let share = percent(thousandths(line.minor, most.max(1)));
            view! {
                <tr style=("--share", share)>
                    <th scope="row">{line.name.clone()}</th>
                    <td>{format::integer(line.charges)}</td>
                    <td>
                        {line.spent.clone()}
                        <span class="usage-held">{line.held.clone()}</span>
                    </td>
                </tr>
            }
        });
        rows.collect_view()
    };
    let more = move || {
        (shown.get() < all).then(|| {
            let press = move |()| shown.update(|shown| *shown += 5 * STEP);
            view! { <Button text=words::disputes_more() on_press=press /> }
        })
    };
    view! {
        <section class="card">
            <table class="group-table usage-table">
                <caption>{title}</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{words::group_column_charges()}</th>
                        <th scope="col">{words::group_spent()}</th>
                    </tr>
                </thead>
                <tbody>{live(rows)}</tbody>
            </table>
            {live(more)}
        </section>
    }
}
