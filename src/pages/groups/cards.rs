//! A group's cards and numbers, for whoever looks after it: made, named, replaced,
//! printed.

mod change;
mod make;
mod table;

use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use portal_api::{
    petit_monde::group::TokenStatus,
    portal::groups::{BlockedFor, GroupToken},
    query::groups::{GroupQuery, Part},
};
use web_sys::{Blob, BlobPropertyBag, HtmlElement};

use self::{change::ChangeToken, make::MakeTokens, table::table};
use super::{
    group::{Here, use_group},
    tokens::{about, icon},
};
use crate::{
    client::{self, Answer},
    components::loaded::Loaded,
    i18n::words,
    run::{after_paint, live},
    state::remote::{Remote, remote},
    ui::{
        button::{Button, Weight},
        chip::{Chip, Tone},
        dialog::Dialog,
        icon::Icon,
        notice::{About, Notice},
        save::save,
        skeleton::Shape,
    },
};

/// How many are asked for at once.
const PART: u32 = 100;

/// How many rows are drawn at first, and how many come with each step.
const STEP: usize = 100;

/// What the table is called.
const FILE: &str = "cards.csv";

/// What is done with them.
#[derive(Clone, Copy)]
struct Desk {
    here: Here,
    /// All of them.
    all: Remote<Vec<GroupToken>>,
    /// The ids of those that were made just now.
    made: RwSignal<Vec<String>>,
    /// Whose sheet is open.
    open: RwSignal<Option<GroupToken>>,
    /// How many rows are drawn, also once something is other than it was.
    drawn: RwSignal<usize>,
}

impl Desk {
    /// Something is other than it was.
    fn changed(self) {
        self.open.try_set(None);
        self.all.again();
        self.here.page.again();
    }
}

/// All cards and numbers.
#[component]
pub fn CardsPart() -> impl IntoView {
    let here = use_group();
    let all = remote(move || every(here.id()));
    let desk = Desk {
        here,
        all,
        made: RwSignal::new(Vec::new()),
        open: RwSignal::new(None),
        drawn: RwSignal::new(STEP),
    };
    let draw = move |tokens: Vec<GroupToken>| {
        live(move || view! { <List tokens=wanted(&tokens, &desk.made.get()) desk /> }.into_any())
            .into_any()
    };
    let none = Memo::new(move |_| all.value().is_some_and(|tokens| tokens.is_empty()));
    let notice = move || {
        none.get().then(|| {
            view! {
                <Notice
                    about=About::Nothing
                    icon="card"
                    title=words::group_no_cards_title()
                    text=words::group_no_cards_text()
                />
            }
        })
    };
    // Whoever makes the first ones may make more.
    let open = Memo::new(move |before: Option<&bool>| before == Some(&true) || none.get());
    let close = move |()| desk.open.set(None);
    view! {
        <section class="group-section" aria-labelledby="cards">
            <h2 class="card-title" id="cards">{words::group_cards()}</h2>
            {live(notice)}
            {live(move || view! { <MakeTokens desk open=open.get() /> })}
            <Loaded remote=all shape=Shape::Rows(6) children=draw />
        </section>
        <Dialog
            open=Signal::derive(move || desk.open.with(Option::is_some))
            title=words::group_card_change()
            on_close=Callback::new(close)
        >
            <ChangeToken desk />
            <Button text=words::app_close() on_press=close />
        </Dialog>
    }
}

/// Every token of a group, part after part.
async fn every(id: String) -> client::Result<Answer<Vec<GroupToken>>> {
    let mut all = Answer {
        value: Vec::new(),
        kept_at: None,
    };
    loop {
        let query = GroupQuery {
            part: Part {
                limit: PART,
                offset: all.value.len() as u64,
            },
            ..GroupQuery::default()
        };
        let Answer { value, kept_at } = client::groups::tokens(&id, &query).await?;
        all.kept_at = all.kept_at.into_iter().chain(kept_at).min();
        let ended = value.tokens.is_empty();
        all.value.extend(value.tokens);
        if ended || all.value.len() as u64 >= value.total {
            return Ok(all);
        }
    }
}

/// Those that were made just now, or all.
fn wanted(tokens: &[GroupToken], made: &[String]) -> Vec<GroupToken> {
    let wanted = tokens.iter();
    let wanted = wanted.filter(|token| made.is_empty() || made.contains(&token.id));
    wanted.cloned().collect()
}

