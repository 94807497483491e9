//! Receipts over HTTP, from our own store: whose they are, that they never
//! change, and in which language they are.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;
#[allow(dead_code, reason = "these tests need only some of it")]
#[path = "receipt_pdf/tools.rs"]
mod tools;

use portal_api::{
    dynamo::ErrorBody,
    language::Language,
    path,
    portal::{Look, MeChange, Preferences},
};
use portal_server::{
    App,
    config::Config,
    embedded::{bills, people::Role, receipts, store::Kind},
};
use reqwest::{Method, header::HeaderMap};
use support::{
    Answer, Browser, Server, both_stores,
    ground::{AUCKLAND, BERGEN, Ground},
    people,
};
use tools::{checked, text};

/// A file and what came with it.
struct Got {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

async fn get(browser: &Browser, path: &str, languages: &str) -> Got {
    let request = browser
        .request(Method::GET, path)
        .header("accept-language", languages);
    let response = request.send().await.unwrap();
    Got {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        bytes: response.bytes().await.unwrap().to_vec(),
    }
}

async fn receipt(browser: &Browser, query: &str) -> Vec<u8> {
    let path = path::receipt("sess_a") + query;
    let got = get(browser, &path, "en").await;
    assert_eq!(got.status, 200, "{}", String::from_utf8_lossy(&got.bytes));
    got.bytes
}

/// What a reader finds in it, with any run of spaces as one.
fn said(name: &str, bytes: &[u8]) -> String {
    let text = text(&checked(name, bytes));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A driver with one ended session in Bergen.
async fn charged(server: &Server) -> (Ground, Browser) {
    let ground = Ground::new();
    ground.lay(server).await;
    let driver = people::driver(server).await;
    let record = ground.session(&driver, "a", BERGEN, "2025-03-02T15:05:00Z");
    ground.save(server, BERGEN, &record).await;
    (ground, server.signed_in("driver@example.com").await)
}

/// Changes what things are called.
async fn rename(server: &Server, change: &'static str) {
    let mut write = server.store().write().await.unwrap();
    sqlx::raw_sql(change).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
}

async fn credit(server: &Server, minor: i64) -> String {
    let mut write = server.store().write().await.unwrap();
    let now = server.clock().now();
    let number = bills::credit(&mut write, "sess_a", minor, "disp_1", now).await;
    write.commit().await.unwrap();
    number.unwrap()
}

#[tokio::test]
async fn a_receipt_says_what_was_sold_where_and_when() {
    both_stores(async |server| {
        let (_, browser) = charged(server).await;
        let got = get(&browser, &path::receipt("sess_a"), "en").await;
        assert_eq!(got.headers["content-type"], "application/pdf");
        let disposition = got.headers["content-disposition"].to_str().unwrap();
        let wanted = "attachment; filename=\"receipt-sess_a.pdf\"";
        assert!(disposition.starts_with(wanted), "{disposition}");
        assert_eq!(got.headers["cache-control"], "no-store");
        assert!(!got.headers.contains_key("content-encoding"));
        let said = said("over-http", &got.bytes);
        for wanted in [
            "QUA-2025-000001",
            "Quayside",
            "NZ 100 200 300",
            "Kai 7",
            "NZ*QUA*ECP-BGO*1",
            "1 · 22 kW AC",
            "2 March 2025, 16:05 (CET)",
            "2 March 2025, 16:35 (CET)",
            "NOK 0.50",
            "VAT 20% on NOK 9.00",
            "NOK 10.80",
            "By card",
            "····E580",
            "/sessions/sess_a",
        ] {
            assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
        }
    })
    .await;
}

#[tokio::test]
async fn it_is_the_same_every_time_and_a_correction_is_another_that_names_it() {
    both_stores(async |server| {
        let (_, browser) = charged(server).await;
        let first = receipt(&browser, "").await;
        server.clock().advance(24 * 60 * 60);
        assert!(first == receipt(&browser, "").await);
        let number = credit(server, 300).await;
        let second = receipt(&browser, "").await;
        assert!(second == receipt(&browser, &format!("?number={number}")).await);
        assert!(first == receipt(&browser, "?number=QUA-2025-000001").await);
        let said = said("corrected", &second);
        for wanted in [&number, "QUA-2025-000001", "disp_1", "NOK 7.80"] {
            assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
        }
        let path = path::receipt("sess_a") + "?number=QUA-2025-999999";
        assert_eq!(browser.get(&path).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn it_stays_the_same_when_the_place_and_the_portal_are_called_otherwise() {
    both_stores(async |server| {
        let (_, browser) = charged(server).await;
        // What stands in it was true when it was issued, not when it was first asked for.
        rename(server, "update sites set name = 'New Quay'").await;
        let first = receipt(&browser, "").await;
        let said = said("renamed", &first);
        assert!(said.contains("Kai 7") && !said.contains("New"), "{said}");
        for change in [
            "update sites set address = '9 New Road', city = 'Newtown', time_zone = 'Asia/Tokyo'",
            "update operators set name = 'New', address = 'New', vat_id = 'New', colour = '#000000'",
            "update connectors set power_w = 50000, kind = 'dc', evse_id = 'NO*NEW*E1'",
            "update people set name = 'New', address = 'New', vat_id = 'New'",
        ] {
            rename(server, change).await;
            assert!(first == receipt(&browser, "").await, "{change}");
        }
        let config = Config {
            public_url: Some("https://new.example".parse().unwrap()),
            ..(*server.app.config).clone()
        };
        let store = server.store().clone();
        let moved = Server::of(App::new(config, server.clock().clone(), store).unwrap()).await;
        let browser = moved.signed_in("driver@example.com").await;
        assert!(first == receipt(&browser, "").await);
    })
    .await;
}

/// Makes the bills what they were before they said where and receipts kept their links,
/// and brings them up to date as the step since then does.
async fn as_of_long_ago(server: &Server) {
    let mut write = server.store().write().await.unwrap();
    let parties: String = sqlx::query_scalar("select parties from bills")
        .fetch_one(&mut *write)
        .await
        .unwrap();
    let mut parties: serde_json::Value = serde_json::from_str(&parties).unwrap();
    parties.as_object_mut().unwrap().remove("place");
    sqlx::query("update bills set parties = $1, language = 'en', link = null")
        .bind(parties.to_string())
        .execute(&mut *write)
        .await
        .unwrap();
    let step = match server.store().kind() {
        Kind::Sqlite => include_str!("../migrations/0006_receipts.sqlite.sql"),
        Kind::Postgres => include_str!("../migrations/0006_receipts.postgres.sql"),
    };
    sqlx::raw_sql(step).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn one_of_long_ago_stays_as_it_is_today() {
    both_stores(async |server| {
        let (_, browser) = charged(server).await;
        let first = receipt(&browser, "").await;
        as_of_long_ago(server).await;
        receipts::fix_links(server.store(), &server.app.link_of_session(""))
            .await
            .unwrap();
        receipts::fix_links(server.store(), "https://new.example/sessions/")
            .await
            .unwrap();
        rename(
            server,
            "update sites set name = 'New Quay', address = '9 New Road'",
        )
        .await;
        rename(server, "update connectors set power_w = 50000, kind = 'dc'").await;
        let second = receipt(&browser, "").await;
        assert!(first == second, "{}", said("long-ago", &second));
    })
    .await;
}

#[tokio::test]
async fn its_language_is_that_of_whoever_asks_first() {
    both_stores(async |server| {
        let (_, browser) = charged(server).await;
        let path = path::receipt("sess_a");
        let first = get(&browser, &path, "nb-NO,de;q=0.9,en;q=0.8").await;
        assert!(said("language", &first.bytes).contains("Belegnummer"));
        assert!(first.bytes == get(&browser, &path, "fr").await.bytes);
        // The corrected one is a receipt of its own, and a choice counts more.
        let change = MeChange {
            preferences: Some(Preferences {
                language: Some(Language::Es),
                look: Look::System,
            }),
            ..MeChange::default()
        };
        assert_eq!(browser.patch(path::ME, &change).await.status, 200);
        credit(server, 100).await;
        let second = get(&browser, &path, "fr").await;
        assert!(said("chosen", &second.bytes).contains("Número de recibo"));
    })
    .await;
}

#[tokio::test]
async fn there_is_none_before_the_end_and_none_for_others() {
    both_stores(async |server| {
        let (ground, browser) = charged(server).await;
        let mut record = ground.session("usr_driver", "b", AUCKLAND, "2025-06-14T14:30:00Z");
        record.end = None;
        ground.save(server, AUCKLAND, &record).await;
        let path = path::receipt("sess_b");
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 409, "{}", answer.text);
        assert_eq!(answer.header("retry-after"), Some("60"));
        assert_eq!(answer.json::<ErrorBody>().error.code, "conflict");
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let other = server.signed_in("other@example.com").await;
        for id in ["sess_a", "sess_b", "sess_none"] {
            assert_eq!(other.get(&path::receipt(id)).await.status, 404);
        }
        // Nobody else's number opens it either.
        let path = path::receipt("sess_b") + "?number=QUA-2025-000001";
        assert_eq!(browser.get(&path).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn it_can_be_looked_at() {
    both_stores(async |server| {
        let (_, browser) = charged(server).await;
        let got = get(&browser, &(path::receipt("sess_a") + "?inline=true"), "en").await;
        let disposition = got.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("inline; "), "{disposition}");
        assert!(got.bytes == receipt(&browser, "").await);
    })
    .await;
}

/// What a browser gets that opens a receipt in a tab of its own.
async fn opened(browser: &Browser, id: &str) -> Answer {
    let path = path::receipt(id) + "?inline=true";
    let request = browser.bare(Method::GET, &path);
    let request = request
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "navigate");
    browser.send(request).await
}

#[tokio::test]
async fn whoever_opens_one_that_cannot_be_had_sees_the_session_instead() {
    both_stores(async |server| {
        let (ground, browser) = charged(server).await;
        let mut record = ground.session("usr_driver", "b", AUCKLAND, "2025-06-14T14:30:00Z");
        record.end = None;
        ground.save(server, AUCKLAND, &record).await;
        for id in ["sess_b", "sess_none", "a%2Fb"] {
            let answer = opened(&browser, id).await;
            assert_eq!(answer.status, 303, "{}", answer.text);
            assert_eq!(answer.header("location"), Some(&*format!("/sessions/{id}")));
            assert_eq!(answer.header("retry-after"), None);
            assert_eq!(answer.text, "");
        }
        let nobody = server.browser();
        let answer = opened(&nobody, "sess_a").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(answer.header("location"), Some("/sessions/sess_a"));
        // What is there is shown, and the portal's own code is told what is wrong.
        let shown = browser.bare(Method::GET, &path::receipt("sess_a"));
        let shown = shown.header("sec-fetch-mode", "navigate").send().await;
        assert_eq!(shown.unwrap().status().as_u16(), 200);
        assert_eq!(browser.get(&path::receipt("sess_b")).await.status, 409);
    })
    .await;
}
