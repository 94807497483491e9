//! The sessions that a filter lets through: asked for page by page as they come
//! into sight, and only what is in sight is drawn.

use std::time::Duration;

use leptos::{ev, html, prelude::*};
use portal_api::{
    portal::{SessionSummary, Site},
    query::{SessionFilter, SessionQuery},
};

use super::month::{self, Block, MonthBlock, Sight, index_in_sight};
use crate::{
    client::{self, Answer},
    components::loaded::Loaded,
    i18n::words,
    run::{after_paint, whenever, while_here},
    state::{
        identity::{Identity, use_identity},
        network::use_network,
        remote::{Load, remote},
        session_list::{PAGE_SIZE, PageLoad, PageNumber, Pages, Seen, use_session_list},
    },
    ui::{
        button::{Button, Weight},
        notice::{About, Notice},
        skeleton::Shape,
    },
};

/// How long the sight must rest before pages are asked for.
const REST: Duration = Duration::from_millis(90);

/// The list of one filter.
#[component]
pub fn FilteredList(
    /// Which sessions.
    filter: SessionFilter,
    /// Told which places there are.
    sites: RwSignal<Vec<Site>>,
    /// Told to let everything through.
    on_choose: Callback<SessionFilter>,
) -> impl IntoView {
    let memory = use_session_list();
    let seen = memory.seen(&filter);
    let scroll = seen.as_ref().map(|seen| seen.scroll);
    let pages = Pages::new(
        seen.as_ref()
            .map(|seen| seen.pages.clone())
            .unwrap_or_default(),
    );
    let rows = Rows::of(filter.clone(), pages);
    let unfiltered = filter.is_empty();

    let asked = filter.clone();
    let summary = remote(move || client::dynamo::summary(asked.clone()));
    if let Some(seen) = seen {
        summary.set(seen.summary);
    } else {
        rows.ask(0);
    }
    // A list that changed meanwhile is asked for anew, the rows in sight first.
    let before = StoredValue::new(None::<SessionSummary>);
    whenever(move || {
        let Load::Here(Answer { value, .. }) = summary.load() else {
            return;
        };
        sites.set(value.sites.clone());
        if before.get_value().is_some_and(|before| before != value) {
            pages.clear();
        }
        before.set_value(Some(value));
    });
    let down = how_far_down(scroll);
    on_cleanup(move || {
        if let Some(summary) = before.get_value() {
            memory.leave(Seen {
                filter,
                summary,
                pages: pages.all(),
                scroll: down.get_value(),
            });
        }
    });

    view! {
        <Loaded
            remote=summary
            shape=Shape::Rows(8)
            children=move |summary| {
                if summary.total == 0 {
                    view! { <Nothing unfiltered on_choose /> }.into_any()
                } else {
                    view! { <Months summary rows unfiltered scroll /> }.into_any()
                }
            }
        />
    }
}

/// How far down one is. Noted all along: when one leaves, the page is short and
/// at its top already.
fn how_far_down(from: Option<f64>) -> StoredValue<f64> {
    let down = StoredValue::new(from.unwrap_or_default());
    let scrolled = window_event_listener(ev::scroll, move |_| {
        down.set_value(window().scroll_y().unwrap_or_default());
    });
    on_cleanup(move || scrolled.remove());
    down
}

/// Nothing yet, or nothing that matches: two different things.
#[component]
fn Nothing(unfiltered: bool, on_choose: Callback<SessionFilter>) -> impl IntoView {
    if unfiltered {
        return view! {
            <Notice
                about=About::Nothing
                icon="bolt"
                title=words::sessions_empty_title()
                text=words::sessions_empty_text()
            />
        }
        .into_any();
    }
    view! {
        <Notice
            about=About::Nothing
            icon="search"
            title=words::sessions_unmatched_title()
            text=words::sessions_unmatched_text()
        >
            <Button
                weight=Weight::Main
                text=words::sessions_clear()
                on_press=move |()| on_choose.run(SessionFilter::default())
            />
        </Notice>
    }
    .into_any()
}

/// The rows of a filter, asked for page by page.
#[derive(Clone, Copy)]
pub struct Rows {
    /// The list's own: its months are drawn anew when their totals come again,
    /// and what was asked for is not called back by that.
    owner: StoredValue<Owner>,
    filter: StoredValue<SessionFilter>,
    identity: Identity,
    /// What is here.
    pub pages: Pages,
}

