//! The server is killed between the order and its answer, again and again: afterwards
//! it and the charge point agree.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{collections::BTreeSet, time::Duration};

use portal_api::{
    dynamo::reservation::ReservationRequest,
    path,
    portal::holds::{HoldStage, Holds},
};
use portal_server::clock::Clock;
use support::{
    Browser, Database,
    crash::{Table, browser_at, connect, driver, prepare, serve, start},
    database,
    program::Program,
};

const ROUNDS: u64 = 50;

/// Where the server is to be killed.
#[derive(Clone, Copy, PartialEq)]
enum Kill {
    BeforeTheAnswer,
    AfterTheAnswer,
    InBetween,
}

/// A request that is answered, whatever breaks, by being repeated.
async fn held(browser: &Browser, key: &str, request: &ReservationRequest) -> String {
    loop {
        let answer = browser.post_once(path::RESERVATIONS, key, request).await;
        if answer.status != 503 {
            assert_eq!(answer.status, 201, "{}", answer.text);
            return answer.value()["reservation_id"]
                .as_str()
                .unwrap()
                .to_owned();
        }
    }
}

async fn round(
    number: u64,
    (database, folder): (&Database, &std::path::Path),
    program: Program,
    cookie: &Option<String>,
    table: &Table,
) -> Program {
    let kill = [Kill::BeforeTheAnswer, Kill::AfterTheAnswer, Kill::InBetween][number as usize % 3];
    let mut point = connect(&program).await;
    point.status(1, "Available", "2025-06-14T15:00:00Z").await;
    let request = ReservationRequest {
        charge_point_id: "CP-BGO".into(),
        connector_id: 1,
        expires_at: Clock::system().now().plus_seconds(900),
        id_tag: "driver@example.com".into(),
    };
    let key = format!("crash-{number:04}");
    let browser = browser_at(&program, cookie);
    let lost = tokio::spawn({
        let (key, request) = (key.clone(), request.clone());
        let sent = browser.request(reqwest::Method::POST, path::RESERVATIONS);
        let sent = sent
            .header("content-type", "application/json")
            .header("idempotency-key", &key)
            .body(serde_json::to_vec(&request).unwrap());
        async move { sent.send().await.map(drop) }
    });
    let dying = std::cell::RefCell::new(Some(program));
    let die = async || drop(dying.borrow_mut().take());
    serve(
        point,
        table,
        async || {
            if kill == Kill::BeforeTheAnswer {
                die().await;
            }
        },
        async || {
            if kill == Kill::InBetween {
                tokio::time::sleep(Duration::from_millis(number * 37 % 11)).await;
            }
            die().await;
        },
    )
    .await;
    drop(lost.await);
    let program = start(database, folder);
    let browser = browser_at(&program, cookie);
    let point = connect(&program).await;
    tokio::select! {
        () = serve(point, table, async || {}, async || {}) => panic!("the server is gone"),
        () = agree(&browser, &key, &request, table) => {}
    }
    program
}

/// The hold is there once on both sides, and given up on both sides.
async fn agree(browser: &Browser, key: &str, request: &ReservationRequest, table: &Table) {
    let id = held(browser, key, request).await;
    let live = async || {
        let all: Holds = browser.get(path::HOLDS).await.json();
        let over = |stage: &HoldStage| *stage == HoldStage::Over;
        let live = all.holds.iter().filter(|hold| !over(&hold.stage));
        live.map(|hold| hold.reservation.reservation_id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(live().await, std::slice::from_ref(&id));
    assert_eq!(table.borrow().len(), 1, "{:?}", table.borrow());
    assert_eq!(browser.delete(&path::reservation(&id)).await.status, 204);
    while !live().await.is_empty() {}
    assert_eq!(table.borrow().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_fifty_times_the_server_and_the_charge_point_agree() {
    for database in database::all().await {
        let folder = database::folder();
        prepare(&database, &folder).await;
        let mut program = start(&database, &folder);
        let browser = driver(&program).await;
        let table = Table::new(BTreeSet::new());
        for number in 0..ROUNDS {
            let store = (&database, folder.as_path());
            program = round(number, store, program, &browser.cookie, &table).await;
        }
        drop(program);
        database.drop().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
