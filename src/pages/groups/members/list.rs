//! The members that a search finds.

use std::ops::Range;

use leptos::{html, prelude::*};
use portal_api::{
    portal::groups::{Member, MemberPage},
    query::groups::{GroupQuery, Part},
};

use super::{super::group::use_group, Chosen};
use crate::{
    client,
    components::{
        loaded::Loaded,
        unmatched::Unmatched,
        windowed::{Rows, Sight, length, row_at, use_sight},
    },
    format,
    i18n::words,
    state::{
        identity::use_identity,
        pages::{PAGE_SIZE, PageLoad, Pages},
        remote::remote,
    },
    ui::{
        button::{Button, Weight},
        skeleton::Shape,
        window::{SPARE, kept, rows_in_sight},
    },
};

/// How high a row is, in rem.
const ROW: f64 = 4.5;

/// What is asked for.
fn query(text: &str, limit: u32, offset: u64) -> GroupQuery {
    GroupQuery {
        part: Part { limit, offset },
        text: (!text.is_empty()).then(|| text.to_owned()),
        ..GroupQuery::default()
    }
}

/// Those with a text in their names, or all.
#[component]
pub fn Found(
    /// The text.
    text: String,
    /// Where it is said.
    asked: RwSignal<String>,
) -> impl IntoView {
    let here = use_group();
    let first = query(&text, PAGE_SIZE.try_into().unwrap_or(u32::MAX), 0);
    let page = remote(move || {
        let (id, first) = (here.id(), first.clone());
        async move { client::groups::members(&id, &first).await }
    });
    let draw = move |page: MemberPage| {
        if page.total == 0 {
            let on_clear = Callback::new(move |()| asked.set(String::new()));
            return view! { <Unmatched text=words::group_nobody_found() on_clear /> }.into_any();
        }
        view! { <List page text=text.clone() /> }.into_any()
    };
    view! { <Loaded remote=page shape=Shape::Rows(6) children=draw /> }
}

/// All rows, of which the first page is here.
#[component]
fn List(page: MemberPage, text: String) -> impl IntoView {
    let here = use_group();
    let total = usize::try_from(page.total).unwrap_or_default();
    let pages = Pages::new([(0, PageLoad::Here(page.members))].into());
    let rows = Rows::of(pages, move |(limit, offset)| {
        let (id, query) = (here.id(), query(&text, limit, offset));
        async move {
            let answer = client::groups::members(&id, &query).await?;
            Ok(answer.value.members)
        }
    });
    let list = NodeRef::<html::Div>::new();
    let sight = use_sight(list, None);
    rows.ask_for_what_is_in_sight(sight, move |sight| {
        Some(in_sight(sight, total, SPARE)).filter(|rows| !rows.is_empty())
    });
    let drawn = Memo::new(move |before: Option<&Range<usize>>| {
        let (sight, none) = (sight.get(), 0..0);
        let far = in_sight(sight, total, SPARE);
        if sight.rests {
            return far;
        }
        kept(in_sight(sight, total, 0), &far, before.unwrap_or(&none))
    });
    view! {
        <p class="sessions-count" role="status">{words::group_members_count(page.total)}</p>
        <div node_ref=list>
            <ul class="windowed" style:height=length(height(total))>
                <For each=move || drawn.get() key=|row| *row let:row>
                    <RowInPlace row pages />
                </For>
            </ul>
        </div>
    }
}

fn in_sight(sight: Sight, total: usize, spare: u16) -> Range<usize> {
    rows_in_sight(sight.top, ROW * sight.rem, total, sight.height, spare)
}

/// How high some rows are, in rem.
fn height(rows: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a list has less than 2^53 rows")]
    let rows = rows as f64;
    rows * ROW
}

/// A row at its place, whether it is here already or not.
#[component]
fn RowInPlace(row: usize, pages: Pages<Member>) -> impl IntoView {
    view! {
        <li class="windowed-row" style:top=length(height(row)) style:height=length(ROW)>
            {row_at(pages, row, |member| view! { <MemberRow member /> }.into_any())}
        </li>
    }
}

#[component]
fn MemberRow(member: Member) -> impl IntoView {
    let here = use_group();
    let chosen: Chosen = expect_context();
    let me = use_identity().person().map(|me| me.id);
    let mine = me.as_deref() == Some(&member.person_id);
    let name = member.name.clone();
    let about = format::dotted(&[
        mine.then(words::group_member_me),
        member.admin.then(words::group_looks_after),
        member.email.clone(),
    ]);
    let admin = untrack(|| here.page.value()).is_some_and(|page| page.admin);
    let open = (mine || admin).then(|| {
        let text = if admin {
            words::group_member_open()
        } else {
            words::group_leave()
        };
        let label = [&text, ": ", &name].concat();
        let press = move |()| chosen.member.set(Some(member.clone()));
        view! { <Button weight=Weight::Quiet text label on_press=press /> }
    });
    view! {
        <div class="member-row">
            <div class="member-who">
                <p class="member-name">{name}</p>
                <p class="facts-note member-about">{about}</p>
            </div>
            {open}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_thousand_only_what_is_in_sight_is_drawn() {
        let sight = Sight {
            top: -7200.0,
            height: 720.0,
            rem: 16.0,
            rests: true,
        };
        assert_eq!(in_sight(sight, 2000, 0), 100..110);
        assert_eq!(in_sight(sight, 104, SPARE), 94..104);
    }
}
