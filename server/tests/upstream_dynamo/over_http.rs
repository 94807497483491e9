//! The server in front of a Dynamo.

use portal_api::{
    dynamo::{ErrorBody, SessionPage},
    path,
    portal::SessionSummary,
    problem::{Code, Problem},
};
use portal_server::{config, embedded::people::Role};

use crate::{
    ids,
    stand_in::{KEY, Quirk, StandIn},
    support::{Server, both_stores_with, people},
    upstream,
};

/// A server in front of a stand-in, with one driver whom Dynamo knows.
async fn served(stand_in: &StandIn, test: impl AsyncFn(&Server)) {
    let dynamo = upstream(&stand_in.url, KEY);
    both_stores_with(
        |config| config.dynamo = config::Dynamo::Upstream(dynamo.clone()),
        async |server| {
            people::driver_of_dynamo(server).await;
            people::add(server, "other@example.com", &[Role::Driver]).await;
            test(server).await;
        },
    )
    .await;
}

#[tokio::test]
async fn the_list_over_http_is_the_drivers_own() {
    let stand_in = StandIn::start().await;
    stand_in.name_site("site_01JQ8B", "Kai 7");
    stand_in.add_plain("s1", "usr_D1", 1);
    stand_in.add_plain("s2", "usr_D2", 2);
    served(&stand_in, async |server| {
        let driver = server.signed_in("driver@example.com").await;
        let answer = driver.get(path::SESSIONS).await;
        let page: SessionPage = answer.json();
        assert_eq!((ids(&page), page.total), (vec!["s1"], 1));
        assert!(!answer.text.contains("usr_D"), "{}", answer.text);
        assert_eq!(driver.get(&path::session("s1")).await.status, 200);
        assert_eq!(driver.get(&path::session("s2")).await.status, 404);
        let sum: SessionSummary = driver.get(path::SESSION_SUMMARY).await.json();
        assert_eq!((sum.total, &sum.sites[0].name[..]), (1, "Kai 7"));
        let other = server.signed_in("other@example.com").await;
        assert_eq!(
            other.get(path::SESSIONS).await.json::<SessionPage>().total,
            0
        );
        assert_eq!(other.get(&path::session("s1")).await.status, 404);
        assert_eq!(server.browser().get(path::SESSIONS).await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn what_dynamo_says_is_wrong_reaches_the_driver_in_its_words() {
    let stand_in = StandIn::start().await;
    served(&stand_in, async |server| {
        let driver = server.signed_in("driver@example.com").await;
        let error = async |status: u16, body: &str| {
            stand_in.next(Quirk::Answers(status, "application/json", body.to_owned()));
            let answer = driver.get(path::SESSIONS).await;
            let error = answer.json::<ErrorBody>().error;
            (answer.status, error.code, error.message)
        };
        let said = error(400, r#"{"error":{"code":"x","message":"too far back"}}"#).await;
        assert_eq!(said, (400, "invalid_request".into(), "too far back".into()));
        let said = error(422, r#"{"detail":"no such status"}"#).await;
        assert_eq!(
            said,
            (422, "validation_failed".into(), "no such status".into())
        );
        let (status, _, message) = error(400, &format!(r#"{{"message":"key {KEY}"}}"#)).await;
        assert!(status == 400 && !message.contains("CANARY"), "{message}");
        for (status, ours) in [(500, 502), (401, 502), (403, 502), (404, 502), (302, 502)] {
            let (answered, _, message) = error(status, r#"{"message":"CANARY"}"#).await;
            assert_eq!(answered, ours, "{status}");
            assert!(!message.contains("CANARY"), "{message}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_busy_dynamo_is_a_503_that_says_for_how_long() {
    let stand_in = StandIn::start().await;
    served(&stand_in, async |server| {
        let driver = server.signed_in("driver@example.com").await;
        stand_in.next(Quirk::Busy(429, Some("30".to_owned())));
        let answer = driver.get(path::SESSIONS).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("30"))
        );
        let ours = driver.get(path::SESSION_SUMMARY).await;
        assert_eq!(ours.status, 503);
        assert_eq!(ours.json::<Problem>().code, Code::Upstream);
    })
    .await;
}
