//! The list of sessions as it was last seen, so that coming back to it finds
//! the same rows in the same place.

use std::collections::BTreeMap;

use leptos::prelude::*;
use portal_api::{dynamo::Session, portal::SessionSummary, query::SessionFilter};

use super::pages::{PageLoad, PageNumber};

/// The list as it was when one left it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which sessions.
    pub filter: SessionFilter,
    /// What they added up to.
    pub summary: SessionSummary,
    /// The pages that were here.
    pub pages: BTreeMap<PageNumber, PageLoad<Session>>,
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
