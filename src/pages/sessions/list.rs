//! The sessions that a filter lets through: asked for page by page as they come
//! into sight, and only what is in sight is drawn.

use leptos::{html, prelude::*};
use portal_api::{
    dynamo::Session,
    portal::{SessionSummary, Site},
    query::{SessionFilter, SessionQuery},
};

use super::month::{self, Block, MonthBlock, index_in_sight};
use crate::{
    client::{self, Answer},
    components::{
        loaded::Loaded,
        nothing_charged::NothingCharged,
        unmatched::Unmatched,
        windowed::{Rows, length, use_sight},
    },
    i18n::words,
    run::whenever,
    state::{
        pages::Pages,
        remote::{Load, remote},
        scroll::how_far_down,
        session_list::{Seen, use_session_list},
    },
    ui::skeleton::Shape,
};

/// The list of one filter.
#[component]
pub fn FilteredList(
    /// Which sessions.
    filter: SessionFilter,
    /// Told which places there are.
    sites: RwSignal<Vec<Site>>,
    /// Told whether there is not a single session.
    none: RwSignal<bool>,
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
    let rows = rows_of(filter.clone(), pages);
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
        none.set(unfiltered && value.total == 0);
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

/// The rows that a filter lets through.
fn rows_of(filter: SessionFilter, pages: Pages<Session>) -> Rows<Session> {
    Rows::of(pages, move |(limit, offset)| {
        let query = SessionQuery {
            filter: filter.clone(),
            limit,
            offset,
        };
        async move {
            let answer = client::dynamo::sessions(query).await?;
            Ok(answer.value.sessions)
        }
    })
}

/// Nothing yet, or nothing that matches: two different things.
#[component]
fn Nothing(unfiltered: bool, on_choose: Callback<SessionFilter>) -> impl IntoView {
    if unfiltered {
        return view! { <NothingCharged /> }.into_any();
    }
    let on_clear = Callback::new(move |()| on_choose.run(SessionFilter::default()));
    view! { <Unmatched text=words::sessions_unmatched_text() on_clear /> }.into_any()
}

/// All months, one block each.
#[component]
fn Months(
    summary: SessionSummary,
    rows: Rows<Session>,
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
    let all = blocks.clone();
    rows.ask_for_what_is_in_sight(sight, move |sight| index_in_sight(&all, sight));
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
            style=("--head", length(month::HEAD))
            style=("--row", length(month::ROW))
        >
            {months}
        </div>
    }
}
