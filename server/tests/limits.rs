//! Too much, too long, too slow, and too broken.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{sync::Arc, time::Duration};

use portal_api::{
    dynamo::{SessionPage, cost::CostBreakdown},
    path,
    portal::{SessionDetail, SessionSummary},
    problem::{Code, Problem},
    query::{SessionFilter, SessionQuery},
};
use portal_server::{
    embedded::Store,
    passwords::Hasher,
    provider::{Asked, Driver, Entry, Sessions, Wanted},
};
use reqwest::Method;
use support::{Answer, Server, one_store, people};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Far longer than anything here takes; only a mistake waits so long.
const FOREVER: Duration = Duration::from_secs(120);

async fn sign_in_with(server: &Server, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    let browser = server.browser();
    let request = browser
        .request(Method::POST, path::SIGN_IN)
        .header("content-type", kind)
        .body(body);
    browser.send(request).await
}

/// Sends bytes as they are and reads until the server hangs up.
async fn raw(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    timeout(FOREVER, stream.read_to_end(&mut answer))
        .await
        .expect("the server hangs up")
        .unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_body_is_refused_by_its_size() {
    one_store(
        |_| {},
        async |server| {
            let most = format!(
                "{{\"email\":\"{}\",\"password\":\"\"}}",
                "x".repeat(16 * 1024 - 30)
            );
            assert!(most.len() <= 16 * 1024);
            assert_eq!(
                sign_in_with(server, "application/json", most).await.status,
                401
            );
            let answer = sign_in_with(server, "application/json", "x".repeat(16 * 1024 + 1)).await;
            assert_eq!(answer.status, 413);
            assert_eq!(answer.json::<Problem>().code, Code::TooLarge);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_documented_is_refused_without_quoting_it() {
    one_store(
        |_| {},
        async |server| {
            for body in [
                "".to_owned(),
                "{".to_owned(),
                "[".repeat(16_000),
                "{\"email\":\"secret@example.com\"}".to_owned(),
                "{\"email\":\"secret\",\"password\":\"secret\",\"admin\":true}".to_owned(),
                "{\"email\":7,\"password\":\"secret\"}".to_owned(),
                "{\"email\":\"secret\",\"password\":\"secret\"} secret".to_owned(),
                "{\"email\":\"a\",\"email\":\"secret\",\"password\":\"b\"}".to_owned(),
            ] {
                let answer = sign_in_with(server, "application/json", body.clone()).await;
                assert_eq!(answer.status, 400, "{}", &body[..body.len().min(60)]);
                assert_eq!(answer.json::<Problem>().code, Code::InvalidRequest);
                assert!(!answer.text.contains("secret"), "{}", answer.text);
                assert!(!answer.text.contains("line 1"), "{}", answer.text);
            }
            let answer = sign_in_with(server, "application/json", vec![0xff, 0xfe]).await;
            assert_eq!(answer.status, 400);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_json_is_read() {
    one_store(
        |_| {},
        async |server| {
            let body = "{\"email\":\"a\",\"password\":\"b\"}";
            for kind in [
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/jsonp",
            ] {
                assert_eq!(sign_in_with(server, kind, body).await.status, 415, "{kind}");
            }
            let kind = "Application/JSON; charset=utf-8";
            assert_eq!(sign_in_with(server, kind, body).await.status, 401);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_address_and_large_headers_are_refused() {
    one_store(
        |_| {},
        async |server| {
            let browser = server.browser();
            let fits = format!("{}?{}", path::HEALTH, "x".repeat(8 * 1024 - 20));
            assert_eq!(browser.get(&fits).await.status, 200);
            let long = format!("{}?{}", path::HEALTH, "x".repeat(8 * 1024));
            assert_eq!(browser.get(&long).await.status, 414);
            let large = browser
                .request(Method::GET, path::HEALTH)
                .header("x-large", "x".repeat(17_000));
            assert_eq!(browser.send(large).await.status, 431);
            let mut many = browser.request(Method::GET, path::HEALTH);
            for number in 0..64 {
                many = many.header(format!("x-{number}"), "1");
            }
            assert_eq!(browser.send(many).await.status, 431);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_sent_header_is_cut_off() {
    one_store(
        |_| {},
        async |server| {
            let answer = raw(server, b"GET /health HTTP/1.1\r\nHost: portal\r\n").await;
            assert!(
                answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
                "{answer}"
            );
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_is_cut_off() {
    one_store(
        |_| {},
        async |server| {
            assert_eq!(raw(server, b"").await, "");
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_never_ends_is_given_up() {
    one_store(
        |_| {},
        async |server| {
            let head = "POST /api/portal/sign-in HTTP/1.1\r\nHost: portal\r\nX-Portal: 1\r\n\
            Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n\
            Content-Length: 100\r\n\r\n{";
            let answer = raw(server, head.as_bytes()).await;
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_served_while_some_dawdle() {
    one_store(
        |_| {},
        async |server| {
            let mut dawdlers = Vec::new();
            for _ in 0..200 {
                let mut stream = TcpStream::connect(server.address).await.unwrap();
                stream
                    .write_all(b"GET /health HTTP/1.1\r\nX-Slow: ")
                    .await
                    .unwrap();
                dawdlers.push(stream);
            }
            let browser = server.browser();
            for _ in 0..20 {
                assert_eq!(browser.get(path::HEALTH).await.status, 200);
            }
            drop(dawdlers);
        },
    )
    .await;
}

/// A system that breaks whatever it is asked.
struct Broken;

impl Sessions for Broken {
    fn page<'a>(&'a self, _: Driver<'a>, _: &'a SessionQuery) -> Asked<'a, SessionPage> {
        Box::pin(async { panic!("with a secret in its words") })
    }

    fn summary<'a>(&'a self, _: Driver<'a>, _: &'a SessionFilter) -> Asked<'a, SessionSummary> {
        Box::pin(async { panic!("with a secret in its words") })
    }

    fn detail<'a>(&'a self, _: Driver<'a>, _: &'a str) -> Asked<'a, SessionDetail> {
        Box::pin(async { panic!("with a secret in its words") })
    }

    fn cost<'a>(&'a self, _: Driver<'a>, _: &'a str) -> Asked<'a, CostBreakdown> {
        Box::pin(async { panic!("with a secret in its words") })
    }

    fn receipt<'a>(&'a self, _: Driver<'a>, _: Wanted<'a>) -> Asked<'a, Vec<u8>> {
        Box::pin(async { panic!("with a secret in its words") })
    }

    fn entries<'a>(&'a self, _: Driver<'a>, _: &'a SessionQuery) -> Asked<'a, Vec<Entry>> {
        Box::pin(async { panic!("with a secret in its words") })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_one_failed_answer_and_no_more() {
    one_store(
        |_| {},
        async |server| {
            people::driver(server).await;
            let mut app = server.app.clone();
            app.sessions = Arc::new(Broken);
            let broken = Server::of(app).await;
            let browser = broken.signed_in("driver@example.com").await;
            let answer = browser.get(path::SESSION_SUMMARY).await;
            assert_eq!(answer.status, 500);
            assert_eq!(answer.json::<Problem>().code, Code::Internal);
            assert!(!answer.text.contains("secret"));
            let answer = browser.get(path::SESSIONS).await;
            assert_eq!(answer.status, 500);
            assert_eq!(answer.value()["error"]["code"], "internal_error");
            assert_eq!(browser.get(path::ME).await.status, 200, "it lives");
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_places_for_passwords_are_taken_others_are_sent_away() {
    one_store(
        |_| {},
        async |server| {
            people::driver(server).await;
            let mut app = server.app.clone();
            app.hasher = Hasher::new(0).unwrap();
            let busy = Server::of(app).await;
            let answer = busy
                .browser()
                .sign_in("driver@example.com", people::PASSWORD)
                .await;
            assert_eq!(answer.status, 503);
            assert_eq!(answer.json::<Problem>().code, Code::Busy);
            assert_eq!(answer.header("retry-after"), Some("2"));
            server.signed_in("driver@example.com").await;
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_somebody_else_writes_the_store_the_server_is_busy() {
    one_store(
        |_| {},
        async |server| {
            people::driver(server).await;
            // Who writes doesn't wait here.
            let mut write = server.store().write().await.unwrap();
            sqlx::query("pragma busy_timeout = 0")
                .execute(&mut *write)
                .await
                .unwrap();
            write.commit().await.unwrap();
            let file = support::database::file(&server.folder);
            let other = Store::sqlite(&file, server.clock()).await.unwrap();
            let writing = other.write().await.unwrap();
            let answer = server
                .browser()
                .sign_in("driver@example.com", people::PASSWORD)
                .await;
            assert_eq!(answer.status, 503, "{}", answer.text);
            assert_eq!(answer.json::<Problem>().code, Code::Busy);
            assert!(answer.header("retry-after").is_some());
            drop(writing);
            other.close().await;
            server.signed_in("driver@example.com").await;
        },
    )
    .await;
}
