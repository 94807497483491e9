//! What a group shares: shown at the plug, and said to be lost.

use leptos::prelude::*;
use portal_api::{
    petit_monde::group::{TokenKind, TokenStatus},
    portal::groups::{GroupToken, TokenPage},
    query::groups::{GroupQuery, Part},
};

use super::group::{Here, use_group};
use crate::{
    client,
    components::{
        chunk::{Chunk, chunk},
        loaded::Loaded,
        more::More,
        needs_network::NeedsNetwork,
        sending::Sending,
        trouble::FormTrouble,
    },
    format,
    i18n::{problem::say_in_a_line, words},
    run::{live, next_frame, to_the_end},
    state::{remote::remote, toasts::use_toasts},
    ui::{
        button::{Button, Weight},
        dialog::Dialog,
        field::focus,
        fold::Fold,
        icon::Icon,
        skeleton::Shape,
    },
};

chunk!(show_token in group_token draws super::show::ShowToken);

/// How many are asked for at once.
const PART: u32 = 50;

/// What is done with one of them.
#[derive(Clone, Copy)]
pub struct Chosen {
    /// Which is shown large.
    pub shown: RwSignal<Option<GroupToken>>,
    /// Which may be lost.
    lost: RwSignal<Option<GroupToken>>,
    /// Counts the changes: the list is asked for anew after each.
    changes: RwSignal<u32>,
}

/// All that works, and what doesn't any more.
#[component]
pub fn SharedTokens() -> impl IntoView {
    let here = use_group();
    let chosen = Chosen {
        shown: RwSignal::new(None),
        lost: RwSignal::new(None),
        changes: RwSignal::new(0),
    };
    provide_context(chosen);
    let working = move || {
        chosen.changes.track();
        from(here, chosen, TokenStatus::Active, 0)
    };
    let close = move |()| {
        chosen.shown.set(None);
        chosen.lost.set(None);
    };
    view! {
        <section class="card" aria-labelledby="tokens">
            <h2 class="card-title" id="tokens" tabindex="-1">{words::group_cards()}</h2>
            <p>{words::group_tokens_text()}</p>
            <p class="facts-note">{words::group_tokens_unkept()}</p>
            {live(working)}
            <Blocked chosen />
        </section>
        <Dialog
            open=Signal::derive(move || chosen.shown.with(Option::is_some))
            title=words::group_show_title()
            on_close=Callback::new(close)
        >
            <Chunk page=show_token shape=Shape::Fields />
            <Button text=words::app_close() on_press=close />
        </Dialog>
        <LostDialog chosen close=Callback::new(close) />
    }
}

/// Asks once more, by the name of what is lost.
#[component]
fn LostDialog(chosen: Chosen, close: Callback<()>) -> impl IntoView {
    // As it was while it closes: another one could not give the focus back.
    let number = Memo::new(move |before: Option<&bool>| {
        let kind = chosen.lost.with(|lost| Some(lost.as_ref()?.kind.clone()));
        kind.map_or(before == Some(&true), |kind| kind == TokenKind::Virtual)
    });
    live(move || {
        let title = if number.get() {
            words::group_lost_number()
        } else {
            words::group_lost_title()
        };
        view! {
            <Dialog
                open=Signal::derive(move || chosen.lost.with(Option::is_some))
                title
                on_close=close
            >
                <Lost chosen />
                <Button text=words::app_cancel() on_press=close />
            </Dialog>
        }
    })
}

/// Those that don't work any more, asked for once somebody wants to see them.
#[component]
fn Blocked(chosen: Chosen) -> impl IntoView {
    let here = use_group();
    let count = Memo::new(move |_| here.page.value().map_or(0, |page| page.blocked_tokens));
    let opened = RwSignal::new(false);
    let some = Memo::new(move |_| count.get() > 0);
    let title = move || match here.keeps_tokens_elsewhere() {
        true => words::group_blocked_count_elsewhere(count.get()),
        false => words::group_blocked_count(count.get()),
    };
    let rows = move || {
        chosen.changes.track();
        opened
            .get()
            .then(|| from(here, chosen, TokenStatus::Blocked, 0))
    };
    live(move || {
        some.get().then(|| {
            view! {
                <Fold
                    icon="stop"
                    title=Signal::derive(title)
                    on_toggle=Callback::new(move |()| opened.set(true))
                >
                    {live(rows)}
                </Fold>
            }
        })
    })
}

/// The tokens of a status from `offset` on, and a way to see more of them.
fn from(here: Here, chosen: Chosen, status: TokenStatus, offset: u64) -> AnyView {
    let query = GroupQuery {
        part: Part {
            limit: PART,
            offset,
        },
        status: Some(status.clone()),
        ..GroupQuery::default()
    };
    let page = remote(move || {
        let (id, query) = (here.id(), query.clone());
        async move { client::groups::tokens(&id, &query).await }
    });
    let draw = move |page: TokenPage| part(here, chosen, &status, offset, page);
    view! { <Loaded remote=page shape=Shape::Rows(3) children=draw /> }.into_any()
}

