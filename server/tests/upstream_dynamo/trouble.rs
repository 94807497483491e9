//! A Dynamo that is busy, slow, broken or not there.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use portal_server::{
    provider::{Failure, Sessions},
    upstream::{client::Limits, dynamo::Dynamo},
};
use tokio::sync::Notify;

use crate::{
    MARA, clock, dynamo, dynamo_with, page, session_calls,
    stand_in::{KEY, Quirk, StandIn},
    support::upstream::LIMITS,
    upstream,
};

#[tokio::test]
async fn it_waits_as_long_as_it_is_asked_to() {
    let in_a_second = "Sat, 14 Jun 2025 15:00:01 GMT";
    for (status, wait) in [(429, "1"), (503, in_a_second), (429, "0"), (503, "soon")] {
        let stand_in = StandIn::start().await;
        stand_in.add_plain("s1", "usr_D1", 1);
        stand_in.next(Quirk::Busy(status, Some(wait.to_owned())));
        let page = page(&dynamo(&stand_in), &[]).await.unwrap();
        assert_eq!((page.total, session_calls(&stand_in)), (1, 2), "{wait}");
    }
}

#[tokio::test]
async fn it_does_not_wait_for_long_but_says_for_how_long_and_asks_nobody_meanwhile() {
    let in_ten_minutes = "Sat, 14 Jun 2025 15:10:00 GMT";
    for (wait, seconds) in [("30", 30), ("3600", 60), (in_ten_minutes, 60)] {
        let stand_in = StandIn::start().await;
        stand_in.next(Quirk::Busy(429, Some(wait.to_owned())));
        let dynamo = dynamo(&stand_in);
        let begun = Instant::now();
        for _ in 0..3 {
            let busy = page(&dynamo, &[]).await;
            let Err(Failure::Unavailable { retry_after }) = busy else {
                panic!("{busy:?}");
            };
            // What has passed meanwhile is not to be waited for again.
            let passed = begun.elapsed().as_secs();
            let left = seconds - passed..=seconds;
            assert!(left.contains(&retry_after), "{retry_after} of {left:?}");
        }
        assert_eq!(stand_in.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_busy_system_is_asked_three_times_and_a_broken_one_once() {
    let stand_in = StandIn::start().await;
    stand_in.always(Quirk::Busy(503, None));
    let busy = page(&dynamo(&stand_in), &[]).await;
    assert!(matches!(busy, Err(Failure::Unavailable { .. })), "{busy:?}");
    assert_eq!(stand_in.asked().len(), 3);
    let stand_in = StandIn::start().await;
    stand_in.always(Quirk::Answers(500, "text/plain", "stack trace".into()));
    let broken = page(&dynamo(&stand_in), &[]).await;
    assert!(matches!(broken, Err(Failure::Nonsense(_))), "{broken:?}");
    assert_eq!(stand_in.asked().len(), 1);
}

#[tokio::test]
async fn a_system_that_keeps_failing_is_left_alone() {
    let stand_in = StandIn::start().await;
    stand_in.always(Quirk::Answers(500, "text/plain", String::new()));
    let dynamo = dynamo(&stand_in);
    for _ in 0..100 {
        assert!(page(&dynamo, &[]).await.is_err());
    }
    assert_eq!(stand_in.asked().len(), 20);
    let shut = page(&dynamo, &[]).await;
    assert!(matches!(shut, Err(Failure::Unavailable { .. })), "{shut:?}");
}

#[tokio::test]
async fn a_system_that_is_silent_or_slow_is_not_waited_for() {
    let give_up = async |quirk| {
        let stand_in = StandIn::start().await;
        stand_in.always(quirk);
        let silent = page(&dynamo(&stand_in), &[]).await;
        assert!(matches!(silent, Err(Failure::TimedOut)), "{silent:?}");
        assert_eq!(stand_in.asked().len(), 1);
    };
    tokio::join!(give_up(Quirk::Hangs), give_up(Quirk::Drips));
}

#[tokio::test]
async fn a_system_that_is_not_there_is_not_available() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dynamo = Dynamo::new(&upstream(&url, KEY), clock(), LIMITS).unwrap();
    let gone = page(&dynamo, &[]).await;
    assert!(matches!(gone, Err(Failure::Unavailable { .. })), "{gone:?}");
}

#[tokio::test]
async fn nonsense_is_refused_whatever_it_looks_like() {
    let answer = |kind, body: &str| Quirk::Answers(200, kind, body.to_owned());
    for quirk in [
        answer("text/html", "<!doctype html><title>Maintenance</title>"),
        answer("application/json", r#"{"sessions": [{"session_id": "#),
        answer("application/json", "null"),
        answer("application/json", &"[".repeat(100_000)),
        answer("application/json", r#"{"sessions": {"a": 1}}"#),
        Quirk::Answers(418, "application/json", "{}".to_owned()),
        Quirk::Floods,
        Quirk::Redirects,
    ] {
        let stand_in = StandIn::start().await;
        stand_in.always(quirk);
        let nonsense = page(&dynamo(&stand_in), &[]).await;
        assert!(
            matches!(nonsense, Err(Failure::Nonsense(_))),
            "{nonsense:?}"
        );
        assert_eq!(stand_in.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_wrong_key_is_our_trouble_and_shows_nowhere() {
    let stand_in = StandIn::start().await;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let wrong = upstream(&stand_in.url, "dyn_live_CANARY_wrong");
    let dynamo = Dynamo::new(&wrong, clock(), LIMITS).unwrap();
    let refused = page(&dynamo, &[]).await;
    assert!(matches!(refused, Err(Failure::KeyRefused)), "{refused:?}");
    let shown = format!("{refused:?} {dynamo:?} {wrong:?}");
    assert!(!shown.contains("CANARY"), "{shown}");
    let unfit = upstream(&stand_in.url, "CANARY\n");
    let unusable = Dynamo::new(&unfit, clock(), LIMITS).unwrap_err();
    assert!(!format!("{unusable} {unusable:?}").contains("CANARY"));
}

#[tokio::test]
async fn no_more_than_sixteen_calls_are_made_at_once() {
    let stand_in = StandIn::start().await;
    stand_in.add_plain("s1", "usr_D1", 1);
    let go = Arc::new(Notify::new());
    stand_in.always(Quirk::Waits(go.clone()));
    let patient = Limits {
        answer: Duration::from_secs(60),
        budget: Duration::from_secs(60),
        ..LIMITS
    };
    let dynamo = dynamo_with(&stand_in, patient);
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let dynamo = dynamo.clone();
        asking.spawn(async move { dynamo.detail(MARA, "s1").await.unwrap().session.session_id });
    }
    stand_in.wait_for(16).await;
    let letting_go = tokio::spawn(async move {
        loop {
            go.notify_one();
            tokio::task::yield_now().await;
        }
    });
    while let Some(id) = asking.join_next().await {
        assert_eq!(id.unwrap(), "s1");
    }
    letting_go.abort();
    assert_eq!(stand_in.most_at_once(), 16);
}
