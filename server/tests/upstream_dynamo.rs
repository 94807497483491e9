//! A real Dynamo behind the server, as far as a stand-in that speaks as
//! documented can be one.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[allow(dead_code, reason = "these tests need only some of it")]
#[path = "upstream_dynamo/stand_in.rs"]
mod stand_in;
mod support;

use std::{sync::Arc, time::Duration};

use portal_api::{
    dynamo::{ErrorBody, SessionPage, SessionStatus},
    language::Language,
    path,
    portal::SessionSummary,
    problem::{Code, Problem},
    query::{SessionFilter, SessionQuery},
};
use portal_server::{
    clock::Clock,
    config::{self, DynamoUpstream, Secret},
    embedded::people::Role,
    provider::{Driver, Failure, Sessions, Wanted},
    upstream::{client::Limits, dynamo::Dynamo},
};
use serde_json::json;
use stand_in::{KEY, Quirk, StandIn, row};
use support::{Server, both_stores_with, people};
use tokio::sync::Notify;

const MARA: Driver<'static> = Driver {
    person_id: "usr_mara",
    dynamo_user_id: Some("usr_D1"),
};

/// Short enough for a test to wait for.
const LIMITS: Limits = Limits {
    connect: Duration::from_millis(500),
    answer: Duration::from_millis(300),
    budget: Duration::from_secs(4),
    backoff: Duration::from_millis(1),
    longest_answer: 2 * 1024 * 1024,
    at_once: 16,
};

fn upstream(url: &str, key: &str) -> DynamoUpstream {
    DynamoUpstream {
        url: url.parse().unwrap(),
        key: Secret::new(key),
        time_zone: chrono_tz::Europe::Oslo,
    }
}

fn clock() -> Clock {
    Clock::standing_at(support::beginning())
}

fn dynamo_with(stand_in: &StandIn, limits: Limits) -> Dynamo {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Dynamo::new(&upstream(&stand_in.url, KEY), clock(), limits).unwrap()
}

fn dynamo(stand_in: &StandIn) -> Dynamo {
    dynamo_with(stand_in, LIMITS)
}

fn query(parameters: &[(&str, &str)]) -> SessionQuery {
    SessionQuery::read(parameters.iter().copied()).unwrap()
}

async fn page(dynamo: &Dynamo, parameters: &[(&str, &str)]) -> Result<SessionPage, Failure> {
    dynamo.page(MARA, &query(parameters)).await
}

async fn summary(dynamo: &Dynamo, parameters: &[(&str, &str)]) -> Result<SessionSummary, Failure> {
    let filter = SessionFilter::read(parameters.iter().copied()).unwrap();
    dynamo.summary(MARA, &filter).await
}

fn ids(page: &SessionPage) -> Vec<&str> {
    let sessions = page.sessions.iter();
    sessions.map(|session| &session.session_id[..]).collect()
}

/// Calls for sessions, not for sites.
fn session_calls(stand_in: &StandIn) -> usize {
    let asked = stand_in.asked();
    asked
        .iter()
        .filter(|call| call.contains("/billing/"))
        .count()
}

#[tokio::test]
async fn a_page_is_asked_for_by_person_and_handed_on() {
    let stand_in = StandIn::start().await;
    stand_in.name_site("site_01JQ8B", "Kai 7");
    for number in 0..7 {
        stand_in.add_plain(&format!("s{number}"), "usr_D1", number);
        stand_in.add_plain(&format!("x{number}"), "usr_D2", number);
    }
    let dynamo = dynamo(&stand_in);
    let page = page(&dynamo, &[("limit", "3"), ("offset", "2")])
        .await
        .unwrap();
    assert_eq!(ids(&page), ["s4", "s3", "s2"]);
    assert_eq!((page.total, page.limit, page.offset), (7, 3, 2));
    let asked = "/api/v1/billing/sessions?user_id=usr_D1&limit=3&offset=2";
    assert_eq!(stand_in.asked()[0], asked);
    let session = &page.sessions[0];
    assert_eq!(session.site_name.as_deref(), Some("Kai 7"));
    assert_eq!(session.time_zone.as_deref(), Some("Europe/Oslo"));
    assert_eq!(session.cost().unwrap().minor, 9_720);
    let text = serde_json::to_string(&page).unwrap();
    assert!(!text.contains("user_id") && !text.contains("transaction_id"));
}

