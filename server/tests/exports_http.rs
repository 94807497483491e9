//! Many sessions at once over HTTP: a table, and an archive of receipts.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::path;
use reqwest::Method;
use support::{
    Browser, Server, both_stores,
    ground::{AUCKLAND, BERGEN, Ground, charged_often},
    one_store, people,
    python::archived,
};

async fn get(browser: &Browser, path: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let response = browser.request(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    (headers, response.bytes().await.unwrap().to_vec())
}

/// A driver with a session in Auckland, one in Bergen and one under way.
async fn charged(server: &Server, ground: &Ground) -> Browser {
    ground.lay(server).await;
    let driver = people::driver(server).await;
    for (id, place, started) in [
        ("a", AUCKLAND, "2025-03-01T20:05:00Z"),
        ("b", BERGEN, "2025-04-02T15:05:00Z"),
    ] {
        let record = ground.session(&driver, id, place, started);
        ground.save(server, place, &record).await;
    }
    let mut record = ground.session(&driver, "c", BERGEN, "2025-06-14T14:30:00Z");
    record.end = None;
    ground.save(server, BERGEN, &record).await;
    server.signed_in("driver@example.com").await
}

#[tokio::test]
async fn a_table_has_a_row_for_every_ended_session() {
    both_stores(async |server| {
        let browser = charged(server, &Ground::new()).await;
        let (headers, table) = get(&browser, path::SESSIONS_CSV).await;
        assert_eq!(headers["x-receipts"], "2");
        let kind = headers["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/csv"), "{kind}");
        let table = String::from_utf8(table).unwrap();
        let rows: Vec<&str> = table.split_terminator("\r\n").collect();
        assert_eq!(
            rows[1..],
            [
                "sess_b,QUA-2025-000002,2025-04-02T17:05:00+02:00,2025-04-02T17:35:00+02:00,\
                 Kai 7,Quayside,CP-BGO,1,NZ*QUA*ECP-BGO*1,10.000,30,0,9.00,1.80,20,10.80,NOK,\
                 completed,card",
                "sess_a,QUA-2025-000001,2025-03-02T09:05:00+13:00,2025-03-02T09:35:00+13:00,\
                 Quay,Quayside,CP-AKL,1,NZ*QUA*ECP-AKL*1,10.000,30,0,9.00,1.80,20,10.80,NZD,\
                 completed,card",
            ]
        );
        assert_eq!(rows[0].split(',').count(), 19);
        let filtered = format!("{}?from=2025-04-01&to=2025-04-30", path::SESSIONS_CSV);
        let (headers, table) = get(&browser, &filtered).await;
        assert_eq!(headers["x-receipts"], "1");
        assert!(String::from_utf8(table).unwrap().contains("sess_b"));
        let wrong = format!("{}?from=x", path::SESSIONS_CSV);
        assert_eq!(browser.get(&wrong).await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn an_archive_has_the_receipts_and_the_table() {
    both_stores(async |server| {
        let mut ground = Ground::new();
        ground.sites[BERGEN].name = "../../=cmd|' /C \u{202e}\"x\" 😀".into();
        let browser = charged(server, &ground).await;
        let (headers, archive) = get(&browser, path::RECEIPTS_ZIP).await;
        assert_eq!(headers["x-receipts"], "2");
        assert_eq!(headers["content-type"], "application/zip");
        assert!(!headers.contains_key("content-encoding"));
        assert_eq!(
            archived(&archive),
            "2 3\n\
             2025-03-02_Quay_QUA-2025-000001.pdf\n\
             2025-04-02_cmd-C-x_QUA-2025-000002.pdf\n\
             sessions.csv\n"
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_to_export_is_an_empty_table() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let (headers, archive) = get(&browser, path::RECEIPTS_ZIP).await;
        assert_eq!(headers["x-receipts"], "0");
        assert_eq!(archived(&archive), "0 1\nsessions.csv\n");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_away_gives_up_the_turn() {
    one_store(
        |_| {},
        async |server| {
            let browser = charged_often(server, 300).await;
            let request = browser.request(Method::GET, path::RECEIPTS_ZIP);
            let mut response = request.send().await.unwrap();
            response.chunk().await.unwrap();
            assert_eq!(browser.get(path::SESSIONS_CSV).await.status, 429);
            drop(response);
            // The server hears of it when it sends the next receipt.
            while browser.get(path::SESSIONS_CSV).await.status == 429 {
                tokio::task::yield_now().await;
            }
        },
    )
    .await;
}
