//! Dynamo CSMS: the driver's sessions.

use portal_api::{
    dynamo::{SessionPage, cost::CostBreakdown},
    path,
    portal::{SessionDetail, SessionSummary},
    query::{SessionFilter, SessionQuery},
};

use super::{Answer, Result, get, in_path, with_query};

/// Some of the driver's sessions, newest first.
pub async fn sessions(query: SessionQuery) -> Result<Answer<SessionPage>> {
    get(&with_query(path::SESSIONS, &query.parameters())).await
}

/// What the filtered sessions add up to.
pub async fn summary(filter: SessionFilter) -> Result<Answer<SessionSummary>> {
    get(&with_query(path::SESSION_SUMMARY, &filter.parameters())).await
}

/// All about one session.
pub async fn session(id: String) -> Result<Answer<SessionDetail>> {
    get(&path::session(in_path(&id))).await
}

/// What one session cost, line by line.
pub async fn cost(id: String) -> Result<Answer<CostBreakdown>> {
    get(&path::cost_breakdown(in_path(&id))).await
}