#[tokio::test]
async fn a_filter_is_told_in_instants_of_the_configured_zone() {
    let stand_in = StandIn::start().await;
    // 00:05 on the second of January in Oslo.
    stand_in.add_plain("s1", "usr_D1", 23);
    let dynamo = dynamo(&stand_in);
    for (day, found) in [("2025-01-01", 0), ("2025-01-02", 1), ("2025-01-03", 0)] {
        let filter = [("from", day), ("to", day), ("status", "completed")];
        assert_eq!(page(&dynamo, &filter).await.unwrap().total, found, "{day}");
        assert_eq!(
            summary(&dynamo, &filter).await.unwrap().total,
            found,
            "{day}"
        );
    }
    let first = &stand_in.asked()[0];
    assert!(first.contains("from=2024-12-31T23%3A00%3A00Z"), "{first}");
    assert!(first.contains("to=2025-01-01T22%3A59%3A59Z"), "{first}");
    assert!(first.contains("status=completed"), "{first}");
}

#[tokio::test]
async fn a_place_is_filtered_by_though_dynamo_cannot() {
    let stand_in = StandIn::start().await;
    for number in 0..450 {
        let mut row = row(&format!("s{number}"), "usr_D1", number);
        if number % 100 == 0 {
            row["site_id"] = json!("site_far");
        }
        stand_in.add(row);
    }
    let dynamo = dynamo(&stand_in);
    let filter = [("site_id", "site_far"), ("limit", "2"), ("offset", "1")];
    let page = page(&dynamo, &filter).await.unwrap();
    assert_eq!(ids(&page), ["s300", "s200"]);
    assert_eq!(page.total, 5);
    assert_eq!(session_calls(&stand_in), 3);
}

#[tokio::test]
async fn whoever_dynamo_does_not_know_has_no_sessions_and_nobody_is_asked() {
    let stand_in = StandIn::start().await;
    stand_in.add_plain("s1", "usr_D1", 1);
    let dynamo = dynamo(&stand_in);
    let nobody = Driver {
        dynamo_user_id: None,
        ..MARA
    };
    assert_eq!(dynamo.page(nobody, &query(&[])).await.unwrap().total, 0);
    let all = SessionFilter::default();
    assert_eq!(dynamo.summary(nobody, &all).await.unwrap().total, 0);
    let one = dynamo.detail(nobody, "s1").await;
    assert!(matches!(one, Err(Failure::NotFound)));
    assert!(stand_in.asked().is_empty());
}

#[tokio::test]
async fn other_peoples_rows_are_dropped_and_not_even_counted() {
    let stand_in = StandIn::start().await;
    stand_in.give_everybodys();
    for number in 0..50 {
        let user = if number % 10 == 0 { "usr_D1" } else { "usr_D2" };
        stand_in.add_plain(&format!("s{number}"), user, number);
    }
    let dynamo = dynamo(&stand_in);
    let first = page(&dynamo, &[("limit", "3")]).await.unwrap();
    assert_eq!((ids(&first), first.total), (vec!["s40", "s30", "s20"], 5));
    let second = page(&dynamo, &[("limit", "3"), ("offset", "3")])
        .await
        .unwrap();
    assert_eq!((ids(&second), second.total), (vec!["s10", "s0"], 5));
    assert_eq!(summary(&dynamo, &[]).await.unwrap().total, 5);
    let own = dynamo.detail(MARA, "s40").await.unwrap();
    assert_eq!(own.session.session_id, "s40");
    let foreign = dynamo.detail(MARA, "s41").await;
    assert!(matches!(foreign, Err(Failure::NotFound)));
}

