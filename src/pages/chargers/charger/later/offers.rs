//! With whose token somebody can book for a time, and what it costs.

use leptos::prelude::*;
use portal_api::{
    petit_monde::booking::TokenStrategy,
    portal::bookings::{BookingChoice, BookingOptions},
    query::bookings::OptionsQuery,
};

use super::{
    check::Limits,
    group::{GroupMoney, why_not},
    typed::Filling,
};
use crate::{
    client::{self, Answer},
    components::{booking::money, group::which::WhichToken, loaded::Loaded},
    format,
    i18n::{problem::say_in_a_line, words},
    run::{live, whenever},
    state::remote::{Load, remote},
    ui::{
        chip::{Chip, Tone},
        skeleton::Shape,
    },
};

/// What a choice is known by: its strategy, and whose token it is.
pub fn choice_of(choice: &BookingChoice) -> String {
    let whose = choice.group_id.as_ref().or(choice.customer_id.as_ref());
    let whose = whose.map(String::as_str).unwrap_or_default();
    [choice.strategy.as_str(), " ", whose].concat()
}

/// How the plug can be booked then.
#[component]
pub fn Offers(
    /// The plug and the time.
    query: OptionsQuery,
    /// What is typed.
    filling: Filling,
) -> impl IntoView {
    let query = StoredValue::new(query);
    let options = remote(move || ask(query.get_value()));
    filling.waits.set(true);
    whenever(move || {
        let load = options.load();
        filling.waits.set(matches!(load, Load::Waiting));
        if let Load::Failed(problem) = load {
            filling.cannot.set(Some(say_in_a_line(&problem)));
        }
    });
    view! {
        <Loaded
            remote=options
            shape=Shape::Rows(5)
            children=move |options| offered(options, filling)
        />
    }
}

async fn ask(query: OptionsQuery) -> client::Result<Answer<BookingOptions>> {
    client::bookings::options(&query).await
}

fn offered(options: BookingOptions, filling: Filling) -> AnyView {
    filling.limits.set(Some(Limits {
        longest: options.longest_minutes,
        days_ahead: options.days_ahead,
    }));
    if options.choices.is_empty() {
        filling.choice.set(String::new());
        filling.cannot.set(Some(words::book_nobody()));
        return view! { <p role="status">{words::book_nobody()}</p> }.into_any();
    }
    choose(&options, filling);
    let warning = match (options.free, options.closed) {
        (_, true) => Some(words::book_closed()),
        (false, _) => Some(words::book_not_free()),
        _ => None,
    };
    let warning = warning.map(|text| view! { <p class="booking-taken" role="status">{text}</p> });
    let mut choices = options.choices.iter();
    let group = choices.any(|choice| choice.strategy == TokenStrategy::GroupToken);
    view! {
        {warning}
        <Whose options=options.clone() filling />
        {group.then(|| view! { <WhichToken /> })}
        <Price options />
    }
    .into_any()
}

/// What was chosen stays if it is there; else the first one that can pay is suggested.
/// Whether it can is known from then on.
fn choose(options: &BookingOptions, filling: Filling) {
    let chosen = filling.choice.get_untracked();
    if !options
        .choices
        .iter()
        .any(|choice| choice_of(choice) == chosen)
    {
        let first = options.choices.first().map(choice_of);
        filling.choice.set(first.unwrap_or_default());
    }
    let (choices, estimate) = (options.choices.clone(), options.estimate.clone());
    whenever(move || {
        let chosen = filling.choice.get();
        let mut groups = choices
            .iter()
            .filter(|choice| choice.strategy == TokenStrategy::GroupToken);
        let found = groups.find(|choice| choice_of(choice) == chosen);
        let why = found.and_then(|choice| why_not(choice, estimate.as_ref()));
        filling.cannot.set(why);
    });
}

