//! The disk gets full between an order and its answer: the charge point is not asked
//! without a pause what it has answered, and asked again once there is room.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::collections::BTreeSet;

use portal_api::dynamo::reservation::ReservationRequest;
use portal_server::clock::Clock;
use serde_json::json;
use support::{
    Database,
    charge_point::ChargePoint,
    crash::{Table, connect, driver, prepare, serve, start},
    holds,
    small_disk::{self, Ballast},
};

const HEARTBEATS: usize = 50;

/// How often it is ordered something, always says yes, and reports meanwhile.
async fn orders_during_heartbeats(point: &mut ChargePoint) -> usize {
    let mut orders = 0;
    for _ in 0..HEARTBEATS {
        point.call("Heartbeat", json!({})).await;
        while point.has_order() {
            point.obey("Accepted").await;
            orders += 1;
        }
    }
    orders
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_cannot_be_kept_is_not_asked_for_without_a_pause() {
    let name = "an_answer_that_cannot_be_kept_is_not_asked_for_without_a_pause";
    let Some(folder) = small_disk::folder(name) else {
        return;
    };
    prepare(&Database::Sqlite, &folder).await;
    let program = start(&Database::Sqlite, &folder);
    let mut point = connect(&program).await;
    point.status(1, "Available", "2025-06-14T15:00:00Z").await;
    let browser = driver(&program).await;
    let request = ReservationRequest {
        charge_point_id: "CP-BGO".into(),
        connector_id: 1,
        expires_at: Clock::system().now().plus_seconds(900),
        id_tag: "driver@example.com".into(),
    };
    let asked = tokio::spawn(async move {
        let answer = holds::ask_until_known(&browser, &request, "before-it-was-full").await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    });
    let (id, action, _) = point.order().await;
    assert_eq!(action, "ReserveNow");
    let ballast = Ballast::fill(&folder);
    point.answer(&id, "Accepted").await;
    // It may be asked now and then, and a slow machine takes its time for this.
    let orders = orders_during_heartbeats(&mut point).await;
    assert!(orders < HEARTBEATS / 2, "{orders}");
    drop(ballast);
    let table = Table::new(BTreeSet::new());
    tokio::select! {
        () = serve(point, &table, async || {}, async || {}) => panic!("the server is gone"),
        asked = asked => asked.unwrap(),
    }
    assert_eq!(table.borrow().len(), 1);
    program.kill();
}
