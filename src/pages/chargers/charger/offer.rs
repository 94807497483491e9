//! Holding a plug with one tap: for how long and with which tag is said before.

use leptos::prelude::*;
use portal_api::portal::holds::{HoldRules, Holds};

use super::Wish;
use crate::{
    format,
    i18n::{problem::say, words},
    run::{live, while_here},
    state::{
        clock::use_clock,
        holds::{Holding, Stage, use_holds},
        network::use_network,
    },
    ui::{
        button::{Button, Weight},
        choice::Choice,
        select::Select,
    },
};

/// What is offered, in minutes.
const MINUTES: [(u32, &str); 4] = [(15, "15"), (30, "30"), (45, "45"), (60, "60")];

/// `60 min`: up to an hour and longer, one can compare.
pub fn in_minutes(minutes: u32) -> String {
    words::unit_minutes(&format::integer(minutes.into()))
}

/// How long a plug is held, and with which tag.
#[component]
pub fn HowLong(
    /// How it is to be held.
    wish: Wish,
    /// Whether there is anything to hold.
    some: Memo<bool>,
) -> impl IntoView {
    let holding = use_holds();
    let known = Memo::new(move |_| {
        holding
            .all()
            .map(|Holds { rules, id_tags, .. }| (rules, id_tags))
    });
    let draw = move || {
        let (rules, tags) = known.get().filter(|_| some.get())?;
        Some(view! {
            <section class="card" aria-label=words::hold_how_long()>
                <Minutes rules wish />
                {(tags.len() > 1).then(|| view! { <Tag tags wish /> })}
            </section>
        })
    };
    live(draw)
}

#[component]
fn Minutes(rules: HoldRules, wish: Wish) -> impl IntoView {
    let allowed = rules.shortest_minutes..=rules.longest_minutes;
    let offered: Vec<(u32, &str)> = MINUTES
        .into_iter()
        .filter(|(minutes, _)| allowed.contains(minutes))
        .collect();
    let chosen = wish.minutes.get_untracked();
    if !offered.iter().any(|(minutes, _)| *minutes == chosen) {
        let first = offered.first().map(|(minutes, _)| *minutes);
        wish.minutes.set(first.unwrap_or(rules.longest_minutes));
    }
    let options = offered
        .iter()
        .map(|(minutes, word)| (*word, in_minutes(*minutes)))
        .collect();
    let word = move || {
        let chosen = wish.minutes.get();
        let found = MINUTES.iter().find(|(minutes, _)| *minutes == chosen);
        found.map_or("", |(_, word)| *word)
    };
    (!offered.is_empty()).then(|| {
        view! {
            <Choice
                name="minutes"
                label=words::hold_how_long()
                options
                value=Signal::derive(word)
                on_change=move |word: &'static str| wish.minutes.set(word.parse().unwrap_or(15))
            />
        }
    })
}

#[component]
fn Tag(tags: Vec<String>, wish: Wish) -> impl IntoView {
    let options: Vec<(String, String)> = tags
        .into_iter()
        .enumerate()
        .map(|(number, tag)| (number.to_string(), tag))
        .collect();
    view! {
        <Select
            id="tag"
            label=words::hold_tag()
            options=Signal::stored(options)
            value=Signal::derive(move || wish.tag.get().to_string())
            on_change=move |number: String| wish.tag.set(number.parse().unwrap_or_default())
        />
    }
}

/// The one tap, what it means, and how far it is.
#[component]
pub fn Offer(
    /// Of which charge point.
    charge_point_id: String,
    /// Which plug.
    number: u32,
    /// The place's time zone.
    zone: Option<String>,
    /// How far it is, if it was asked for.
    attempt: Memo<Option<Stage>>,
    /// How it is to be held.
    wish: Wish,
) -> impl IntoView {
    let (holding, network, clock) = (use_holds(), use_network(), use_clock());
    let id = StoredValue::new(charge_point_id);
    let ready = Memo::new(move |_| holding.all().is_some_and(|holds| !holds.id_tags.is_empty()));
    let busy = Signal::derive(move || holding.is_asking() || !ready.get());
    let can = Memo::new(move |_| network.online() || holding.is_asking());
    let press = move |()| {
        holding.ask(
            &id.get_value(),
            number,
            wish.minutes.get_untracked(),
            wish.tag.get_untracked(),
        );
    };
    let here = Memo::new(move |_| matches!(attempt.get(), Some(Stage::Asking | Stage::Checking)));
    let unread = Memo::new(move |_| can.get() && holding.trouble().is_some());
    let button = move || {
        let minutes = in_minutes(wish.minutes.get());
        let text = words::hold_button(&minutes);
        let busy_text = if here.get() {
            words::hold_asking()
        } else {
            text.clone()
        };
        (can.get() && !unread.get()).then(|| {
            view! {
                <Button weight=Weight::Main text busy_text busy on_press=press />
            }
            .into_any()
        })
    };
    let until = move || {
        let end = clock.now().plus_seconds(i64::from(wish.minutes.get()) * 60);
        words::hold_before(&format::clock(end, zone.as_deref()))
    };
    let free = Memo::new(move |_| holding.all().and_then(|holds| holds.free) == Some(true));
    let says_more = move || can.get() && !here.get() && !unread.get();
    let before = move || says_more().then(|| [until(), free_text(free.get())].join(" "));
    let says = move || match attempt.get() {
        Some(Stage::Checking) => words::hold_checking(),
        Some(Stage::Asking) => words::hold_asking_text(),
        _ if !can.get() => words::hold_offline(),
        _ => holding
            .trouble()
            .map(|problem| say(&problem).title)
            .unwrap_or_default(),
    };
    view! {
        <div class="offer">
            {live(button)}
            <p class="facts-note">{live(before)}</p>
            <p class="offer-says" role="status">{live(says)}</p>
            // Not where the other button is: that comes by itself, perhaps under the thumb.
            {live(move || unread.get().then(|| read_again(holding)))}
        </div>
    }
}

fn read_again(holding: Holding) -> AnyView {
    let read = move |()| while_here(holding.read());
    view! { <Button text=words::app_retry() on_press=read /> }.into_any()
}

fn free_text(free: bool) -> String {
    if free {
        words::hold_free()
    } else {
        String::new()
    }
}
