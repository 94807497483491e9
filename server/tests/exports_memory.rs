//! A thousand receipts at once: alone in a program of their own, because what
//! is measured is the whole program's memory.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::fs;

use portal_api::path;
use reqwest::Method;
use support::{ground::charged_often, one_store, python::archived};

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
            assert!(archived(&archive).starts_with("1000 1001\n"));
            assert_eq!(browser.get(path::SESSIONS_CSV).await.status, 200);
        },
    )
    .await;
}
