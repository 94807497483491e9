//! What a group may spend, and how much of it is gone.

use leptos::prelude::*;
use portal_api::{
    decimal::Decimal,
    money::{Currency, Money},
    petit_monde::group::NEARLY_PERCENT,
    portal::groups::{Budget, MyGroup},
    time::Instant,
};

use crate::{
    format,
    i18n::words,
    routes::{self, GroupPart},
    run::live,
    state::{clock::use_clock, identity::use_identity},
    ui::{
        chip::{Chip, Tone},
        meter::Meter,
    },
};

/// An amount of a group's.
pub fn money(amount: Decimal, currency: Currency) -> String {
    format::exact_money(amount, currency)
}

/// What is left of a month, or that it has no limit; nothing as long as nobody has told.
fn left(budget: &Budget) -> Option<String> {
    budget.as_of?;
    let left = budget.left.map_or_else(words::group_no_limit, |left| {
        words::group_left_of_month(&money(left, budget.currency))
    });
    Some(left)
}

/// From when the figures are, or that nobody has told any yet.
#[component]
pub fn ToldAt(
    /// When they were told.
    as_of: Option<Instant>,
) -> impl IntoView {
    let clock = use_clock();
    let said = move || match as_of {
        Some(as_of) => words::app_seen_at(&format::ago(as_of, clock.now())),
        None => words::group_not_told(),
    };
    view! {
        <p class="facts-note">
            <time datetime=as_of.map(|as_of| as_of.to_string())>{live(said)}</time>
        </p>
    }
}

/// Thousandths of the limit: what is spent, and what is set aside; `None` without one.
fn shares(budget: &Budget) -> Option<(u32, u32)> {
    let minor = |amount| Money::from_major(amount, budget.currency).map_or(0, |money| money.minor);
    let limit = minor(budget.monthly_limit?);
    let share = |amount: Decimal| thousandths(minor(amount), limit);
    Some((share(budget.spent), share(budget.held)))
}

/// How many thousandths of the whole a part is; of nothing any part is all.
pub fn thousandths(part: i64, whole: i64) -> u32 {
    if whole <= 0 {
        return 1000;
    }
    let share = i128::from(part.max(0)) * 1000 / i128::from(whole);
    u32::try_from(share).map_or(1000, |share| share.min(1000))
}

/// From how many thousandths on people are told.
fn mark() -> u32 {
    u32::try_from(NEARLY_PERCENT * 10).unwrap_or(1000)
}

/// How much of the month's limit is gone; nothing without one, or before anybody has told.
#[component]
pub fn BudgetMeter(
    /// What is measured.
    budget: Budget,
) -> impl IntoView {
    budget.as_of?;
    let amount = |amount| money(amount, budget.currency);
    let limit = budget.monthly_limit.map(amount)?;
    let (gone, aside) = shares(&budget)?;
    let spent = amount(budget.spent);
    let says = if budget.held.is_zero() {
        words::group_spent_of(&limit, &spent)
    } else {
        words::group_spent_and_held_of(&amount(budget.held), &limit, &spent)
    };
    let nearly = gone + aside >= mark();
    let warning = if budget.left.is_some_and(Decimal::is_zero) {
        Some(words::group_nothing_left())
    } else {
        nearly.then(|| words::group_nearly(&format::percent(Decimal::new(NEARLY_PERCENT, 0))))
    };
    Some(view! {
        <Meter label=words::group_meter() says=says.clone() gone aside mark=mark() />
        <p class="facts-note">{says}</p>
        {warning.map(|text| view! { <Chip tone=Tone::Notable icon="alert" text /> })}
    })
}

/// A group in a line: its name, what is left, and how much is gone; from when that is, where
/// another system tells it.
#[component]
pub fn GroupLine(
    /// Which.
    group: MyGroup,
) -> impl IntoView {
    let link = routes::group(&group.id, GroupPart::Overview);
    let admin = group.admin.then(|| {
        view! { <Chip tone=Tone::Neutral icon="check" text=words::group_admin_me() /> }
    });
    let as_of = group.budget.as_of;
    let left = left(&group.budget);
    let left = left.map(|left| view! { <span class="group-line-left">{left}</span> });
    let dated = use_identity().books_elsewhere() || as_of.is_none();
    view! {
        <section class="card">
            <a class="group-line" href=link>
                <span class="group-line-name">{group.name}</span>
                {left}
            </a>
            {admin}
            <BudgetMeter budget=group.budget />
            {dated.then(|| view! { <ToldAt as_of /> })}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_less_than_nothing_or_more_than_all() {
        for (part, whole, share) in [
            (0, 250_000, 0),
            (181_040, 250_000, 724),
            (250_000, 250_000, 1000),
            (300_000, 250_000, 1000),
            (-5, 250_000, 0),
            (0, 0, 1000),
            (i64::MAX, 1, 1000),
        ] {
            assert_eq!(thousandths(part, whole), share, "{part} of {whole}");
        }
    }
}
