//! What is left to spend, what is shown at the plug, and whom to ask.

use leptos::prelude::*;
use portal_api::portal::groups::{Budget, GroupPage};

use super::{group::use_group, requests::Requests, tokens::SharedTokens};
use crate::{
    components::{
        chunk::{Chunk, chunk},
        group::{
            budget::{BudgetMeter, ToldAt, money},
            which::WhichToken,
        },
        loaded::Loaded,
        needs_network::NeedsNetwork,
    },
    format,
    i18n::words,
    run::live,
    ui::{button::Button, dialog::Dialog, figure::Figure, skeleton::Shape},
};

chunk!(limits_form in group_limits draws super::limits::LimitsForm);

/// The part of the page that opens first.
#[component]
pub fn Overview(
    /// Whether the person looks after the group.
    admin: bool,
) -> impl IntoView {
    let here = use_group();
    view! {
        <Loaded
            remote=here.page
            shape=Shape::Overview
            children=|page: GroupPage| view! { <ThisMonth page /> }.into_any()
        />
        <SharedTokens />
        <WhichToken />
        {live(move || here.page.value().map(|page| view! { <InDetail page /> }))}
        {admin.then(|| view! { <KeptBy /> })}
    }
}

/// What may be spent this month, and what of it is gone.
#[component]
fn ThisMonth(page: GroupPage) -> impl IntoView {
    let budget = page.budget;
    let amount = |amount| money(amount, budget.currency);
    let (caption, value) = match budget.left {
        Some(left) => (words::group_left(), amount(left)),
        None => (words::group_spent(), amount(budget.spent)),
    };
    let per_session = budget.per_session_limit.map(|limit| {
        view! { <Figure caption=words::group_per_session() values=vec![amount(limit)] /> }
    });
    let too_much = budget.monthly_limit.zip(Some(budget.forecast));
    let too_much = too_much.is_some_and(|(limit, forecast)| more(forecast, limit));
    let as_of = budget.as_of;
    let figures = as_of.map(|_| {
        view! {
            <dl class="figures">
                <Figure caption values=vec![value] />
                {per_session}
            </dl>
            <BudgetMeter budget=budget.clone() />
            {too_much.then(|| view! { <p class="group-warning">{words::group_too_much()}</p> })}
        }
    });
    view! {
        <section class="card" aria-labelledby="budget">
            <h2 class="card-title" id="budget">
                {words::home_this_month()}
                <span class="card-title-note">{format::month(budget.month)}</span>
            </h2>
            {figures}
            <ToldAt as_of />
        </section>
    }
}

/// Every figure of the month, and whom to ask.
#[component]
fn InDetail(page: GroupPage) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="in-detail">
            <h2 class="card-title" id="in-detail">{words::group_in_detail()}</h2>
            <Facts budget=page.budget zone=page.time_zone organisation=page.organisation />
            <WhomToAsk admins=page.admins admin=page.admin />
        </section>
    }
}

/// Whether one amount of the same currency is more than another.
fn more(one: portal_api::decimal::Decimal, other: portal_api::decimal::Decimal) -> bool {
    one.units_at(4) > other.units_at(4)
}

#[component]
fn Facts(budget: Budget, zone: String, organisation: String) -> impl IntoView {
    let amount = |amount| money(amount, budget.currency);
    let limit = budget
        .monthly_limit
        .map_or_else(words::group_no_limit, amount);
    let ends = [
        format::full_day(budget.ends_at, Some(&zone)),
        format::clock(budget.ends_at, Some(&zone)),
    ];
    let figures = budget.as_of.map(|_| {
        view! {
            <dt>{words::group_monthly()}</dt>
            <dd>{limit}</dd>
            <dt>{words::group_spent()}</dt>
            <dd>{amount(budget.spent)}</dd>
            <dt>{words::group_held()}</dt>
            <dd>
                {amount(budget.held)}
                <br />
                <span class="facts-note">{words::group_held_hint()}</span>
            </dd>
            <dt>{words::group_forecast()}</dt>
            <dd>{amount(budget.forecast)}</dd>
        }
    });
    view! {
        <dl class="facts">
            {figures}
            <dt>{words::group_ends()}</dt>
            <dd>
                {ends.join(", ")}
                <br />
                <span class="facts-note">{zone}</span>
            </dd>
            <dt>{words::group_organisation()}</dt>
            <dd>{organisation}</dd>
        </dl>
    }
}

/// Whom to ask when the money or a card is missing.
#[component]
fn WhomToAsk(admins: Vec<String>, admin: bool) -> impl IntoView {
    let text = if admin {
        words::group_who_looks_after()
    } else {
        words::group_ask()
    };
    let names = admins.into_iter().map(|name| view! { <li>{name}</li> });
    view! {
        <h3 class="group-heading">{text}</h3>
        <ul class="group-names">{names.collect_view()}</ul>
    }
}

/// Who keeps the limits: whoever looks after the group, or a system elsewhere, which may
/// be asked so often only.
#[component]
fn KeptBy() -> impl IntoView {
    let here = use_group();
    // The form that is open must not go with every figure that changes.
    let elsewhere = Memo::new(move |_| here.page.value()?.elsewhere);
    live(move || match elsewhere.get() {
        Some(usage) => view! { <Requests usage /> }.into_any(),
        None => view! { <ChangeLimits /> }.into_any(),
    })
}

/// What opens the form for the name and the limits.
#[component]
fn ChangeLimits() -> impl IntoView {
    let open = RwSignal::new(false);
    let close = Callback::new(move |()| open.set(false));
    provide_context(Sheet(open));
    view! {
        <div class="group-actions">
            <NeedsNetwork>
                <Button text=words::group_change_limits() on_press=move |()| open.set(true) />
            </NeedsNetwork>
        </div>
        <Dialog open title=words::group_change_limits() on_close=close>
            <Chunk page=limits_form shape=Shape::Fields />
            <Button text=words::app_close() on_press=close />
        </Dialog>
    }
}

/// Whether the form is open.
#[derive(Clone, Copy)]
pub struct Sheet(pub RwSignal<bool>);