#[tokio::test]
async fn a_summary_reads_all_pages_and_adds_them_exactly() {
    let stand_in = StandIn::start().await;
    for number in 0..430 {
        let mut row = row(&format!("s{number}"), "usr_D1", number);
        if number % 2 == 0 {
            row["currency"] = json!("EUR");
            row["total_cost"] = json!("0.10");
            row["energy_kwh"] = json!(0.1);
        }
        stand_in.add(row);
    }
    let sum = summary(&dynamo(&stand_in), &[]).await.unwrap();
    assert_eq!((sum.total, sum.months.len()), (430, 1));
    let costs: Vec<_> = sum.months[0]
        .costs
        .iter()
        .map(|cost| cost.amount.to_string())
        .collect();
    assert_eq!(costs, ["21.50", "20898.00"]);
    assert_eq!(sum.months[0].energy_kwh.to_string(), "4665.500");
    assert_eq!(session_calls(&stand_in), 3);
}

#[tokio::test]
async fn a_missing_total_is_counted() {
    let stand_in = StandIn::start().await;
    stand_in.leave_out_total();
    for number in 0..205 {
        stand_in.add_plain(&format!("s{number}"), "usr_D1", number);
    }
    let page = page(&dynamo(&stand_in), &[("limit", "2")]).await.unwrap();
    assert_eq!((ids(&page), page.total), (vec!["s204", "s203"], 205));
}

#[tokio::test]
async fn pages_without_end_are_given_up() {
    let stand_in = StandIn::start().await;
    let endless = json!({ "sessions": [row("s1", "usr_D1", 1)], "total": 1_000_000_000 });
    stand_in.always(Quirk::Answers(200, "application/json", endless.to_string()));
    let sum = summary(&dynamo(&stand_in), &[]).await;
    assert!(matches!(sum, Err(Failure::Nonsense(_))), "{sum:?}");
    assert_eq!(stand_in.asked().len(), 50);
}

#[tokio::test]
async fn an_amount_that_cannot_be_is_shown_but_never_added() {
    let stand_in = StandIn::start().await;
    let mut odd = row("s1", "usr_D1", 1);
    odd["total_cost"] = json!(1.005);
    odd["status"] = json!("PAUSED");
    odd["ended_at"] = json!(null);
    odd["connector_id"] = json!("3");
    stand_in.add(odd);
    let dynamo = dynamo(&stand_in);
    let shown = page(&dynamo, &[]).await.unwrap();
    let session = &shown.sessions[0];
    assert_eq!(session.status, SessionStatus::Other("PAUSED".into()));
    assert_eq!((session.connector_id, session.cost()), (Some(3), None));
    let sum = summary(&dynamo, &[]).await;
    assert!(matches!(sum, Err(Failure::Nonsense(_))), "{sum:?}");
}

#[tokio::test]
async fn a_name_is_asked_for_once_and_an_id_stands_in_for_it() {
    let stand_in = StandIn::start().await;
    stand_in.name_site("site_01JQ8B", "Kai 7");
    stand_in.add_plain("s1", "usr_D1", 1);
    for (id, site) in [("s2", "site_gone"), ("s3", "../../secrets")] {
        let mut row = row(id, "usr_D1", 2);
        row["site_id"] = json!(site);
        stand_in.add(row);
    }
    let dynamo = dynamo(&stand_in);
    for _ in 0..3 {
        let page = page(&dynamo, &[]).await.unwrap();
        let name = |id: &str| {
            let session = page.sessions.iter().find(|one| one.session_id == id);
            session.unwrap().site_name.clone().unwrap()
        };
        assert_eq!(name("s1"), "Kai 7");
        assert_eq!(name("s2"), "site_gone");
        assert_eq!(name("s3"), "../../secrets");
    }
    let asked = stand_in.asked();
    let mut sites: Vec<_> = asked
        .iter()
        .filter(|call| !call.contains("/billing/"))
        .collect();
    sites.sort();
    assert_eq!(
        sites,
        ["/api/v1/sites/site_01JQ8B", "/api/v1/sites/site_gone"]
    );
}

