//! Who somebody is, and how they want the portal to be.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    language::Language,
    path,
    portal::{Look, Me, MeChange, Preferences, Tab, holds::Holds},
    problem::{Code, Problem},
};
use portal_server::embedded::people::Role;
use support::{both_stores, people};

#[tokio::test(flavor = "multi_thread")]
async fn who_charges_sees_sessions_and_who_books_finds_chargers() {
    both_stores(async |server| {
        for (name, role, charges, books) in [
            ("driver", Role::Driver, true, true),
            ("group", Role::GroupMember, true, true),
            ("employee", Role::Employee, true, true),
            ("manager", Role::Manager, true, true),
            ("admin", Role::OrganisationAdmin, false, true),
            ("host", Role::SiteOwner, false, false),
            ("desk", Role::Staff, false, true),
        ] {
            let email = format!("{name}@example.com");
            people::add(server, &email, &[role]).await;
            let browser = server.signed_in(&email).await;
            let me: Me = browser.get(path::ME).await.json();
            let has = |tab| me.tabs.contains(&tab);
            assert_eq!((has(Tab::Sessions), has(Tab::Charge)), (charges, books));
            // What there is a tab for can be read, and nothing else.
            let status = if books { 200 } else { 403 };
            for path in [path::CHARGE_POINTS, path::HOLDS, path::BOOKINGS] {
                assert_eq!(browser.get(path).await.status, status, "{name}: {path}");
            }
            let holds = browser.get(path::HOLDS).await;
            if books {
                let tags = holds.json::<Holds>().id_tags;
                assert_eq!(!tags.is_empty(), charges, "{name}");
            }
            // A phone's bar has room for five.
            assert!(me.tabs.len() <= 5, "{name}: {:?}", me.tabs);
            assert_eq!(me.tabs.first(), Some(&Tab::Home));
            assert_eq!(me.tabs.last(), Some(&Tab::Account));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn name_and_preferences_are_kept() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let preferences = Preferences {
            language: Some(Language::Fr),
            look: Look::Dark,
        };
        let change = MeChange {
            name: Some("  Mara L’Été ⚡ ".to_owned()),
            preferences: Some(preferences.clone()),
        };
        let answer = browser.patch(path::ME, &change).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let changed: Me = answer.json();
        assert_eq!(changed.name, "Mara L’Été ⚡");
        assert_eq!(changed.preferences, preferences);
        assert_eq!(browser.get(path::ME).await.json::<Me>(), changed);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sent_stays_as_it_is() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let before: Me = browser.get(path::ME).await.json();
        let answer = browser.patch(path::ME, &MeChange::default()).await;
        assert_eq!(answer.json::<Me>(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_must_fit_on_one_line() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        for name in ["", "   ", "two\nlines", "bell\u{7}", &"x".repeat(101)] {
            let change = MeChange {
                name: Some(name.to_owned()),
                ..MeChange::default()
            };
            let answer = browser.patch(path::ME, &change).await;
            assert_eq!(answer.status, 400, "{name:?}");
            let problem: Problem = answer.json();
            assert_eq!(problem.code, Code::InvalidRequest);
            assert_eq!(problem.field.as_deref(), Some("name"));
        }
        let longest = MeChange {
            name: Some("ß".repeat(100)),
            ..MeChange::default()
        };
        assert_eq!(browser.patch(path::ME, &longest).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_what_is_not_theirs_to_change() {
    both_stores(async |server| {
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let before: Me = browser.get(path::ME).await.json();
        for field in [
            "id",
            "email",
            "roles",
            "role",
            "tabs",
            "organisation_id",
            "dynamo_user_id",
        ] {
            let change = serde_json::json!({ "name": "Changed", field: "staff" });
            let answer = browser.patch(path::ME, &change).await;
            assert_eq!(answer.status, 400, "{field}");
        }
        assert_eq!(browser.get(path::ME).await.json::<Me>(), before);
    })
    .await;
}
