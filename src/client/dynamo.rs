//! Dynamo CSMS: the driver's sessions.

use portal_api::{
    dynamo::{Session, SessionPage},
    path,
    portal::SessionSummary,
    query::{SessionFilter, SessionQuery},
};

use super::{Answer, Result, get, with_query};

/// Some of the driver's sessions, newest first.
pub async fn sessions(query: SessionQuery) -> Result<Answer<SessionPage>> {
    get(&with_query(path::SESSIONS, &query.parameters())).await
}

/// What the filtered sessions add up to.
pub async fn summary(filter: SessionFilter) -> Result<Answer<SessionSummary>> {
    get(&with_query(path::SESSION_SUMMARY, &filter.parameters())).await
}

/// One session.
pub async fn session(id: String) -> Result<Answer<Session>> {
    get(&path::session(String::from(js_sys::encode_uri_component(
        &id,
    ))))
    .await
}
