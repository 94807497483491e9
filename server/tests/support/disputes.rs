//! Disputes of the demo's people.

use portal_api::{
    dynamo::dispute::{Dispute, DisputeRequest},
    path,
};
use portal_server::{config::DemoSize, embedded::demo};

use super::{Answer, Browser, Server};

/// The demo's people and their sessions, and nothing at the desk.
pub async fn demo(server: &Server) {
    demo::fill(server.store(), DemoSize::Small, server.clock().now())
        .await
        .unwrap();
    let mut write = server.store().write().await.unwrap();
    sqlx::query("delete from disputes")
        .execute(&mut *write)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

/// Sessions of somebody that have ended, cost something and were never disputed, by id.
pub async fn ended_sessions(server: &Server, email: &str) -> Vec<String> {
    sqlx::query_scalar(
        "select s.id from sessions s join people p on p.id = s.driver_id
        where p.email = $1 and s.cost_minor > 500 and s.dispute_status is null order by s.id",
    )
    .bind(email)
    .fetch_all(server.store().readers())
    .await
    .unwrap()
}

/// One of them.
pub async fn ended_session(server: &Server, email: &str) -> String {
    ended_sessions(server, email).await.remove(0)
}

/// What somebody says, and no more.
pub fn saying(reason: &str) -> DisputeRequest {
    DisputeRequest {
        reason: reason.to_owned(),
        expected_cost: None,
        line: None,
        files: Vec::new(),
    }
}

/// Tries to file a dispute.
pub async fn try_file(browser: &Browser, session: &str, request: &DisputeRequest) -> Answer {
    browser.post(&path::dispute_of(session), request).await
}

/// Files a dispute.
pub async fn file(browser: &Browser, session: &str, reason: &str) -> Dispute {
    let answer = try_file(browser, session, &saying(reason)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

/// Kind, recipient and text of the letters in the box, the oldest first.
pub async fn letters(server: &Server) -> Vec<(String, String, String)> {
    sqlx::query_as("select kind, recipient, body from letters order by created_at, kind")
        .fetch_all(server.store().readers())
        .await
        .unwrap()
}

/// How many rows a table has.
pub async fn count(server: &Server, count: &'static str) -> i64 {
    sqlx::query_scalar(count)
        .fetch_one(server.store().readers())
        .await
        .unwrap()
}
