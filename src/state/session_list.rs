//! The list of sessions as it was last seen, so that coming back to it finds
//! the same rows in the same place.

use std::collections::BTreeMap;

use leptos::prelude::*;
use portal_api::{
    dynamo::{MOST_SESSIONS, Session},
    portal::SessionSummary,
    query::SessionFilter,
};

/// A page of the list, counted from 0.
pub type PageNumber = usize;

/// How far a page of the list is.
#[derive(Clone, Debug, PartialEq)]
pub enum PageLoad {
    /// Asked for.
    Waiting,
    /// Here.
    Here(Vec<Session>),
    /// It could not be had.
    Failed,
}

/// How far a row of the list is.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// On its way.
    Waiting,
    /// Here.
    Here(Box<Session>),
    /// It could not be had.
    Failed,
}

/// How many rows a page has: as many as one request may ask for.
pub const PAGE_SIZE: usize = MOST_SESSIONS as usize;

/// The pages of one filter.
#[derive(Clone, Copy)]
pub struct Pages(RwSignal<BTreeMap<PageNumber, PageLoad>>);

impl Pages {
    /// The pages that are here already.
    pub fn new(pages: BTreeMap<PageNumber, PageLoad>) -> Self {
        Self(RwSignal::new(pages))
    }

    /// All of them as they are now.
    pub fn all(self) -> BTreeMap<PageNumber, PageLoad> {
        self.0.get_untracked()
    }

    /// Forgets all of them.
    pub fn clear(self) {
        self.0.set(BTreeMap::new());
    }

    /// The row of that index.
    pub fn row(self, index: usize) -> Row {
        self.0.with(|pages| match pages.get(&(index / PAGE_SIZE)) {
            Some(PageLoad::Here(rows)) => rows
                .get(index % PAGE_SIZE)
                .map_or(Row::Failed, |row| Row::Here(row.clone().into())),
            Some(PageLoad::Failed) => Row::Failed,
            Some(PageLoad::Waiting) | None => Row::Waiting,
        })
    }

    /// Whether a page still has to be asked for.
    pub fn lacks(self, number: PageNumber) -> bool {
        self.0.with_untracked(|pages| !pages.contains_key(&number))
    }

    /// Forgets the pages that could not be had, so that they are asked for again.
    pub fn forget_failed(self) {
        let failed = |load: &PageLoad| matches!(load, PageLoad::Failed);
        if self.0.with_untracked(|pages| pages.values().any(failed)) {
            self.0.update(|pages| pages.retain(|_, load| !failed(load)));
        }
    }

    /// Tells whoever calls this when any page changes.
    pub fn track(self) {
        self.0.track();
    }

    /// Puts a page in its place.
    pub fn set(self, number: PageNumber, load: PageLoad) {
        self.0.update(|pages| {
            pages.insert(number, load);
        });
    }
}

/// The list as it was when one left it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which sessions.
    pub filter: SessionFilter,
    /// What they added up to.
    pub summary: SessionSummary,
    /// The pages that were here.
    pub pages: BTreeMap<PageNumber, PageLoad>,
    /// How far down one was.
    pub scroll: f64,
}

/// Remembers the list one left last.
#[derive(Clone, Copy)]
pub struct SessionList(StoredValue<Option<Seen>>);

impl SessionList {
    /// The list of that filter as one left it, if it was the last one.
    pub fn seen(self, filter: &SessionFilter) -> Option<Seen> {
        self.0
            .with_value(|seen| seen.as_ref().filter(|seen| seen.filter == *filter).cloned())
    }

    /// Remembers it.
    pub fn leave(self, seen: Seen) {
        self.0.set_value(Some(seen));
    }
}

/// Makes room to remember.
pub(super) fn provide() {
    provide_context(SessionList(StoredValue::new(None)));
}

/// The list one left last.
pub fn use_session_list() -> SessionList {
    expect_context()
}
