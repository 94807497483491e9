//! A real Dynamo behind the server, as far as a stand-in that speaks as
//! documented can be one.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "upstream_dynamo/over_http.rs"]
mod over_http;
#[allow(dead_code, reason = "these tests need only some of it")]
#[path = "upstream_dynamo/stand_in.rs"]
mod stand_in;
mod support;
#[path = "upstream_dynamo/trouble.rs"]
mod trouble;

use portal_api::{
    dynamo::{SessionPage, SessionStatus},
    language::Language,
    portal::SessionSummary,
    query::{SessionFilter, SessionQuery},
};
use portal_server::{
    clock::Clock,
    config::{DynamoUpstream, Secret},
    provider::{Driver, Failure, Sessions, Wanted},
    upstream::{client::Limits, dynamo::Dynamo},
};
use serde_json::json;
use stand_in::{KEY, Quirk, StandIn, row};
use support::upstream::LIMITS;

const MARA: Driver<'static> = Driver {
    person_id: "usr_mara",
    dynamo_user_id: Some("usr_D1"),
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
    let dynamo = dynamo(&stand_in);
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
