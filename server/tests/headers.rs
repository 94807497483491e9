//! What every answer carries, and whose requests may change something.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    path,
    problem::{Code, Problem},
};
use portal_server::{config::Config, http};
use reqwest::Method;
use support::{Answer, Browser, Server, both_stores, database, one_store, people};

/// One answer of each class.
async fn every_class(server: &Server) -> Vec<(&'static str, u16, Answer)> {
    people::driver(server).await;
    let browser = server.signed_in("driver@example.com").await;
    let stranger = server.browser();
    let text = stranger
        .request(Method::POST, path::SIGN_IN)
        .header("content-type", "text/plain")
        .body("{}");
    let large = stranger
        .request(Method::POST, path::SIGN_IN)
        .header("content-type", "application/json")
        .body(" ".repeat(20_000));
    vec![
        ("page", 200, stranger.get("/").await),
        ("script", 200, stranger.get("/assets/app.js").await),
        ("wasm", 200, stranger.get("/assets/app.wasm").await),
        ("json", 200, browser.get(path::ME).await),
        ("health", 200, stranger.get(path::HEALTH).await),
        ("nothing", 204, browser.delete(path::DEVICES).await),
        ("malformed", 400, browser.patch(path::ME, &"x").await),
        ("signed out", 401, stranger.get(path::ME).await),
        (
            "foreign",
            403,
            stranger
                .send(stranger.bare(Method::DELETE, path::SIGN_IN))
                .await,
        ),
        (
            "missing file",
            404,
            stranger.get("/assets/missing.js").await,
        ),
        (
            "missing path",
            404,
            stranger.get("/api/portal/missing").await,
        ),
        ("Dynamo's", 404, stranger.get("/api/v1/missing").await),
        ("method", 405, browser.post(path::ME, &"x").await),
        ("large", 413, stranger.send(large).await),
        (
            "address",
            414,
            stranger.get(&format!("/?{}", "x".repeat(9000))).await,
        ),
        ("kind", 415, stranger.send(text).await),
    ]
}