/// The choices, each with what it means.
#[component]
fn Whose(options: BookingOptions, filling: Filling) -> impl IntoView {
    let own = options
        .choices
        .iter()
        .find(|choice| choice.strategy == TokenStrategy::DriverToken)
        .map(choice_of);
    let estimate = options.estimate.clone();
    let choices = options
        .choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let (estimate, own) = (estimate.clone(), own.clone());
            let word = choice_of(&choice);
            let value = word.clone();
            let chosen = move || filling.choice.get() == value;
            let choose = word.clone();
            let money = (choice.strategy == TokenStrategy::GroupToken)
                .then(|| view! { <GroupMoney choice=choice.clone() estimate own filling /> });
            let suggested = (at == 0 && choice.fits).then(|| {
                view! { <Chip tone=Tone::Good icon="check" text=words::book_suggested() /> }
            });
            view! {
                <div class="booking-choice">
                    <label class="booking-choice-label">
                        <input
                            type="radio"
                            name="whose"
                            value=word
                            prop:checked=live(chosen)
                            on:change=move |_| {
                                filling.choice.set(choose.clone());
                                filling.changed();
                            }
                        />
                        <span class="booking-choice-name">{name(&choice)}</span>
                        {suggested}
                        <span class="booking-choice-text">{meaning(&choice)}</span>
                    </label>
                    {money}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choice booking-choices">
            <legend class="field-label">{words::book_whose()}</legend>
            {choices}
        </fieldset>
    }
}

fn name(choice: &BookingChoice) -> String {
    match &choice.strategy {
        TokenStrategy::DriverToken => words::book_driver(),
        TokenStrategy::GroupToken => {
            words::book_group(choice.group_name.as_deref().unwrap_or_default())
        }
        TokenStrategy::AdHoc => words::book_guest(),
        TokenStrategy::Other(word) => words::status_as_sent(word),
    }
}

fn meaning(choice: &BookingChoice) -> String {
    match &choice.strategy {
        TokenStrategy::DriverToken => words::book_driver_text(),
        TokenStrategy::GroupToken => words::book_group_text(),
        TokenStrategy::AdHoc => words::book_guest_text(),
        TokenStrategy::Other(_) => String::new(),
    }
}

/// What it is thought to cost, and what else it may.
#[component]
fn Price(options: BookingOptions) -> impl IntoView {
    let estimate = money(options.estimate.as_ref());
    let free = options.free_cancel_minutes;
    let cancelling = match (free, money(options.late_cancel_fee.as_ref())) {
        (None, _) => words::booking_cancel_may_cost(),
        (Some(free), Some(fee)) => words::book_cancel_fee(&fee, &format::duration(free.into())),
        (Some(_), None) => words::book_cancel_free(),
    };
    let no_show = money(options.no_show_fee.as_ref()).map(|fee| words::book_no_show(&fee));
    let longest = words::book_too_long(&format::duration(options.longest_minutes.into()));
    let lines = [Some(cancelling), no_show, Some(longest)];
    let lines = lines
        .into_iter()
        .flatten()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    let figure = match estimate {
        Some(estimate) => view! {
            <p class="booking-price">
                <span class="booking-price-figure">{words::book_about(&estimate)}</span>
                <span class="facts-note">{words::book_estimate()}</span>
            </p>
        }
        .into_any(),
        None => view! { <p class="facts-note">{words::tariff_unknown()}</p> }.into_any(),
    };
    view! {
        {figure}
        <ul class="terms">{lines}</ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_known_by_its_strategy_and_whose_token_it_is() {
        for (json, word) in [
            (
                r#"{ "strategy": "driver_token", "customer_id": "usr_1", "fits": true }"#,
                "driver_token usr_1",
            ),
            (
                r#"{ "strategy": "group_token", "group_id": "group_1", "fits": false }"#,
                "group_token group_1",
            ),
            (r#"{ "strategy": "ad_hoc", "fits": true }"#, "ad_hoc "),
        ] {
            let choice: BookingChoice = serde_json::from_str(json).unwrap();
            assert_eq!(choice_of(&choice), word);
        }
    }
}