#[tokio::test]
async fn an_id_that_is_a_path_is_not_asked_for() {
    let stand_in = StandIn::start().await;
    let dynamo = dynamo(&stand_in);
    for id in [
        "..",
        "a/b",
        "%2e%2e",
        "a?b",
        "a#b",
        "",
        "a\r\nb",
        "ä",
        &"a".repeat(65),
    ] {
        let answer = dynamo.detail(MARA, id).await;
        assert!(matches!(answer, Err(Failure::NotFound)), "{id}");
    }
    assert!(stand_in.asked().is_empty());
}

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
    for (wait, seconds) in [("9", 9), ("3600", 60), (in_ten_minutes, 60)] {
        let stand_in = StandIn::start().await;
        stand_in.next(Quirk::Busy(429, Some(wait.to_owned())));
        let dynamo = dynamo(&stand_in);
        for _ in 0..3 {
            let busy = page(&dynamo, &[]).await;
            let Err(Failure::Unavailable { retry_after }) = busy else {
                panic!("{busy:?}");
            };
            assert_eq!(retry_after, seconds);
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
    for quirk in [Quirk::Hangs, Quirk::Drips] {
        let stand_in = StandIn::start().await;
        stand_in.always(quirk);
        let silent = page(&dynamo(&stand_in), &[]).await;
        assert!(matches!(silent, Err(Failure::TimedOut)), "{silent:?}");
        assert_eq!(stand_in.asked().len(), 1);
    }
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
    assert!(matches!(refused, Err(Failure::Nonsense(_))), "{refused:?}");
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

/// A server in front of a stand-in, with one driver whom Dynamo knows.
async fn served(stand_in: &StandIn, test: impl AsyncFn(&Server)) {
    let dynamo = upstream(&stand_in.url, KEY);
    both_stores_with(
        |config| config.dynamo = config::Dynamo::Upstream(dynamo.clone()),
        async |server| {
            people::driver(server).await;
            people::add(server, "other@example.com", &[Role::Driver]).await;
            let mut write = server.store().write().await.unwrap();
            sqlx::query("update people set dynamo_user_id = 'usr_D1' where id = 'usr_driver'")
                .execute(&mut *write)
                .await
                .unwrap();
            write.commit().await.unwrap();
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

fn wanted(session_id: &str) -> Wanted<'_> {
    Wanted {
        session_id,
        number: None,
        language: Language::De,
        link: "https://portal.example.com/sessions/x",
    }
}

#[tokio::test]
async fn a_receipt_is_handed_on_if_the_session_is_theirs_and_it_is_one() {
    let stand_in = StandIn::start().await;
    let (large, larger) = (" ".repeat(3 * 1024 * 1024), " ".repeat(11 * 1024 * 1024));
    for (id, user, receipt) in [
        ("s1", "usr_D1", Some(format!("%PDF-1.7 {large}"))),
        ("s2", "usr_D1", None),
        ("s3", "usr_D1", Some("<html>sign in</html>".to_owned())),
        ("s4", "usr_D2", Some("%PDF-1.7".to_owned())),
        ("s5", "usr_D1", Some(format!("%PDF-1.7 {larger}"))),
    ] {
        stand_in.add_plain(id, user, 1);
        if let Some(receipt) = receipt {
            stand_in.add_receipt(id, receipt);
        }
    }
    let dynamo = dynamo_with(&stand_in, Limits::default());
    let receipt = dynamo.receipt(MARA, wanted("s1")).await.unwrap();
    assert!(receipt.ends_with(large.as_bytes()));
    let refused = async |id: &str| dynamo.receipt(MARA, wanted(id)).await.unwrap_err();
    assert!(matches!(refused("s2").await, Failure::NotReady { .. }));
    assert!(matches!(refused("s3").await, Failure::Nonsense(_)));
    assert!(matches!(refused("s4").await, Failure::NotFound));
    assert!(matches!(refused("s5").await, Failure::Nonsense(_)));
    let foreign = |call: &String| call.contains("s4/receipt");
    assert!(!stand_in.asked().iter().any(foreign));
}
