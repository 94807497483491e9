//! The rows of a long list that are here, page by page.

use std::collections::BTreeMap;

use leptos::prelude::*;
use portal_api::dynamo::MOST_SESSIONS;

/// A page of the list, counted from 0.
pub type PageNumber = usize;

/// How far a page of the list is.
#[derive(Clone, Debug, PartialEq)]
pub enum PageLoad<T> {
    /// Asked for.
    Waiting,
    /// Here.
    Here(Vec<T>),
    /// It could not be had.
    Failed,
}

/// How far a row of the list is.
#[derive(Clone, Debug, PartialEq)]
pub enum Row<T> {
    /// On its way.
    Waiting,
    /// Here.
    Here(Box<T>),
    /// It could not be had.
    Failed,
}

/// How many rows a page has: as many as one request may ask for.
pub const PAGE_SIZE: usize = MOST_SESSIONS as usize;

/// The pages of one filter.
pub struct Pages<T: 'static>(RwSignal<BTreeMap<PageNumber, PageLoad<T>>>);

impl<T> Clone for Pages<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Pages<T> {}

impl<T: Clone + Send + Sync + 'static> Pages<T> {
    /// The pages that are here already; what was on its way when its list was left never
    /// came.
    pub fn new(mut pages: BTreeMap<PageNumber, PageLoad<T>>) -> Self {
        pages.retain(|_, load| matches!(load, PageLoad::Here(_)));
        Self(RwSignal::new(pages))
    }

    /// All of them as they are now.
    pub fn all(self) -> BTreeMap<PageNumber, PageLoad<T>> {
        self.0.get_untracked()
    }

    /// Forgets all of them.
    pub fn clear(self) {
        self.0.set(BTreeMap::new());
    }

    /// The row of that index.
    pub fn row(self, index: usize) -> Row<T> {
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
        let failed = |load: &PageLoad<T>| matches!(load, PageLoad::Failed);
        if self.0.with_untracked(|pages| pages.values().any(failed)) {
            self.0.update(|pages| pages.retain(|_, load| !failed(load)));
        }
    }

    /// Tells whoever calls this when any page changes.
    pub fn track(self) {
        self.0.track();
    }

    /// Puts a page in its place.
    pub fn set(self, number: PageNumber, load: PageLoad<T>) {
        self.0.update(|pages| {
            pages.insert(number, load);
        });
    }
}
