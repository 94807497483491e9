//! A new password by letter.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::path::Path;

use portal_api::{
    language::Language,
    path,
    portal::{Me, MeChange, Preferences, ResetConfirm, ResetRequest},
    problem::{Code, Problem},
};
use portal_server::tasks;
use support::{Answer, Browser, Server, both_stores, both_stores_with, people};

const NEW: &str = "a kettle full of watts";

async fn ask(browser: &Browser, email: &str, language: Language) -> Answer {
    let request = ResetRequest {
        email: email.to_owned(),
        language,
    };
    browser.post(path::PASSWORD_RESET, &request).await
}

async fn confirm(browser: &Browser, token: &str, password: &str) -> Answer {
    let confirm = ResetConfirm {
        token: token.to_owned(),
        password: password.to_owned(),
    };
    browser.post(path::PASSWORD_RESET_CONFIRM, &confirm).await
}

/// Every letter in the folder, oldest first, as it reads.
fn letters(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join("letters")) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path| decoded(&std::fs::read_to_string(path).unwrap());
    paths.into_iter().map(read).collect()
}

/// Undoes quoted-printable and base64 bodies just enough for these tests.
fn decoded(letter: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};

    let (head, body) = letter.split_once("\r\n\r\n").unwrap();
    let body = if head.contains("base64") {
        let packed: String = body.split_whitespace().collect();
        String::from_utf8(STANDARD.decode(packed).unwrap()).unwrap()
    } else {
        body.replace("=\r\n", "")
            .replace("=3D", "=")
            .replace("=23", "#")
    };
    format!("{head}\n\n{body}")
}

