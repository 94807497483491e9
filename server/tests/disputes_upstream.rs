//! Disputes that a real Dynamo decides: filed there once, and no more is told
//! than it tells.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[allow(dead_code, reason = "these tests need only some of it")]
#[path = "upstream_dynamo/stand_in.rs"]
mod stand_in;
mod support;

use std::sync::Arc;

use portal_api::{
    dynamo::{
        SessionPage,
        dispute::{Dispute, DisputeRequest, DisputeStatus},
    },
    path,
    portal::SessionDetail,
    portal::disputes::{DisputeDetail, DisputeMessage, DisputePage, Turn},
    problem::{Code, Problem},
};
use portal_server::{
    config::{DynamoUpstream, Secret},
    embedded::people::Role,
    upstream::dynamo::Dynamo,
};
use reqwest::Method;
use serde_json::json;
use stand_in::{KEY, Quirk, StandIn};
use support::{
    Answer, Browser, Server, both_stores,
    disputes::{file, letters, saying, try_file},
    people,
    upstream::LIMITS,
};
use tokio::task::JoinSet;

/// A server in front of a stand-in with two sessions, one of them the driver's.
async fn served(test: impl AsyncFn(&Server, &StandIn, &Browser)) {
    both_stores(async |server| {
        let stand_in = StandIn::start().await;
        stand_in.add_plain("s1", "usr_D1", 1);
        stand_in.add_plain("s2", "usr_D2", 2);
        let upstream = DynamoUpstream {
            url: stand_in.url.parse().unwrap(),
            key: Secret::new(KEY),
            time_zone: chrono_tz::Europe::Oslo,
        };
        let dynamo = Dynamo::new(&upstream, server.clock().clone(), LIMITS).unwrap();
        let dynamo = Arc::new(dynamo);
        let mut app = server.app.clone();
        app.sessions = dynamo.clone();
        app.disputes = Some(dynamo);
        people::driver_of_dynamo(server).await;
        people::add(server, "desk@example.com", &[Role::Staff]).await;
        let front = Server::of(app).await;
        let driver = front.signed_in("driver@example.com").await;
        test(&front, &stand_in, &driver).await;
    })
    .await;
}

async fn mine(driver: &Browser) -> DisputePage {
    driver.get(path::DISPUTES).await.json()
}