fn part(here: Here, chosen: Chosen, status: &TokenStatus, offset: u64, page: TokenPage) -> AnyView {
    if page.total == 0 {
        return view! { <p>{words::group_no_tokens()}</p> }.into_any();
    }
    let next = offset + u64::try_from(page.tokens.len()).unwrap_or_default();
    let some = page.total > next && next > offset;
    let rows = page.tokens.into_iter();
    let rows = rows.map(|token| view! { <TokenRow token chosen /> });
    let status = status.clone();
    let rest = move || from(here, chosen, status.clone(), next);
    view! {
        <ul class="rows">{rows.collect_view()}</ul>
        {some.then(|| view! { <More rest=live(rest) /> })}
    }
    .into_any()
}

fn is_shown(token: &GroupToken) -> bool {
    token.kind == TokenKind::Virtual && token.uid.is_some()
}

/// What a token is.
pub fn kind(token: &GroupToken) -> String {
    match token.kind {
        TokenKind::Virtual => words::group_kind_number(),
        _ => words::group_kind_card(),
    }
}

/// What a token is, and where it lies.
pub fn about(token: &GroupToken) -> String {
    let kind = kind(token);
    match &token.vehicle {
        Some(vehicle) => [&kind, " · ", vehicle].concat(),
        None => kind,
    }
}

/// The icon of a token.
pub fn icon(token: &GroupToken) -> &'static str {
    match token.kind {
        TokenKind::Virtual => "device",
        _ => "card",
    }
}

/// What becomes of a token that is said to be lost.
pub fn before_lost(here: Here, label: &str) -> String {
    if here.keeps_tokens_elsewhere() {
        words::group_lost_text_elsewhere(label)
    } else {
        words::group_lost_text(label)
    }
}

/// What became of it; `elsewhere` if tokens are kept elsewhere.
pub fn after_lost(elsewhere: bool, label: &str) -> String {
    if elsewhere {
        words::group_lost_done_elsewhere(label)
    } else {
        words::group_lost_done(label)
    }
}

#[component]
fn TokenRow(token: GroupToken, chosen: Chosen) -> impl IntoView {
    let elsewhere = use_group().keeps_tokens_elsewhere();
    let works = token.status == TokenStatus::Active;
    let (label, icon, about) = (token.label.clone(), icon(&token), about(&token));
    let since = token
        .blocked_at
        .map(format::day_and_clock)
        .map(|at| match elsewhere {
            true => words::group_blocked_at_elsewhere(&at),
            false => words::group_blocked_at(&at),
        });
    let show = is_shown(&token).then(|| {
        let (token, label) = (token.clone(), words::group_show_label(&label));
        let press = move |()| chosen.shown.set(Some(token.clone()));
        view! { <Button weight=Weight::Main text=words::group_show() label on_press=press /> }
    });
    let lost = works.then(|| {
        let label = words::group_lost_label(&label);
        let press = move |()| chosen.lost.set(Some(token.clone()));
        view! { <Button weight=Weight::Quiet text=words::group_lost() label on_press=press /> }
    });
    view! {
        <li class="token-row">
            <Icon name=icon />
            <div>
                <p class="token-label">{label}</p>
                <p class="facts-note">{about}</p>
                {since.map(|since| view! { <p class="facts-note">{since}</p> })}
            </div>
            <div class="token-actions">{show}{lost}</div>
        </li>
    }
}

/// The last word before a token is blocked.
#[component]
fn Lost(chosen: Chosen) -> impl IntoView {
    let (here, toasts, sending) = (use_group(), use_toasts(), Sending::idle());
    let token = chosen.lost.get_untracked();
    let label = token.as_ref().map(|token| token.label.clone());
    let text = before_lost(here, &label.unwrap_or_default());
    let block = move |()| {
        let Some(token) = token.clone() else { return };
        let (id, elsewhere) = (here.id(), here.keeps_tokens_elsewhere());
        let request = async move { client::groups::lose_token(&id, &token.id).await };
        sending.send(request, Vec::new(), say_in_a_line, move |token| {
            toasts.say(after_lost(elsewhere, &token.label));
            chosen.lost.try_set(None);
            chosen.changes.try_update(|changes| *changes += 1);
            here.page.again();
            // The row that opened the sheet is drawn anew.
            to_the_end(async {
                next_frame().await;
                focus("tokens");
            });
        });
    };
    view! {
        <p>{text}</p>
        <FormTrouble problem=sending.refusal.into() />
        <NeedsNetwork>
            <Button
                weight=Weight::Danger
                text=words::group_lost_confirm()
                busy_text=words::group_blocking()
                busy=sending.busy
                on_press=block.clone()
            />
        </NeedsNetwork>
    }
}
