//! The built portal, as browsers get it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{fs, path::PathBuf};

use portal_server::config::Config;
use reqwest::Method;
use support::{Answer, Server, database, one_store};

const PAGE: &str = "<!doctype html><script>start()</script><title>Portal</title>";

/// A small built portal.
fn bundle() -> PathBuf {
    let folder = database::folder();
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::create_dir_all(folder.join("icons")).unwrap();
    for (name, content) in [
        ("index.html", PAGE),
        ("index.html.br", "page as brotli"),
        ("assets/app-0123.js", "plain script"),
        ("assets/app-0123.js.br", "script as brotli"),
        ("assets/app-0123.js.gz", "script as gzip"),
        ("assets/app-0123.wasm", "\0asm"),
        ("assets/app-0123.css", "a{}"),
        ("icons/icon.svg", "<svg/>"),
        ("manifest.webmanifest", "{}"),
        ("sw.js", "self"),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
    folder
}

async fn with_bundle(test: impl AsyncFn(&Server)) {
    let folder = bundle();
    let change = |config: &mut Config| config.bundle = Some(folder.clone());
    one_store(change, test).await;
    fs::remove_dir_all(folder).unwrap();
}

async fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    let browser = server.browser();
    let mut request = browser.bare(Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_portal_starts_in_the_same_file() {
    with_bundle(async |server| {
        for path in [
            "/",
            "/index.html",
            "/sessions",
            "/sessions/sess_1",
            "/sign-in?next=/",
            "/no",
        ] {
            let answer = get(server, path, &[]).await;
            assert_eq!((answer.status, answer.text.as_str()), (200, PAGE), "{path}");
            assert_eq!(
                answer.header("content-type"),
                Some("text/html; charset=utf-8")
            );
            assert_eq!(answer.header("cache-control"), Some("no-cache"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_not_a_page() {
    with_bundle(async |server| {
        for path in [
            "/assets/app-9999.js",
            "/assets/app",
            "/favicon.ico",
            "/assets/app-0123.js.br",
            "/api",
            "/api/",
            "/api/unknown",
            "/api/v1/unknown",
        ] {
            assert_eq!(get(server, path, &[]).await.status, 404, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_named_by_their_content_are_kept_for_ever() {
    with_bundle(async |server| {
        for (path, kind) in [
            ("/assets/app-0123.js", "text/javascript; charset=utf-8"),
            ("/assets/app-0123.wasm", "application/wasm"),
            ("/assets/app-0123.css", "text/css; charset=utf-8"),
        ] {
            let answer = get(server, path, &[]).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), Some(kind));
            let caching = answer.header("cache-control");
            assert_eq!(caching, Some("public, max-age=31536000, immutable"));
        }
        for path in ["/sw.js", "/manifest.webmanifest", "/icons/icon.svg"] {
            assert_eq!(
                get(server, path, &[]).await.header("cache-control"),
                Some("no-cache")
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_smallest_form_that_the_browser_takes_is_sent() {
    with_bundle(async |server| {
        for (takes, encoding, content) in [
            ("gzip, deflate, br, zstd", Some("br"), "script as brotli"),
            ("gzip", Some("gzip"), "script as gzip"),
            ("gzip, br;q=0", Some("gzip"), "script as gzip"),
            ("identity", None, "plain script"),
        ] {
            let asked = [("accept-encoding", takes)];
            let answer = get(server, "/assets/app-0123.js", &asked).await;
            assert_eq!(answer.header("content-encoding"), encoding, "{takes}");
            assert_eq!(answer.text, content);
            assert_eq!(answer.header("vary"), Some("accept-encoding"));
            assert_eq!(
                answer.header("content-type"),
                Some("text/javascript; charset=utf-8")
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_browser_has_already_is_not_sent_again() {
    with_bundle(async |server| {
        let plain = get(server, "/", &[]).await;
        let tag = plain.header("etag").unwrap();
        let packed = get(server, "/", &[("accept-encoding", "br")]).await;
        assert_ne!(packed.header("etag"), Some(tag), "other bytes, another tag");
        for known in [tag, &format!("\"x\", W/{tag}"), "*"] {
            let answer = get(server, "/", &[("if-none-match", known)]).await;
            assert_eq!((answer.status, answer.text.as_str()), (304, ""), "{known}");
            assert_eq!(answer.header("etag"), Some(tag));
            assert_eq!(answer.header("cache-control"), Some("no-cache"));
        }
        let other = get(server, "/", &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn head_says_the_same_without_the_content() {
    with_bundle(async |server| {
        let browser = server.browser();
        let answer = browser.send(browser.bare(Method::HEAD, "/sw.js")).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""));
        assert_eq!(answer.header("content-length"), Some("4"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_can_only_be_read() {
    with_bundle(async |server| {
        let browser = server.browser();
        for method in [
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::TRACE,
            Method::OPTIONS,
        ] {
            let answer = browser
                .send(browser.request(method.clone(), "/sw.js"))
                .await;
            assert_eq!(answer.status, 405, "{method}");
            assert_eq!(answer.header("allow"), Some("GET,HEAD"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_allows_exactly_what_stands_in_the_page() {
    with_bundle(async |server| {
        let answer = get(server, "/", &[]).await;
        let policy = answer.header("content-security-policy").unwrap();
        let scripts = policy
            .split("; ")
            .find(|part| part.starts_with("script-src"));
        let expected = "script-src 'self' 'wasm-unsafe-eval' \
            'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='";
        assert_eq!(scripts, Some(expected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bundle_the_api_still_works() {
    one_store(
        |_| {},
        async |server| {
            assert_eq!(get(server, "/", &[]).await.status, 404);
            assert_eq!(get(server, "/health", &[]).await.status, 200);
            assert_eq!(get(server, "/ready", &[]).await.status, 200);
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_is_not_there_stops_the_start() {
    let folder = database::folder();
    let refused = support::program::refused({
        let mut command = support::program::command(&folder);
        command.args(["--port", "0", "--bundle", "no-such-folder"]);
        command
    });
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.said.contains("the built portal cannot be read"),
        "{}",
        refused.said
    );
    fs::remove_dir_all(folder).unwrap();
}
