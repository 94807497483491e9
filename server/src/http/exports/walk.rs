//! All ended sessions that a filter lets through, page by page.

use std::collections::HashSet;

use portal_api::{
    dynamo::{MOST_SESSIONS, SessionStatus},
    query::{SessionFilter, SessionQuery},
};

use crate::{
    App,
    http::{Caller, dynamo::driver},
    provider::{Entry, Failure},
};

/// A walk through somebody's sessions.
pub struct Walk {
    /// Where they are.
    pub app: App,
    /// Whose they are.
    pub caller: Caller,
    query: SessionQuery,
    /// A session that begins meanwhile shifts the others onto the next page.
    seen: HashSet<String>,
}

impl Walk {
    /// At its beginning.
    pub fn new(app: App, caller: Caller, filter: SessionFilter) -> Self {
        Self {
            app,
            caller,
            query: SessionQuery {
                filter,
                limit: MOST_SESSIONS,
                offset: 0,
            },
            seen: HashSet::new(),
        }
    }

    /// How many sessions there are to come.
    pub async fn count(&self) -> Result<u64, Failure> {
        let all = self.total(self.query.filter.status.clone()).await?;
        let running = match &self.query.filter.status {
            None => self.total(Some(SessionStatus::Active)).await?,
            Some(SessionStatus::Active) => all,
            Some(_) => 0,
        };
        Ok(all.saturating_sub(running))
    }

    async fn total(&self, status: Option<SessionStatus>) -> Result<u64, Failure> {
        let filter = SessionFilter {
            status,
            ..self.query.filter.clone()
        };
        let query = SessionQuery {
            filter,
            limit: 1,
            offset: 0,
        };
        let page = self.app.sessions.page(driver(&self.caller), &query).await?;
        Ok(page.total)
    }

    /// The next page, perhaps an empty one; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<Entry>>, Failure> {
        let asked = self.app.sessions.entries(driver(&self.caller), &self.query);
        let mut page = asked.await?;
        if page.is_empty() {
            return Ok(None);
        }
        self.query.offset += u64::from(self.query.limit);
        page.retain(|Entry { session, .. }| {
            session.ended_at.is_some() && self.seen.insert(session.session_id.clone())
        });
        Ok(Some(page))
    }
}