async fn once(driver: &Browser, reason: &str) -> Answer {
    let path = path::dispute_of("s1");
    driver
        .post_once(&path, "key-of-this", &saying(reason))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_filed_there_and_nothing_is_invented() {
    served(async |server, stand_in, driver| {
        let request = DisputeRequest {
            expected_cost: Some("94.20".parse().unwrap()),
            line: Some("parking".to_owned()),
            ..saying("Billed for parking")
        };
        let answer = try_file(driver, "s1", &request).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let filed: Dispute = answer.json();
        assert_eq!(filed.status, DisputeStatus::Open);
        let posted = stand_in.posted();
        let documented = json!({ "reason": "Billed for parking", "expected_cost": 94.20 });
        assert_eq!(posted, [(filed.dispute_id.clone(), documented)]);
        let page = mine(driver).await;
        assert_eq!((page.total, page.disputes[0].turn), (1, Turn::Unknown));
        assert_eq!(page.disputes[0].dispute, filed);
        let list: SessionPage = driver.get(path::SESSIONS).await.json();
        assert_eq!(list.sessions[0].dispute_status, Some(DisputeStatus::Open));
        let shown: SessionDetail = driver.get(&path::session("s1")).await.json();
        assert_eq!(shown.dispute_id.as_ref(), Some(&filed.dispute_id));
        let path = path::dispute(&filed.dispute_id);
        let whole: DisputeDetail = driver.get(&path).await.json();
        assert_eq!((whole.events.len(), whole.outcome), (1, None));
        assert_eq!(whole.line.as_deref(), Some("parking"));
        assert_eq!(letters(server).await.len(), 1);
        stand_in.say("s1", "dispute_status", json!("under_review"));
        let list: SessionPage = driver.get(path::SESSIONS).await.json();
        let newer = Some(DisputeStatus::UnderReview);
        assert_eq!(list.sessions[0].dispute_status, newer);
        let message = DisputeMessage {
            text: "hello?".to_owned(),
        };
        let path = path::dispute_messages(&filed.dispute_id);
        let said = driver.post(&path, &message).await;
        assert_eq!(
            (said.status, said.json::<Problem>().code),
            (409, Code::Elsewhere)
        );
        let desk = server.signed_in("desk@example.com").await;
        let queue: DisputePage = desk.get(path::DESK_DISPUTES).await.json();
        assert_eq!(queue.total, 0);
        let there = desk.post(&path::desk_review(&filed.dispute_id), &()).await;
        assert_eq!(there.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_is_kept_as_it_says_it() {
    for (said, status) in [
        (r#"{"data":{"id":7,"status":"ESCALATED"}}"#, "ESCALATED"),
        ("<html>created</html>", "unknown"),
        ("", "unknown"),
    ] {
        served(async |_, stand_in, driver| {
            stand_in.next_post(Quirk::Answers(201, "application/json", said.to_owned()));
            let filed = file(driver, "s1", "x").await;
            assert_eq!(filed.status.as_str(), status);
            assert_eq!(mine(driver).await.disputes[0].turn, Turn::Unknown);
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_leaves_nothing_behind() {
    served(async |server, stand_in, driver| {
        let refused = |status, body: &str| Quirk::Answers(status, "application/json", body.into());
        for (quirk, status) in [
            (refused(422, r#"{"error":{"message":"too late"}}"#), 422),
            (refused(400, "{}"), 400),
            (refused(404, "{}"), 404),
            (refused(409, "{}"), 409),
            (Quirk::Busy(429, Some("0".to_owned())), 503),
        ] {
            stand_in.next_post(quirk);
            let answer = once(driver, "x").await;
            assert_eq!(answer.status, status, "{}", answer.text);
            assert_eq!(mine(driver).await.total, 0);
        }
        assert!(letters(server).await.is_empty());
        assert_eq!(once(driver, "y").await.status, 201, "the key is free again");
        assert_eq!(try_file(driver, "s2", &saying("x")).await.status, 404);
        assert_eq!(stand_in.posted().len(), 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_arrived_is_sent_again_as_the_same() {
    for (quirk, status) in [
        (Quirk::Hangs, 504),
        (Quirk::Answers(500, "text/plain", String::new()), 502),
        (Quirk::Busy(503, None), 503),
    ] {
        served(async |server, stand_in, driver| {
            stand_in.next_post(quirk.clone());
            let lost = once(driver, "x").await;
            assert_eq!(lost.status, status, "{}", lost.text);
            assert_eq!(stand_in.posted().len(), 1, "it is never sent twice at once");
            let row = mine(driver).await.disputes.remove(0);
            assert_eq!(row.dispute.status, DisputeStatus::Unconfirmed);
            assert!(letters(server).await.is_empty());
            let too_soon = once(driver, "x").await;
            assert_eq!(too_soon.status, 409);
            assert_eq!(too_soon.header("retry-after"), Some("20"));
            let too_soon = try_file(driver, "s1", &saying("x")).await;
            assert_eq!(too_soon.status, 409, "not without its key either");
            server.clock().advance(20);
            let other_words = try_file(driver, "s1", &saying("y")).await;
            assert_eq!(other_words.status, 409, "the first ones may have arrived");
            // Now it surely doesn't arrive, which says nothing of the first time.
            stand_in.next_post(Quirk::Busy(429, Some("0".to_owned())));
            assert_eq!(once(driver, "x").await.status, 503);
            assert_eq!(mine(driver).await.total, 1);
            server.clock().advance(20);
            // The first time it had arrived: Dynamo knows of an open one.
            stand_in.next_post(Quirk::Answers(409, "application/json", "{}".into()));
            let again = once(driver, "x").await;
            assert_eq!(again.status, 201, "{}", again.text);
            let [first, second, third] = &stand_in.posted()[..] else {
                panic!("it is sent three times");
            };
            assert_eq!((first, first), (second, third));
            assert_eq!(first.0, again.json::<Dispute>().dispute_id);
            assert_eq!(once(driver, "x").await.text, again.text);
            assert_eq!(letters(server).await.len(), 1);
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filed_many_times_at_once_it_is_sent_once() {
    served(async |_, stand_in, driver| {
        stand_in.next_post(Quirk::Hangs);
        let mut asking = JoinSet::new();
        for number in 0..16 {
            let driver = driver.clone();
            asking.spawn(async move {
                if number % 2 == 0 {
                    once(&driver, "x").await.status
                } else {
                    try_file(&driver, "s1", &saying("x")).await.status
                }
            });
        }
        let mut statuses = asking.join_all().await;
        statuses.sort_unstable();
        assert_eq!((statuses[14], statuses[15]), (409, 504));
        assert_eq!(statuses[0], 409);
        assert_eq!(stand_in.posted().len(), 1);
        assert_eq!(mine(driver).await.total, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_not_taken_for_somebody_who_will_not_get_them() {
    served(async |_, stand_in, driver| {
        let request = driver
            .request(Method::POST, path::DISPUTE_FILES)
            .header("content-type", "image/png")
            .body("x");
        let answer = driver.send(request).await;
        assert_eq!(answer.status, 409);
        assert_eq!(answer.json::<Problem>().code, Code::Elsewhere);
        let named = DisputeRequest {
            files: vec!["file_1".to_owned()],
            ..saying("x")
        };
        assert_eq!(try_file(driver, "s1", &named).await.status, 409);
        assert!(stand_in.posted().is_empty());
    })
    .await;
}
