//! Signing in and out: who gets in, what they carry, how long it lasts, and
//! what happens to those who guess.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    path,
    portal::{Me, SignIn, Tab},
    problem::{Code, Problem},
};
use portal_server::{embedded::people::Role, ids};
use reqwest::Method;
use sqlx::Row;
use support::{Server, both_stores, both_stores_with, people};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_signs_in_and_says_who_it_is() {
    both_stores(async |server| {
        let id = people::driver(server).await;
        let mut browser = server.browser();
        let answer = browser
            .sign_in(" Driver@Example.com ", people::PASSWORD)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let me: Me = answer.json();
        assert_eq!(me.id, id);
        assert_eq!(me.email, "driver@example.com");
        assert_eq!(
            me.tabs,
            [Tab::Home, Tab::Sessions, Tab::Charge, Tab::Account]
        );
        assert_eq!(me.now, server.clock().now());
        assert!(me.keep_on_device);
        assert_eq!(browser.get(path::ME).await.json::<Me>(), me);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_out_of_reach_of_scripts_other_sites_and_plain_http() {
    both_stores(async |server| {
        people::driver(server).await;
        let mut browser = server.browser();
        let answer = browser
            .sign_in("driver@example.com", people::PASSWORD)
            .await;
        let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
        assert_eq!(cookies.len(), 1);
        let cookie = cookies[0].to_str().unwrap();
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        let token = pair.strip_prefix("__Host-sid=").unwrap();
        assert!(token.len() >= 43, "256 bits need more: {token}");
        assert_eq!(
            attributes,
            "HttpOnly; Secure; SameSite=Strict; Path=/; Max-Age=2592000"
        );
        assert!(!answer.text.contains(token));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_shared_device_the_session_ends_with_the_browser() {
    both_stores(async |server| {
        people::driver(server).await;
        let mut browser = server.browser();
        let answer = browser
            .sign_in_on("driver@example.com", people::PASSWORD, true)
            .await;
        assert!(!answer.header("set-cookie").unwrap().contains("Max-Age"));
        assert!(!answer.json::<Me>().keep_on_device);
        assert!(!browser.get(path::ME).await.json::<Me>().keep_on_device);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_and_a_wrong_password_get_the_same_answer() {
    both_stores(async |server| {
        people::driver(server).await;
        let mut browser = server.browser();
        let mut answers = Vec::new();
        for (email, password) in [
            ("driver@example.com", "not the password"),
            ("nobody@example.com", people::PASSWORD),
            ("driver@example.com", "Charge-Ahead"),
            ("", ""),
        ] {
            let answer = browser.sign_in(email, password).await;
            assert_eq!(answer.status, 401);
            assert_eq!(answer.header("set-cookie"), None);
            let mut problem: Problem = answer.json();
            assert_eq!(problem.code, Code::WrongSignIn);
            assert!(problem.request_id.take().is_some());
            answers.push(problem);
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_costs_a_hash_like_a_known_one() {
    both_stores(async |server| {
        people::driver(server).await;
        let mut browser = server.browser();
        for email in ["driver@example.com", "nobody@example.com"] {
            let before = server.app.hasher.done();
            browser.sign_in(email, "wrong").await;
            assert_eq!(server.app.hasher.done(), before + 1, "{email}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_hash_of_the_secret_is_stored() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let cookie = browser.cookie.unwrap();
        let token = cookie.split_once('=').unwrap().1;
        let rows = sqlx::query("select token_hash from devices")
            .fetch_all(server.store().readers())
            .await
            .unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].get::<String, _>(0), ids::hash(token));
        for entry in std::fs::read_dir(&server.folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                let found = bytes
                    .windows(token.len())
                    .any(|part| part == token.as_bytes());
                assert!(!found, "{}", path.display());
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sign_in_gets_a_new_secret_and_ends_the_one_it_came_with() {
    both_stores(async |server| {
        people::driver(server).await;
        let before = server.signed_in("driver@example.com").await;
        let mut again = before.clone();
        again.sign_in("driver@example.com", people::PASSWORD).await;
        assert_ne!(again.cookie, before.cookie);
        assert_eq!(before.get(path::ME).await.status, 401);
        assert_eq!(again.get(path::ME).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_secret_is_never_adopted() {
    both_stores(async |server| {
        people::driver(server).await;
        let planted = "__Host-sid=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let mut browser = server.browser();
        browser.cookie = Some(planted.to_owned());
        browser
            .sign_in("driver@example.com", people::PASSWORD)
            .await;
        assert_ne!(browser.cookie.as_deref(), Some(planted));
        browser.cookie = Some(planted.to_owned());
        assert_eq!(browser.get(path::ME).await.status, 401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_at_once() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let answer = browser.delete(path::SIGN_IN).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("clear-site-data"), Some("\"cache\""));
        assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
        let refused = browser.get(path::ME).await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.json::<Problem>().code, Code::SignedOut);
        assert_eq!(browser.delete(path::SIGN_IN).await.status, 204);
    })
    .await;
}

/// Whether a session that was used `steps` seconds apart is still alive.
async fn lives_after(server: &Server, email: &str, steps: &[i64]) -> bool {
    let browser = server.signed_in(email).await;
    let mut alive = true;
    for step in steps {
        server.clock().advance(*step);
        alive = browser.get(path::ME).await.status == 200;
    }
    alive
}

#[tokio::test(flavor = "multi_thread")]
async fn drivers_stay_signed_in_for_two_weeks_without_use() {
    both_stores(async |server| {
        people::driver(server).await;
        assert!(lives_after(server, "driver@example.com", &[14 * DAY - 1]).await);
        assert!(!lives_after(server, "driver@example.com", &[14 * DAY + 1]).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drivers_sign_in_again_after_thirty_days_whatever_they_do() {
    both_stores(async |server| {
        people::driver(server).await;
        let used = [10 * DAY, 10 * DAY, 10 * DAY - 1];
        assert!(lives_after(server, "driver@example.com", &used).await);
        let longer = [10 * DAY, 10 * DAY, 10 * DAY + 1];
        assert!(!lives_after(server, "driver@example.com", &longer).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_stay_signed_in_for_half_an_hour_and_half_a_day() {
    both_stores(async |server| {
        people::add(server, "desk@example.com", &[Role::Staff]).await;
        assert!(lives_after(server, "desk@example.com", &[30 * 60 - 1]).await);
        assert!(!lives_after(server, "desk@example.com", &[30 * 60 + 1]).await);
        let busy = [20 * 60; 36];
        assert!(lives_after(server, "desk@example.com", &busy[..35]).await);
        assert!(!lives_after(server, "desk@example.com", &busy).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_ten_wrong_passwords_the_account_waits_a_minute() {
    both_stores(async |server| {
        people::driver(server).await;
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let mut browser = server.browser();
        for _ in 0..10 {
            assert_eq!(
                browser.sign_in("driver@example.com", "wrong").await.status,
                401
            );
        }
        server.clock().advance(20);
        let answer = browser
            .sign_in("DRIVER@example.com", people::PASSWORD)
            .await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), Some("40"));
        assert_eq!(answer.json::<Problem>().code, Code::TooManyTries);
        let other = browser.sign_in("other@example.com", people::PASSWORD).await;
        assert_eq!(other.status, 200, "other accounts are not affected");
        server.clock().advance(40);
        let answer = browser
            .sign_in("driver@example.com", people::PASSWORD)
            .await;
        assert_eq!(answer.status, 200, "nobody is locked out for good");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_tries_at_the_same_time_no_more_than_ten_are_looked_at() {
    both_stores(async |server| {
        people::driver(server).await;
        let tries = (0..25).map(|_| {
            let mut browser = server.browser();
            tokio::spawn(async move { browser.sign_in("driver@example.com", "wrong").await.status })
        });
        let mut looked_at = 0;
        for one in tries.collect::<Vec<_>>() {
            match one.await.unwrap() {
                401 => looked_at += 1,
                status => assert_eq!(status, 429),
            }
        }
        assert_eq!(looked_at, 10);
        assert_eq!(server.app.hasher.done(), 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_account_is_throttled_like_a_known_one() {
    both_stores(async |server| {
        let mut browser = server.browser();
        for _ in 0..10 {
            assert_eq!(
                browser.sign_in("nobody@example.com", "wrong").await.status,
                401
            );
        }
        assert_eq!(
            browser.sign_in("nobody@example.com", "wrong").await.status,
            429
        );
    })
    .await;
}

async fn guess(server: &Server, number: usize, forwarded: &str) -> u16 {
    let browser = server.browser();
    let body = SignIn {
        email: format!("guess{number}@example.com"),
        password: "wrong".to_owned(),
        shared_device: false,
    };
    let request = browser
        .request(Method::POST, path::SIGN_IN)
        .header("x-forwarded-for", forwarded)
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&body).unwrap());
    browser.send(request).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_guesses_many_accounts_waits_whatever_it_calls_itself() {
    both_stores(async |server| {
        for number in 0..30 {
            let forwarded = format!("198.51.100.{number}");
            assert_eq!(guess(server, number, &forwarded).await, 401);
        }
        assert_eq!(guess(server, 30, "198.51.100.200").await, 429);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_clients_are_told_apart() {
    let trust = |config: &mut portal_server::config::Config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    both_stores_with(trust, async |server| {
        for number in 0..30 {
            assert_eq!(guess(server, number, "198.51.100.1").await, 401);
        }
        assert_eq!(guess(server, 30, "198.51.100.1").await, 429);
        assert_eq!(guess(server, 31, "198.51.100.2").await, 401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_rightly_is_not_held_against_an_address() {
    both_stores(async |server| {
        people::driver(server).await;
        for _ in 0..32 {
            server.signed_in("driver@example.com").await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_stored_as_strong_hashes_only() {
    both_stores(async |server| {
        people::driver(server).await;
        let stored: Vec<String> = sqlx::query_scalar("select password_hash from people")
            .fetch_all(server.store().readers())
            .await
            .unwrap();
        for hash in stored {
            assert!(
                hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
                "{hash}"
            );
        }
    })
    .await;
}
