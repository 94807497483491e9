//! Disputes in a list: a driver's own, or those that wait at the desk.

use leptos::prelude::*;
use portal_api::portal::disputes::{DisputePage, DisputeRow, Turn};

use super::{DisputeChip, money, turn_text};
use crate::{
    client::{self, Answer, Result},
    components::{loaded::Loaded, more::More},
    format,
    i18n::words,
    routes,
    run::{live, whenever},
    state::{address::use_address, clock::use_clock, remote::remote},
    ui::{
        notice::{About, Notice},
        skeleton::Shape,
    },
};

/// Whose list it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum List {
    /// A driver's own, newest first.
    Mine,
    /// Those that wait at the desk, oldest first.
    Desk,
}

impl List {
    async fn ask(self, offset: u64) -> Result<Answer<DisputePage>> {
        match self {
            Self::Mine => client::disputes::disputes(offset).await,
            Self::Desk => client::disputes::queue(offset).await,
        }
    }

    fn empty(self) -> AnyView {
        let (title, text) = match self {
            Self::Mine => (words::disputes_empty_title(), words::disputes_empty_text()),
            Self::Desk => (words::desk_empty_title(), words::desk_empty_text()),
        };
        view! { <Notice about=About::Nothing icon="check" title text /> }.into_any()
    }

    fn says(self, turn: Turn) -> String {
        match (self, turn) {
            (Self::Desk, Turn::Operator) => words::desk_turn_operator(),
            (Self::Desk, Turn::Driver) => words::desk_turn_driver(),
            (_, turn) => turn_text(turn),
        }
    }
}

/// The list from `offset` on, and a way to see more of it. It is asked for again when
/// `steps`, taken with any of them, become more.
pub fn disputes_from(list: List, offset: u64, steps: Signal<u32>) -> AnyView {
    let page = remote(move || list.ask(offset));
    let mut known = steps.get_untracked();
    whenever(move || {
        let now = steps.get();
        // What is being asked for may be from before the step.
        if now != known && !page.busy().get() {
            known = now;
            page.again();
        }
    });
    let draw = move |page| part(list, offset, steps, page);
    view! { <Loaded remote=page shape=Shape::Rows(4) children=draw /> }.into_any()
}

fn part(list: List, offset: u64, steps: Signal<u32>, page: DisputePage) -> AnyView {
    if page.total == 0 {
        return list.empty();
    }
    let next = offset + u64::try_from(page.disputes.len()).unwrap_or_default();
    let some = page.total > next && next > offset;
    let rows = page
        .disputes
        .into_iter()
        .map(|row| view! { <li>{row_link(list, row)}</li> })
        .collect_view();
    let rest = move || disputes_from(list, next, steps);
    view! {
        <ul class="rows dispute-rows">{rows}</ul>
        {some.then(|| view! { <More rest=live(rest) /> })}
    }
    .into_any()
}

fn row_link(list: List, row: DisputeRow) -> AnyView {
    let (clock, address) = (use_clock(), use_address());
    let id = &row.dispute.dispute_id;
    let href = match list {
        List::Mine => routes::dispute(id),
        List::Desk => routes::desk_dispute(id),
    };
    let place = row
        .site_name
        .clone()
        .unwrap_or_else(|| row.dispute.session_id.clone());
    let title = match &row.driver {
        Some(driver) => words::desk_row(driver, &place),
        None => place,
    };
    let filed = row.dispute.created_at;
    let age = move || format::ago(filed, clock.now());
    let path = href.clone();
    let here = move || (address.path() == path).then_some("page");
    view! {
        <a class="dispute-row" href=href aria-current=live(here)>
            <span class="dispute-row-place">{title}</span>
            <span class="dispute-row-cost">{money(&row.dispute, row.dispute.billed_cost)}</span>
            <span class="dispute-row-state">
                <span class="dispute-row-turn">
                    <time datetime=filed.to_string()>{live(age)}</time>
                    " · "
                    {list.says(row.turn)}
                </span>
                <DisputeChip status=row.dispute.status />
            </span>
        </a>
    }
    .into_any()
}
