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

/// Where a session's newest receipt is, or the one with a number.
pub fn receipt_path(id: &str, number: Option<&str>) -> String {
    let path = path::receipt(in_path(id));
    match number {
        Some(number) => with_query(&path, &[("number", number.to_owned())]),
        None => path,
    }
}

/// Where the receipts of the filtered sessions are.
pub fn receipts_path(filter: &SessionFilter) -> String {
    with_query(path::RECEIPTS_ZIP, &filter.parameters())
}

/// Where the table of the filtered sessions is.
pub fn table_path(filter: &SessionFilter) -> String {
    with_query(path::SESSIONS_CSV, &filter.parameters())
}