/// The list as it is printed, too: then all of it is drawn.
#[component]
fn List(tokens: Vec<GroupToken>, desk: Desk) -> impl IntoView {
    if tokens.is_empty() && desk.made.with(Vec::is_empty) {
        return ().into_any();
    }
    let all = tokens.len();
    let count = u64::try_from(all).unwrap_or_default();
    let (only, count) = if desk.made.with(Vec::is_empty) {
        (None, words::group_tokens_count(count))
    } else {
        let press = move |()| desk.made.set(Vec::new());
        let every = view! { <Button text=words::group_tokens_all() on_press=press /> };
        (Some(every), words::group_tokens_made(count))
    };
    let (drawn, list) = (desk.drawn, NodeRef::<html::Ul>::new());
    let text = table(&tokens, desk.here);
    let some = (all > 0).then(|| view! { <TakeAway text drawn all /> });
    let rows = move || {
        let rows = tokens.iter().take(drawn.get()).cloned();
        let rows = rows.map(|token| view! { <Row token desk /> });
        rows.collect_view()
    };
    let more = move || {
        (drawn.get() < all).then(|| {
            let press = move |()| {
                let before = drawn.get_untracked();
                drawn.set(before + STEP);
                // The last time the button goes.
                after_paint(move || go_on_at(list, before));
            };
            view! { <Button text=words::disputes_more() on_press=press /> }
        })
    };
    view! {
        <p class="sessions-count" role="status">{count}</p>
        <div class="group-actions">{only}{some}</div>
        <ul class="rows card-rows" node_ref=list>{live(rows)}</ul>
        <div class="group-actions">{live(more)}</div>
    }
    .into_any()
}

/// Whoever goes by keyboard goes on at that row.
fn go_on_at(list: NodeRef<html::Ul>, row: usize) {
    let row = u32::try_from(row).unwrap_or(u32::MAX);
    let list = list.try_get_untracked().flatten();
    let row = list.and_then(|list| list.children().item(row));
    let button = row.and_then(|row| row.query_selector("button").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // Without focus the row is still there to be read.
        let _ = button.focus();
    }
}

/// The list on paper, or as a file.
#[component]
fn TakeAway(text: String, drawn: RwSignal<usize>, all: usize) -> impl IntoView {
    let print = move |()| {
        drawn.set(all.max(STEP));
        // Where nothing can be printed the list still stands on the page.
        after_paint(|| drop(window().print()));
    };
    let keep = move |()| {
        if let Some(file) = file(&text) {
            save(&file, FILE);
        }
    };
    view! {
        <Button text=words::group_print() on_press=print />
        <Button text=words::group_save_table() on_press=keep />
    }
}

fn file(text: &str) -> Option<Blob> {
    let about = BlobPropertyBag::new();
    about.set_type("text/csv;charset=utf-8");
    let parts = js_sys::Array::of1(&text.into());
    Blob::new_with_str_sequence_and_options(&parts, &about).ok()
}

/// Why it doesn't work, if it doesn't.
fn blocked(token: &GroupToken, here: Here) -> Option<String> {
    let works = token.status == TokenStatus::Active;
    (!works).then(|| match token.reason {
        Some(BlockedFor::Lost) if here.keeps_tokens_elsewhere() => {
            words::group_blocked_lost_elsewhere()
        }
        Some(BlockedFor::Lost) => words::group_blocked_lost(),
        Some(BlockedFor::Replaced) => words::group_blocked_replaced(),
        _ => words::group_blocked(),
    })
}

#[component]
fn Row(token: GroupToken, desk: Desk) -> impl IntoView {
    let (icon, about) = (icon(&token), about(&token));
    let blocked = blocked(&token, desk.here);
    let blocked = blocked.map(|text| view! { <Chip tone=Tone::Notable icon="stop" text /> });
    let text = words::group_card_open();
    let label = [&text, ": ", &token.label].concat();
    let (name, uid) = (token.label.clone(), token.uid.clone());
    let press = move |()| desk.open.set(Some(token.clone()));
    view! {
        <li class="token-row">
            <Icon name=icon />
            <div>
                <p class="token-label">{name}</p>
                <p class="token-uid">{uid}</p>
                <p class="facts-note">{about}</p>
                {blocked}
            </div>
            <Button weight=Weight::Quiet text label on_press=press />
        </li>
    }
}