/// The token of the newest letter.
async fn token(server: &Server) -> String {
    tasks::post(&server.app).await.unwrap();
    let letter = letters(&server.folder).pop().expect("a letter");
    let (_, token) = letter.split_once("/reset-password#").unwrap();
    token.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_letter_sets_a_new_password_and_signs_out_everywhere() {
    both_stores(async |server| {
        people::driver(server).await;
        let signed_in = server.signed_in("driver@example.com").await;
        let mut browser = server.browser();
        assert_eq!(
            ask(&browser, "Driver@Example.com", Language::En)
                .await
                .status,
            202
        );
        let token = token(server).await;
        assert_eq!(confirm(&browser, &token, NEW).await.status, 204);
        assert_eq!(signed_in.get(path::ME).await.status, 401);
        let old = browser
            .sign_in("driver@example.com", people::PASSWORD)
            .await;
        assert_eq!(old.status, 401);
        assert_eq!(browser.sign_in("driver@example.com", NEW).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_leads_to_the_public_address_and_keeps_its_token_off_the_wire() {
    let public = |config: &mut portal_server::config::Config| {
        config.public_url = Some("https://portal.example".parse().unwrap());
    };
    both_stores_with(public, async |server| {
        people::driver(server).await;
        ask(&server.browser(), "driver@example.com", Language::En).await;
        let token = token(server).await;
        let letter = letters(&server.folder).pop().unwrap();
        assert!(letter.contains(&format!("https://portal.example/reset-password#{token}")));
        assert!(token.len() >= 43, "256 bits need more: {token}");
        let stored: String = sqlx::query_scalar("select token_hash from resets")
            .fetch_one(server.store().readers())
            .await
            .unwrap();
        assert_eq!(stored, portal_server::ids::hash(&token));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn used_late_and_invented_links_look_the_same() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.browser();
        ask(&browser, "driver@example.com", Language::En).await;
        let used = token(server).await;
        assert_eq!(confirm(&browser, &used, NEW).await.status, 204);
        ask(&browser, "driver@example.com", Language::En).await;
        let late = token(server).await;
        assert_ne!(late, used);
        server.clock().advance(60 * 60);
        let mut answers = Vec::new();
        for token in [used.as_str(), late.as_str(), "invented", ""] {
            let answer = confirm(&browser, token, NEW).await;
            assert_eq!(answer.status, 410);
            let mut problem: Problem = answer.json();
            assert_eq!(problem.code, Code::LinkSpent);
            problem.request_id = None;
            answers.push(problem);
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_until_its_hour_is_over() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.browser();
        ask(&browser, "driver@example.com", Language::En).await;
        let token = token(server).await;
        server.clock().advance(60 * 60 - 1);
        assert_eq!(confirm(&browser, &token, NEW).await.status, 204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_at_the_same_time_exactly_one_works() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.browser();
        ask(&browser, "driver@example.com", Language::En).await;
        let token = token(server).await;
        let uses = (0..8).map(|number| {
            let (browser, token) = (browser.clone(), token.clone());
            let password = format!("{NEW} {number}");
            tokio::spawn(async move { confirm(&browser, &token, &password).await.status })
        });
        let mut worked = 0;
        for one in uses.collect::<Vec<_>>() {
            match one.await.unwrap() {
                204 => worked += 1,
                status => assert_eq!(status, 410),
            }
        }
        assert_eq!(worked, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_all_other_links() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.browser();
        ask(&browser, "driver@example.com", Language::En).await;
        let first = token(server).await;
        ask(&browser, "driver@example.com", Language::En).await;
        let second = token(server).await;
        assert_eq!(confirm(&browser, &second, NEW).await.status, 204);
        assert_eq!(confirm(&browser, &first, NEW).await.status, 410);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_password_is_refused_and_the_link_still_works() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.browser();
        ask(&browser, "driver@example.com", Language::En).await;
        let token = token(server).await;
        for weak in [
            "",
            "1234567",
            "password123",
            "Driver-Portal-1",
            &"x y".repeat(50),
        ] {
            let answer = confirm(&browser, &token, weak).await;
            assert_eq!(answer.status, 422, "{weak:?}");
            assert_eq!(answer.json::<Problem>().code, Code::WeakPassword);
        }
        assert_eq!(confirm(&browser, &token, NEW).await.status, 204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_who_has_an_account() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.browser();
        let mut answers = Vec::new();
        for email in [
            "driver@example.com",
            "nobody@example.com",
            "",
            "not an address",
        ] {
            let answer = ask(&browser, email, Language::En).await;
            answers.push((answer.status, answer.text));
        }
        assert!(answers.iter().all(|answer| *answer == (202, String::new())));
        tasks::post(&server.app).await.unwrap();
        assert_eq!(letters(&server.folder).len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_gets_three_letters_an_hour() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.browser();
        for _ in 0..5 {
            let answer = ask(&browser, "driver@example.com", Language::En).await;
            assert_eq!(answer.status, 202);
        }
        tasks::post(&server.app).await.unwrap();
        assert_eq!(letters(&server.folder).len(), 3);
        server.clock().advance(60 * 60);
        ask(&browser, "driver@example.com", Language::En).await;
        tasks::post(&server.app).await.unwrap();
        assert_eq!(letters(&server.folder).len(), 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_letter_speaks_the_language_of_the_person_or_else_of_the_page() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        ask(&browser, "driver@example.com", Language::Es).await;
        tasks::post(&server.app).await.unwrap();
        assert!(
            letters(&server.folder)
                .pop()
                .unwrap()
                .contains("Hola, driver:")
        );
        let change = MeChange {
            name: None,
            preferences: Some(Preferences {
                language: Some(Language::De),
                ..Preferences::default()
            }),
        };
        let changed: Me = browser.patch(path::ME, &change).await.json();
        assert_eq!(changed.preferences.language, Some(Language::De));
        ask(&browser, "driver@example.com", Language::Es).await;
        tasks::post(&server.app).await.unwrap();
        let letter = letters(&server.folder).pop().unwrap();
        assert!(letter.contains("Guten Tag driver,"), "{letter}");
        assert!(
            letter.contains("Subject: Neues Passwort festlegen"),
            "{letter}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_cannot_leave_is_tried_again_later() {
    both_stores(async |server| {
        people::driver(server).await;
        // A file where the folder should be.
        let in_the_way = server.folder.join("letters");
        std::fs::write(&in_the_way, "").unwrap();
        ask(&server.browser(), "driver@example.com", Language::En).await;
        tasks::post(&server.app).await.unwrap();
        std::fs::remove_file(&in_the_way).unwrap();
        tasks::post(&server.app).await.unwrap();
        assert_eq!(letters(&server.folder).len(), 0, "not at once");
        server.clock().advance(30);
        tasks::post(&server.app).await.unwrap();
        assert_eq!(letters(&server.folder).len(), 1);
        tasks::post(&server.app).await.unwrap();
        server.clock().advance(60 * 60);
        tasks::post(&server.app).await.unwrap();
        assert_eq!(letters(&server.folder).len(), 1, "and never twice");
    })
    .await;
}
