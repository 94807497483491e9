//! Whatever happens on the way: nothing is filed twice and nothing is lost.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    dynamo::dispute::Dispute,
    path,
    portal::disputes::{Decision, DisputeDetail, DisputeMessage, DisputePage, Outcome},
};
use support::{
    Answer, Browser, Server, both_stores, database,
    disputes::{count, demo, ended_session, ended_sessions, file, letters, saying, try_file},
    people,
    program::Program,
};
use tokio::task::JoinSet;

const DRIVER: &str = "driver@example.com";
const KEY: &str = "0197-key-of-a-dispute";

async fn once(browser: &Browser, session: &str, key: &str, reason: &str) -> Answer {
    let path = path::dispute_of(session);
    browser.post_once(&path, key, &saying(reason)).await
}

fn id(answer: &Answer) -> String {
    answer.json::<Dispute>().dispute_id
}

async fn disputes(server: &Server) -> i64 {
    count(server, "select count(*) from disputes").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_gets_the_same_answer() {
    both_stores(async |server| {
        demo(server).await;
        let driver = server.signed_in(DRIVER).await;
        let sessions = ended_sessions(server, DRIVER).await;
        let first = once(&driver, &sessions[0], KEY, "x").await;
        assert_eq!(
            (first.status, first.header("idempotency-replayed")),
            (201, None)
        );
        server.clock().advance(3_600);
        let again = once(&driver, &sessions[0], KEY, "x").await;
        assert_eq!((again.status, &again.text), (201, &first.text));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.header("content-type"), Some("application/json"));
        for (session, reason) in [(&sessions[0], "y"), (&sessions[1], "x")] {
            let other = once(&driver, session, KEY, reason).await;
            assert_eq!(other.status, 422, "{}", other.text);
        }
        assert_eq!(
            (disputes(server).await, letters(server).await.len()),
            (1, 2)
        );
        let employee = server.signed_in("employee@example.com").await;
        let theirs = ended_session(server, "employee@example.com").await;
        assert_eq!(once(&employee, &theirs, KEY, "x").await.status, 201);
        for bad in ["short", &"x".repeat(129), "with a space"] {
            assert_eq!(once(&driver, &sessions[1], bad, "x").await.status, 400);
        }
        // A week later nobody repeats it any more.
        server.clock().advance(7 * 24 * 60 * 60 + 1);
        portal_server::tasks::clean(&server.app).await.unwrap();
        assert_eq!(count(server, "select count(*) from idempotency").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_not_remembered() {
    both_stores(async |server| {
        demo(server).await;
        let driver = server.signed_in(DRIVER).await;
        let desk = server.signed_in("desk@example.com").await;
        let session = ended_session(server, DRIVER).await;
        let filed = file(&driver, &session, "x").await;
        assert_eq!(once(&driver, &session, KEY, "y").await.status, 409);
        let rejected = Decision {
            outcome: Outcome::Rejected,
            credit: None,
            text: "no".to_owned(),
        };
        let decision = path::desk_decision(&filed.dispute_id);
        assert_eq!(desk.post(&decision, &rejected).await.status, 200);
        assert_eq!(once(&driver, &session, KEY, "y").await.status, 201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filed_many_times_at_once_is_one() {
    both_stores(async |server| {
        demo(server).await;
        let driver = server.signed_in(DRIVER).await;
        let sessions = ended_sessions(server, DRIVER).await;
        let mut asking = JoinSet::new();
        for number in 0..32 {
            let (driver, session) = (driver.clone(), sessions[number % 2].clone());
            asking.spawn(async move {
                if number % 2 == 0 {
                    once(&driver, &session, KEY, "x").await
                } else {
                    try_file(&driver, &session, &saying("x")).await
                }
            });
        }
        let answers = asking.join_all().await;
        assert_eq!(disputes(server).await, 2);
        assert_eq!(letters(server).await.len(), 4);
        let made = answers.iter().filter(|answer| answer.status == 201);
        let mut ids: Vec<_> = made.map(id).collect();
        assert_eq!(
            ids.len(),
            16 + 1,
            "one answer to one key; one of those without"
        );
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 2);
        let refused = answers.iter().filter(|answer| answer.status == 409);
        assert_eq!(refused.count(), 15);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_decide_at_once_one_does() {
    both_stores(async |server| {
        demo(server).await;
        let driver = server.signed_in(DRIVER).await;
        let desk = server.signed_in("desk@example.com").await;
        let session = ended_session(server, DRIVER).await;
        let id = file(&driver, &session, "x").await.dispute_id;
        let mut deciding = JoinSet::new();
        for cents in 1..=8 {
            let (desk, path) = (desk.clone(), path::desk_decision(&id));
            let decision = Decision {
                outcome: Outcome::PartlyAccepted,
                credit: Some(portal_api::decimal::Decimal::new(cents, 0)),
                text: "yes".to_owned(),
            };
            deciding.spawn(async move { desk.post(&path, &decision).await.status });
        }
        let mut statuses = deciding.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
        let credits = "select count(*) from dispute_events where kind = 'credited'";
        assert_eq!(count(server, credits).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_twice_with_a_key_is_said_once() {
    both_stores(async |server| {
        demo(server).await;
        let driver = server.signed_in(DRIVER).await;
        let desk = server.signed_in("desk@example.com").await;
        let session = ended_session(server, DRIVER).await;
        let id = file(&driver, &session, "x").await.dispute_id;
        let text = DisputeMessage {
            text: "hello".to_owned(),
        };
        for (browser, path) in [
            (&driver, path::dispute_messages(&id)),
            (&desk, path::desk_question(&id)),
        ] {
            for _ in 0..3 {
                assert_eq!(browser.post_once(&path, KEY, &text).await.status, 200);
            }
        }
        let whole: DisputeDetail = driver.get(&path::dispute(&id)).await.json();
        // Filed, said, in review, asked.
        assert_eq!(whole.events.len(), 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_dies_after_its_answer_loses_neither_dispute_nor_letter() {
    let folder = database::folder();
    let program = Program::start(&folder, &["--demo"]);
    let mut driver = Browser::new(program.address);
    let entered = driver.sign_in(DRIVER, people::PASSWORD).await;
    assert_eq!(entered.status, 200);
    let list = driver.get(path::SESSIONS).await;
    let list: portal_api::dynamo::SessionPage = list.json();
    let mut ended = list.sessions.iter().filter(|one| one.cost().is_some());
    let session = ended.find(|one| one.ended_at.is_some()).unwrap();
    let answer = once(&driver, &session.session_id, KEY, "x").await;
    program.kill();
    assert_eq!(answer.status, 201, "{}", answer.text);
    let program = Program::start(&folder, &[]);
    let mut driver = Browser::new(program.address);
    driver.sign_in(DRIVER, people::PASSWORD).await;
    let page: DisputePage = driver.get(path::DISPUTES).await.json();
    assert_eq!(page.disputes[0].dispute, answer.json());
    let again = once(&driver, &session.session_id, KEY, "x").await;
    assert_eq!(again.text, answer.text);
    // It left before the program died, or leaves now.
    let left = std::fs::read_dir(folder.join("letters")).map_or(0, Iterator::count);
    if left == 0 {
        assert!(program.says("letter: ").contains("dispute-filed"));
    }
    program.kill();
    std::fs::remove_dir_all(folder).unwrap();
}
