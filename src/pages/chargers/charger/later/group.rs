//! What a group may still spend, what a booking would take of it, and whom to ask where
//! that isn't enough.

use leptos::prelude::*;
use portal_api::{
    money::{Currency, Money},
    portal::{Cost, bookings::BookingChoice},
};

use super::{offers::choice_of, typed::Filling};
use crate::{client, format, i18n::words, run::live, state::remote::remote, ui::button::Button};

/// An amount, nothing too.
fn amount(cost: Option<&Cost>) -> Option<Money> {
    let cost = cost?;
    Money::from_major(cost.amount, cost.currency)
}

/// Whether it is more than may be spent, in the same currency.
fn exceeds(estimate: Option<Money>, limit: Option<Money>) -> bool {
    estimate.zip(limit).is_some_and(|(estimate, limit)| {
        estimate.currency == limit.currency && estimate.minor > limit.minor
    })
}

/// What the place charges in and what the group pays in, where that isn't the same.
fn other_currency(choice: &BookingChoice, estimate: Option<&Cost>) -> Option<(Currency, Currency)> {
    let both = estimate.map(|cost| cost.currency).zip(choice.currency);
    both.filter(|(place, group)| place != group)
}

/// Why a group can't pay, if it can't.
pub fn why_not(choice: &BookingChoice, estimate: Option<&Cost>) -> Option<String> {
    let (left, most) = (amount(choice.left.as_ref()), amount(choice.most.as_ref()));
    let (estimated, aside) = (amount(estimate), amount(choice.set_aside.as_ref()));
    (!choice.fits).then(|| {
        if let Some((place, group)) = other_currency(choice, estimate) {
            words::book_other_currency(group.code(), place.code())
        } else if exceeds(estimated, most) {
            words::book_over_most()
        } else if exceeds(estimated, left) {
            words::book_over_left()
        } else if let Some(fee) = aside.filter(|_| exceeds(aside, most) || exceeds(aside, left)) {
            words::book_over_unused(&format::money(fee))
        } else {
            words::book_group_cannot()
        }
    })
}

/// A group's money.
#[component]
pub fn GroupMoney(
    /// The group.
    choice: BookingChoice,
    /// What the booking is thought to cost.
    estimate: Option<Cost>,
    /// What one's own token is known by, if one has one.
    own: Option<String>,
    /// What is typed.
    filling: Filling,
) -> impl IntoView {
    let why = why_not(&choice, estimate.as_ref());
    let word = choice_of(&choice);
    // Nobody in the group can do anything about a currency.
    let may_help = other_currency(&choice, estimate.as_ref()).is_none();
    let estimate = amount(estimate.as_ref());
    let (left, most) = (amount(choice.left.as_ref()), amount(choice.most.as_ref()));
    let lines = [
        (words::book_left(), left),
        (words::book_takes(), estimate),
        (words::book_most(), most),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(name, money)| Some((name, format::money(money?))))
        .map(|(name, money)| view! { <dt>{name}</dt><dd>{money}</dd> })
        .collect_view();
    let group_id = choice.group_id.filter(|_| may_help);
    // What was offered may be older than the answer.
    let refused = Memo::new(move |_| filling.poor.get() == word);
    let poor = move || {
        let why = why.clone();
        let why = why.or_else(|| refused.get().then(words::book_group_cannot))?;
        let (group_id, own) = (group_id.clone(), own.clone());
        Some(view! { <Instead why group_id own filling /> })
    };
    view! {
        <dl class="facts booking-money">{lines}</dl>
        {live(poor)}
    }
}

/// Why the group can't pay, whom to ask, and one's own token instead.
#[component]
fn Instead(
    why: String,
    group_id: Option<String>,
    own: Option<String>,
    filling: Filling,
) -> impl IntoView {
    let ask = group_id.map(|group_id| view! { <Ask group_id /> });
    let own = move || {
        let own = own.clone().filter(|own| filling.choice.get() != *own)?;
        let press = move |()| {
            filling.choice.set(own.clone());
            filling.changed();
        };
        Some(view! { <Button text=words::book_use_own() on_press=press /> })
    };
    view! {
        <div class="booking-poor" role="status">
            <p class="booking-poor-why">{why}</p>
            {ask}
            {live(own)}
        </div>
    }
}

/// Who can do something about it, by name.
#[component]
fn Ask(group_id: String) -> impl IntoView {
    let admins = remote(move || {
        let group_id = group_id.clone();
        async move { client::bookings::group_admins(&group_id).await }
    });
    let ask = move || {
        let names = admins.value().filter(|names| !names.is_empty())?;
        Some(words::book_ask(&names.join(", ")))
    };
    view! { <p>{live(ask)}</p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_exceeded_by_a_cent_in_its_own_currency_only() {
        let money = |minor, code| {
            let currency = Currency::new(code).unwrap();
            Some(Money::new(minor, currency))
        };
        assert!(exceeds(money(1001, "EUR"), money(1000, "EUR")));
        assert!(!exceeds(money(1000, "EUR"), money(1000, "EUR")));
        assert!(!exceeds(money(1001, "NOK"), money(1000, "EUR")));
        assert!(!exceeds(None, money(1000, "EUR")));
        assert!(!exceeds(money(1001, "EUR"), None));
    }
}
