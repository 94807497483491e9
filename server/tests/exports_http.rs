//! Many sessions at once over HTTP: a table, and an archive of receipts.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use portal_api::path;
use portal_server::embedded::sessions;
use reqwest::Method;
use support::{
    Browser, Server, both_stores,
    ground::{AUCKLAND, BERGEN, Ground, at},
    one_store, people,
};

/// What a Python program says about what it reads.
fn python(program: &str, input: &[u8]) -> String {
    let mut python = Command::new("python3")
        .args(["-X", "utf8", "-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is needed (on Debian: apt install python3)");
    python.stdin.take().unwrap().write_all(input).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

const CONTENT: &str = "import io, sys, zipfile\n\
    file = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))\n\
    assert file.testzip() is None\n\
    pdfs = [name for name in file.namelist() if file.read(name).startswith(b'%PDF-')]\n\
    print(len(pdfs), file.read('sessions.csv').decode().count('\\r\\n'))\n\
    print(*sorted(file.namelist()), sep='\\n')";

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
            python(CONTENT, &archive),
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
        assert_eq!(python(CONTENT, &archive), "0 1\nsessions.csv\n");
    })
    .await;
}

/// A driver with so many sessions, one an hour.
async fn charged_often(server: &Server, sessions: u32) -> Browser {
    let ground = Ground::new();
    ground.lay(server).await;
    let driver = people::driver(server).await;
    let mut write = server.store().write().await.unwrap();
    let (site, tariff) = (&ground.sites[BERGEN], &ground.tariffs[BERGEN]);
    for number in 0..sessions {
        let started = at("2025-01-01T00:00:00Z").plus_seconds(i64::from(number) * 3_600);
        let id = format!("{number:05}");
        let record = ground.session(&driver, &id, BERGEN, &started.to_string());
        sessions::save(&mut write, &record, site, tariff)
            .await
            .unwrap();
    }
    write.commit().await.unwrap();
    server.signed_in("driver@example.com").await
}

/// How much memory this program holds, in bytes.
fn memory() -> i64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes: i64 = line
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    kibibytes * 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_receipts_take_little_memory_and_one_turn() {
    one_store(
        |_| {},
        async |server| {
            let browser = charged_often(server, 1_000).await;
            // Fonts and pools are there from now on.
            assert_eq!(browser.get(&path::receipt("sess_00000")).await.status, 200);
            let request = browser.request(Method::GET, path::RECEIPTS_ZIP);
            let mut response = request.send().await.unwrap();
            assert_eq!(response.headers()["x-receipts"], "1000");
            let second = browser.get(path::SESSIONS_CSV).await;
            assert_eq!(second.status, 429);
            assert_eq!(second.header("retry-after"), Some("5"));
            let (mut archive, before) = (Vec::new(), memory());
            let mut most = 0;
            while let Some(chunk) = response.chunk().await.unwrap() {
                archive.extend_from_slice(&chunk);
                let own = i64::try_from(archive.capacity()).unwrap();
                most = most.max(memory() - before - own);
            }
            println!("{} bytes, memory grew by {most}", archive.len());
            assert!(most < 64_000_000, "{most}");
            assert!(python(CONTENT, &archive).starts_with("1000 1001\n"));
            assert_eq!(browser.get(path::SESSIONS_CSV).await.status, 200);
        },
    )
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