impl Rows {
    fn of(filter: SessionFilter, pages: Pages) -> Self {
        Self {
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            filter: StoredValue::new(filter),
            identity: use_identity(),
            pages,
        }
    }

    /// Asks for a page if it isn't here.
    pub fn ask(self, number: PageNumber) {
        if !self.pages.lacks(number) {
            return;
        }
        self.pages.set(number, PageLoad::Waiting);
        let query = SessionQuery {
            filter: self.filter.get_value(),
            limit: PAGE_SIZE.try_into().unwrap_or(u32::MAX),
            offset: (number * PAGE_SIZE).try_into().unwrap_or_default(),
        };
        let fetch = async move {
            let load = match client::dynamo::sessions(query).await {
                Ok(answer) => PageLoad::Here(answer.value.sessions),
                Err(problem) => {
                    self.identity.heed(&problem);
                    PageLoad::Failed
                }
            };
            self.pages.set(number, load);
        };
        self.owner.get_value().with(|| while_here(fetch));
    }
}

/// All months, one block each.
#[component]
fn Months(
    summary: SessionSummary,
    rows: Rows,
    unfiltered: bool,
    /// How far down one was.
    scroll: Option<f64>,
) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let sight = use_sight(list, scroll);
    let count = if unfiltered {
        words::sessions_count(summary.total)
    } else {
        words::sessions_matching(summary.total)
    };
    let blocks = Block::all(&summary.months);
    ask_for_what_is_in_sight(rows, sight, blocks.clone());
    let months = blocks
        .into_iter()
        .zip(summary.months)
        .map(|(block, totals)| view! { <MonthBlock block totals pages=rows.pages sight /> })
        .collect_view();
    view! {
        <p class="sessions-count" role="status">{count}</p>
        <div
            class="sessions-list"
            node_ref=list
            style=("--head", month::length(month::HEAD))
            style=("--row", month::length(month::ROW))
        >
            {months}
        </div>
    }
}

/// Follows what part of the list is in sight, and goes back to where one was.
fn use_sight(list: NodeRef<html::Div>, scroll: Option<f64>) -> RwSignal<Sight> {
    let sight = RwSignal::new(Sight::default());
    let asked = StoredValue::new(false);
    // Asked for ahead: by then the list may be gone.
    let look = move || {
        asked.try_set_value(false);
        if let Some(list) = list.try_get_untracked().flatten() {
            sight.try_set(Sight::of(&list));
            // In two steps: a key that is pressed meanwhile waits for one of them.
            after_paint(move || {
                sight.try_update(|sight| sight.rests = true);
            });
        }
    };
    // At most once a frame: what happens more often is not seen.
    let soon = move || {
        if asked.try_get_value() == Some(false) {
            asked.set_value(true);
            after_paint(look);
        }
    };
    let scrolled = window_event_listener(ev::scroll, move |_| soon());
    let resized = window_event_listener(ev::resize, move |_| soon());
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
    });
    whenever(move || {
        if list.get().is_some() {
            if let Some(scroll) = scroll {
                window().scroll_to_with_x_and_y(0.0, scroll);
                request_animation_frame(move || window().scroll_to_with_x_and_y(0.0, scroll));
            }
            look();
        }
    });
    sight
}

fn ask_for_what_is_in_sight(rows: Rows, sight: RwSignal<Sight>, blocks: Vec<Block>) {
    let network = use_network();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        let in_sight = sight
            .try_get_untracked()
            .and_then(|sight| index_in_sight(&blocks, sight));
        let Some(in_sight) = in_sight else { return };
        let pages = in_sight.start / PAGE_SIZE..=(in_sight.end - 1) / PAGE_SIZE;
        pages.for_each(|page| rows.ask(page));
    };
    whenever(move || {
        // Whoever signed in again finds what could not be had meanwhile.
        rows.identity.returns();
        if network.online() {
            rows.pages.forget_failed();
        }
    });
    whenever(move || {
        sight.track();
        rows.pages.track();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        timer.set_value(set_timeout_with_handle(ask.clone(), REST).ok());
    });
    on_cleanup(move || {
        if let Some(timer) = timer.try_get_value().flatten() {
            timer.clear();
        }
    });
}