fn with_portal(public: Option<&str>) -> impl Fn(&mut Config) {
    let public = public.map(|url| url.parse().unwrap());
    move |config: &mut Config| {
        let folder = config.data.join("bundle");
        std::fs::create_dir_all(folder.join("assets")).unwrap();
        std::fs::write(folder.join("index.html"), "<title>Portal</title>").unwrap();
        std::fs::write(folder.join("assets/app.js"), "1").unwrap();
        std::fs::write(folder.join("assets/app.wasm"), "1").unwrap();
        config.bundle = Some(folder);
        config.public_url = public.clone();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_class_of_answer_carries_every_header() {
    one_store(with_portal(None), async |server| {
        for (class, status, answer) in every_class(server).await {
            assert_eq!(answer.status, status, "{class}: {}", answer.text);
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-embedder-policy", "require-corp"),
                ("cross-origin-resource-policy", "same-origin"),
                (
                    "permissions-policy",
                    "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
                ),
            ] {
                assert_eq!(answer.header(name), Some(value), "{class}: {name}");
            }
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'none'; "), "{class}");
            assert!(answer.header("x-request-id").unwrap().starts_with("req_"));
            assert!(answer.header("cache-control").is_some(), "{class}");
            assert_eq!(answer.header("server"), None, "{class}");
            assert_eq!(answer.header("strict-transport-security"), None, "{class}");
            let granted = |name: &str| name.starts_with("access-control");
            assert!(
                !answer.headers.keys().any(|name| granted(name.as_str())),
                "{class}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_api_says_is_stored_nowhere() {
    one_store(with_portal(None), async |server| {
        for (class, _, answer) in every_class(server).await {
            let is_file = matches!(class, "page" | "script" | "wasm");
            let stored = answer.header("cache-control") != Some("no-store");
            assert_eq!(stored, is_file, "{class}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_browsers_are_told_to_stay_there() {
    one_store(
        with_portal(Some("https://portal.example")),
        async |server| {
            for path in ["/", path::HEALTH, "/api/portal/missing"] {
                let answer = server.browser().get(path).await;
                assert_eq!(
                    answer.header("strict-transport-security"),
                    Some("max-age=63072000; includeSubDomains")
                );
            }
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_no_of_ours_is_a_problem_with_the_requests_id() {
    one_store(with_portal(None), async |server| {
        for (class, status, answer) in every_class(server).await {
            if status < 400 || class == "Dynamo's" {
                continue;
            }
            let kind = answer.header("content-type");
            assert_eq!(kind, Some("application/problem+json"), "{class}");
            let problem: Problem = answer.json();
            assert_eq!(problem.status, status, "{class}");
            assert_eq!(problem.kind, "about:blank");
            assert_ne!(problem.code, Code::Unknown, "{class}");
            assert!(!problem.title.is_empty());
            assert_eq!(problem.request_id.as_deref(), answer.header("x-request-id"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dynamos_paths_say_no_as_dynamo_does() {
    one_store(with_portal(None), async |server| {
        for (path, status, code) in [
            (path::SESSIONS, 401, "unauthorized"),
            ("/api/v1/missing", 404, "not_found"),
        ] {
            let answer = server.browser().get(path).await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("content-type"), Some("application/json"));
            let value = answer.value();
            assert_eq!(value["error"]["code"], code);
            assert!(value["error"]["message"].is_string());
            assert!(value["error"]["details"].is_null());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_says_which_methods_it_takes() {
    one_store(with_portal(None), async |server| {
        let browser = server.browser();
        for (method, path, allow) in [
            (Method::PUT, path::SIGN_IN, "POST,DELETE"),
            (Method::TRACE, path::ME, "GET,HEAD,PATCH"),
            (Method::DELETE, path::HEALTH, "GET,HEAD"),
            (Method::OPTIONS, path::ME, "GET,HEAD,PATCH"),
        ] {
            let request = browser
                .request(method.clone(), path)
                .header("origin", format!("http://{}", server.address));
            let answer = browser.send(request).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
        }
    })
    .await;
}

type Headers = Vec<(&'static str, String)>;

/// What a page of ours, and others, send along.
fn shapes(server: &Server) -> Vec<(&'static str, Headers, bool)> {
    let own = format!("http://{}", server.address);
    let marked = ("x-portal", "1".to_owned());
    let site = |value: &str| ("sec-fetch-site", value.to_owned());
    let origin = |value: &str| ("origin", value.to_owned());
    vec![
        ("our page", vec![marked.clone(), site("same-origin")], true),
        (
            "our page, by origin",
            vec![marked.clone(), origin(&own)],
            true,
        ),
        (
            "our page, by both",
            vec![marked.clone(), site("same-origin"), origin(&own)],
            true,
        ),
        (
            "another site",
            vec![marked.clone(), site("cross-site")],
            false,
        ),
        (
            "a neighbour",
            vec![marked.clone(), site("same-site")],
            false,
        ),
        ("typed in", vec![marked.clone(), site("none")], false),
        ("a sandbox", vec![marked.clone(), origin("null")], false),
        (
            "another origin",
            vec![marked.clone(), origin("https://evil.example")],
            false,
        ),
        (
            "a lie",
            vec![
                marked.clone(),
                site("same-origin"),
                origin("https://evil.example"),
            ],
            false,
        ),
        ("no mark", vec![site("same-origin"), origin(&own)], false),
        ("a tool", vec![marked], false),
        ("nothing", vec![], false),
    ]
}

async fn changed_by(
    browser: &Browser,
    method: &Method,
    path: &str,
    headers: &[(&str, String)],
) -> Answer {
    let mut request = browser
        .bare(method.clone(), path)
        .header("content-type", "application/json")
        .body("{}");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    browser.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_pages_change_anything() {
    one_store(with_portal(None), async |server| {
        people::driver(server).await;
        for row in http::routes_of(&server.app) {
            if row.method.is_safe() {
                continue;
            }
            let path = row.path.replace("{id}", "dev_none");
            for (shape, headers, ours) in shapes(server) {
                let browser = server.signed_in("driver@example.com").await;
                let answer = changed_by(&browser, &row.method, &path, &headers).await;
                // Either system's shape says it in these words.
                let foreign = answer.status == 403 && answer.text.contains("own pages");
                assert_eq!(foreign, !ours, "{shape}: {} {path}", row.method);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_changes_nothing() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let before = database::contents(server.store()).await;
        for row in http::routes_of(&server.app) {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                let path = row.path.replace("{id}", "dev_none");
                // Some answers never end: it is enough that they begin.
                browser.request(method, &path).send().await.unwrap();
            }
        }
        assert_eq!(database::contents(server.store()).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_origin_is_granted_anything() {
    one_store(with_portal(None), async |server| {
        let browser = server.browser();
        for path in [path::SESSIONS, path::ME, path::SIGN_IN] {
            let request = browser
                .bare(Method::OPTIONS, path)
                .header("origin", "https://evil.example")
                .header("access-control-request-method", "DELETE");
            let answer = browser.send(request).await;
            assert_eq!(answer.status, 405);
            assert_eq!(answer.header("access-control-allow-origin"), None);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_answers_travel_compressed_if_asked() {
    one_store(
        |_| {},
        async |server| {
            people::driver(server).await;
            let mut browser = server.browser();
            for _ in 0..12 {
                browser = server.signed_in("driver@example.com").await;
            }
            for (takes, encoding) in [
                ("gzip", Some("gzip")),
                ("br", Some("br")),
                ("identity", None),
            ] {
                let request = browser
                    .request(Method::GET, path::DEVICES)
                    .header("accept-encoding", takes);
                let answer = browser.send(request).await;
                assert_eq!(answer.header("content-encoding"), encoding);
            }
            let short = browser
                .request(Method::GET, path::ME)
                .header("accept-encoding", "br");
            assert_eq!(browser.send(short).await.header("content-encoding"), None);
        },
    )
    .await;
}
