//! Groups as their people see them: who may do what, and what comes of it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    decimal::Decimal,
    path,
    petit_monde::group::{Group as Documented, MadeTokens, TokenKind, TokenStatus},
    portal::{
        Me, Tab,
        groups::{GroupPage, GroupToken, Member, MemberPage, MyGroups, TokenPage},
    },
};
use portal_server::embedded::{groups::Group, people::Role};
use serde_json::{Value, json};
use support::{Answer, Browser, Server, both_stores, groups, people};

/// A group with somebody who looks after it, a member, and a colleague outside.
async fn ready(server: &Server) -> (Group, [Browser; 3]) {
    groups::organisation(server).await;
    let group = groups::make(server, "night", (Some(100_000), Some(5_050))).await;
    let mut browsers = Vec::new();
    for (email, role, inside) in [
        ("manager@example.com", Role::Manager, Some((&group, true))),
        ("member@example.com", Role::Driver, Some((&group, false))),
        ("colleague@example.com", Role::Employee, None),
    ] {
        let id = people::add(server, email, &[role]).await;
        groups::join(server, &id, inside).await;
        browsers.push(server.signed_in(email).await);
    }
    (group, browsers.try_into().ok().unwrap())
}

fn sentence(answer: &Answer) -> String {
    answer.value()["error"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

async fn mint(admin: &Browser, group: &Group, count: u32, kind: &str) -> MadeTokens {
    let asked = json!({ "count": count, "type": kind, "label_prefix": "Transporter " });
    let answer = admin.post(&path::bulk_tokens(&group.id), &asked).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

async fn tokens(browser: &Browser, group: &Group, query: &str) -> TokenPage {
    let path = format!("{}{query}", path::group_tokens(&group.id));
    browser.get(&path).await.json()
}

#[tokio::test]
async fn whoever_is_in_a_group_or_may_make_one_has_a_tab_for_it() {
    both_stores(async |server| {
        let (group, [admin, member, colleague]) = ready(server).await;
        let tab = async |browser: &Browser| {
            let me: Me = browser.get(path::ME).await.json();
            (me.tabs.contains(&Tab::Group), me.makes_groups, me.id)
        };
        let (has, makes, _) = tab(&admin).await;
        assert_eq!((has, makes), (true, true));
        let (has, makes, id) = tab(&member).await;
        assert_eq!((has, makes), (true, false));
        let (has, makes, _) = tab(&colleague).await;
        assert_eq!((has, makes), (false, false));
        let left = member.delete(&path::group_member(&group.id, &id)).await;
        assert_eq!(left.status, 204, "{}", left.text);
        let (has, ..) = tab(&member).await;
        assert!(!has);
    })
    .await;
}

#[tokio::test]
async fn a_manager_makes_a_group_once_and_everybody_else_none() {
    both_stores(async |server| {
        let (_, [admin, member, colleague]) = ready(server).await;
        let new = json!({ "name": " Day shift ", "monthly_limit": 2500.05 });
        let made = admin
            .post_once(path::FLEET_GROUPS, "a-key-0001", &new)
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
        let group: Documented = made.json();
        assert_eq!(group.monthly_limit, Some(Decimal::new(250_005, 2)));
        assert_eq!(
            (&group.name[..], group.per_session_limit),
            ("Day shift", None)
        );
        let again = admin
            .post_once(path::FLEET_GROUPS, "a-key-0001", &new)
            .await;
        assert_eq!((again.status, &again.text), (201, &made.text));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        let mine: MyGroups = admin.get(path::GROUPS).await.json();
        let names = mine.groups.iter().map(|group| &group.name[..]);
        assert_eq!(names.collect::<Vec<_>>(), ["Day shift", "Group night"]);
        assert!(mine.may_make && mine.groups.iter().all(|group| group.admin));
        let me: Me = admin.get(path::ME).await.json();
        assert_eq!(me.groups.len(), 2);
        for browser in [&member, &colleague] {
            let refused = browser.post(path::FLEET_GROUPS, &new).await;
            assert_eq!(refused.status, 403);
            let mine: MyGroups = browser.get(path::GROUPS).await.json();
            assert!(!mine.may_make);
        }
        for wrong in [
            json!({ "name": "" }),
            json!({ "name": "x", "monthly_limit": -1 }),
            json!({ "name": "x", "monthly_limit": 0.001 }),
            json!({ "name": "x", "monthly_limit": 10_000_000_000_i64 }),
            json!({ "name": "x\ny" }),
        ] {
            let refused = admin.post(path::FLEET_GROUPS, &wrong).await;
            assert_eq!(refused.status, 400, "{wrong}");
            assert!(
                sentence(&refused).starts_with("Invalid "),
                "{}",
                refused.text
            );
        }
    })
    .await;
}

#[tokio::test]
async fn no_two_tokens_are_made_with_one_label_whatever_became_of_the_others() {
    both_stores(async |server| {
        let (group, [admin, ..]) = ready(server).await;
        let labels = async |count| {
            let made = mint(&admin, &group, count, "RFID").await.tokens;
            let labels = made.into_iter().map(|token| token.label.unwrap());
            labels.collect::<Vec<_>>()
        };
        let first = mint(&admin, &group, 5, "RFID").await;
        let renamed = path::group_token(&group.id, &first.tokens[2].id);
        let change = json!({ "label": "Kühlwagen" });
        assert_eq!(admin.patch(&renamed, &change).await.status, 200);
        assert_eq!(labels(1).await, ["Transporter 6"]);
        // What is blocked or replaced has its number still.
        let last = tokens(&admin, &group, "").await.tokens.pop().unwrap();
        let replaced = admin
            .post_once(&path::replace_token(&group.id, &last.id), "a-key-0001", &())
            .await;
        assert_eq!(replaced.status, 201, "{}", replaced.text);
        let new: GroupToken = replaced.json();
        let lost = path::lost_token(&group.id, &new.id);
        assert_eq!(admin.post(&lost, &json!({})).await.status, 200);
        assert_eq!(labels(2).await, ["Transporter 7", "Transporter 8"]);
        // Others count as they like.
        for odd in ["Transporter 4000000000", "Transporter x9", "Transporter 12"] {
            let change = json!({ "label": odd });
            assert_eq!(admin.patch(&renamed, &change).await.status, 200);
        }
        assert_eq!(labels(1).await, ["Transporter 13"]);
    })
    .await;
}

#[tokio::test]
async fn limits_are_set_to_the_cent_or_taken_away() {
    both_stores(async |server| {
        let (group, [admin, member, _]) = ready(server).await;
        let path = path::fleet_group(&group.id);
        let page: GroupPage = member.get(&path::group(&group.id)).await.json();
        assert_eq!(page.budget.per_session_limit, Some(Decimal::new(5_050, 2)));
        assert_eq!(page.budget.left, Some(Decimal::new(100_000, 2)));
        assert_eq!(page.budget.ends_at.to_string(), "2025-06-30T22:00:00Z");
        assert_eq!(
            (page.admin, &page.admins[..]),
            (false, &["manager".to_owned()][..])
        );
        assert_eq!((page.members, page.tokens), (2, 0));
        let limits = json!({ "limits": { "monthly_limit": 99.99, "per_session_limit": null } });
        assert_eq!(member.patch(&path, &limits).await.status, 403);
        let changed: Documented = admin.patch(&path, &limits).await.json();
        assert_eq!(changed.monthly_limit, Some(Decimal::new(9_999, 2)));
        assert_eq!(changed.per_session_limit, None);
        let named: Documented = admin.patch(&path, &json!({ "name": "Late" })).await.json();
        assert_eq!(
            (&named.name[..], named.monthly_limit),
            ("Late", changed.monthly_limit)
        );
        let free = json!({ "limits": {} });
        let free: Documented = admin.patch(&path, &free).await.json();
        assert_eq!(free.monthly_limit, None);
        let page: GroupPage = admin.get(&path::group(&group.id)).await.json();
        assert_eq!((page.budget.left, page.admin), (None, true));
    })
    .await;
}

#[tokio::test]
async fn cards_are_made_shown_lost_and_replaced() {
    both_stores(async |server| {
        let (group, [admin, member, _]) = ready(server).await;
        let cards = mint(&admin, &group, 3, "RFID").await.tokens;
        let number = &mint(&admin, &group, 1, "VIRTUAL").await.tokens[0];
        assert_eq!(cards[2].label.as_deref(), Some("Transporter 3"));
        assert_eq!(number.label.as_deref(), Some("Transporter 4"));
        assert!(number.uid.len() == 16 && number.uid.bytes().all(|sign| sign.is_ascii_digit()));
        // A member needs numbers to show them, and of cards only what is written on them.
        let seen = tokens(&member, &group, "").await;
        for token in &seen.tokens {
            assert_eq!(token.uid.is_some(), token.kind == TokenKind::Virtual);
        }
        // What can be shown comes first, though it was made last.
        assert_eq!(seen.tokens[0].uid.as_ref(), Some(&number.uid));
        let all = tokens(&admin, &group, "?limit=2&offset=2").await;
        assert_eq!((all.total, all.tokens.len()), (4, 2));
        assert_eq!(all.tokens[0].uid.as_ref(), Some(&cards[1].uid));
        // Lost is one of them, however often it is said.
        let lost = path::lost_token(&group.id, &cards[0].id);
        for _ in 0..2 {
            let token: GroupToken = member.post(&lost, &json!({})).await.json();
            assert_eq!(token.status, TokenStatus::Blocked);
        }
        assert_eq!(tokens(&member, &group, "?status=ACTIVE").await.total, 3);
        let letters: Vec<(String, String)> = sqlx::query_as("select kind, recipient from letters")
            .fetch_all(server.store().readers())
            .await
            .unwrap();
        let letter = ("group-token-lost".into(), "manager@example.com".into());
        assert_eq!(letters, [letter]);
        let replace = path::replace_token(&group.id, &cards[0].id);
        assert_eq!(member.post(&replace, &json!({})).await.status, 403);
        let new: GroupToken = admin.post(&replace, &json!({})).await.json();
        assert_eq!(
            (&new.label[..], &new.status),
            ("Transporter 1", &TokenStatus::Active)
        );
        assert_ne!(new.uid.as_ref(), Some(&cards[0].uid));
        assert_eq!(admin.post(&replace, &json!({})).await.status, 409);
        assert_eq!(tokens(&admin, &group, "").await.total, 5);
        // It lies in another van from now on.
        let change = json!({ "label": "Van", "vehicle": "HH-AB 12" });
        let one = path::group_token(&group.id, &cards[1].id);
        assert_eq!(member.patch(&one, &change).await.status, 403);
        let changed: GroupToken = admin.patch(&one, &change).await.json();
        assert_eq!(changed.vehicle.as_deref(), Some("HH-AB 12"));
        let none: GroupToken = admin.patch(&one, &json!({ "label": "Van" })).await.json();
        assert_eq!(none.vehicle, None);
    })
    .await;
}

#[tokio::test]
async fn so_many_tokens_and_no_more_are_made_at_once() {
    both_stores(async |server| {
        let (group, [admin, member, _]) = ready(server).await;
        let path = path::bulk_tokens(&group.id);
        for wrong in [
            json!({ "count": 0, "type": "RFID" }),
            json!({ "count": 501, "type": "RFID" }),
            json!({ "count": 1, "type": "PAPER" }),
            json!({ "count": 1, "type": "RFID", "prefix": "Van" }),
            json!({ "count": 1, "type": "RFID", "label_prefix": "x".repeat(95) }),
        ] {
            let refused = admin.post(&path, &wrong).await;
            assert_eq!(refused.status, 400, "{wrong}");
        }
        let right = json!({ "count": 500, "type": "RFID" });
        assert_eq!(member.post(&path, &right).await.status, 403);
        let made = admin.post_once(&path, "key-of-500", &right).await;
        let again = admin.post_once(&path, "key-of-500", &right).await;
        assert_eq!((made.status, &made.text), (201, &again.text));
        let group: Documented = admin.get(&path::fleet_group(&group.id)).await.json();
        assert_eq!(group.token_count, 500);
    })
    .await;
}

#[tokio::test]
async fn members_come_and_go_and_somebody_always_looks_after_it() {
    both_stores(async |server| {
        let (group, [admin, member, colleague]) = ready(server).await;
        people::add(server, "stranger@example.com", &[Role::Driver]).await;
        let path = path::group_members(&group.id);
        for nobody in [
            "stranger@example.com",
            "none@example.com",
            "group_night@groups.invalid",
        ] {
            let refused = admin.post(&path, &json!({ "email": nobody })).await;
            assert_eq!(
                (refused.status, &refused.value()["field"]),
                (422, &json!("email"))
            );
        }
        let new = json!({ "email": "Colleague@example.com" });
        assert_eq!(member.post(&path, &new).await.status, 403);
        assert_eq!(colleague.get(&path).await.status, 404);
        let added: Member = admin.post(&path, &new).await.json();
        assert_eq!((&added.name[..], added.admin), ("colleague", false));
        let seen: MemberPage = colleague.get(&format!("{path}?q=COLL")).await.json();
        assert_eq!((seen.total, seen.members[0].email.as_deref()), (1, None));
        let seen: MemberPage = admin.get(&path).await.json();
        let names = seen.members.iter().map(|member| &member.name[..]);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["colleague", "manager", "member"]
        );
        assert!(seen.members.iter().all(|member| member.email.is_some()));
        let person = |name: &str| path::group_member(&group.id, format!("usr_{name}"));
        // The only one who looks after it neither steps down nor leaves.
        let down = json!({ "admin": false });
        assert_eq!(admin.patch(&person("manager"), &down).await.status, 409);
        assert_eq!(admin.delete(&person("manager")).await.status, 409);
        let up = json!({ "admin": true });
        assert_eq!(colleague.patch(&person("colleague"), &up).await.status, 403);
        assert_eq!(admin.patch(&person("colleague"), &up).await.status, 200);
        assert_eq!(admin.delete(&person("manager")).await.status, 204);
        assert_eq!(admin.get(&path::group(&group.id)).await.status, 404);
        // Everybody may leave, and nobody takes out others.
        assert_eq!(member.delete(&person("colleague")).await.status, 403);
        assert_eq!(member.delete(&person("member")).await.status, 204);
        let roles: Vec<String> =
            sqlx::query_scalar("select person_id from person_roles where role = 'group_member'")
                .fetch_all(server.store().readers())
                .await
                .unwrap();
        assert_eq!(roles, ["usr_colleague"]);
    })
    .await;
}

#[tokio::test]
async fn a_group_that_one_is_not_in_is_like_one_that_is_not_there() {
    both_stores(async |server| {
        let (group, [admin, _, colleague]) = ready(server).await;
        let card = &mint(&admin, &group, 1, "RFID").await.tokens[0].id;
        let other = groups::make(server, "other", (None, None)).await;
        let lost = |group: &str| path::lost_token(group, card);
        let same = |here: &Answer, nowhere: &Answer| {
            let body = |answer: &Answer| {
                let mut body: Value = answer.value();
                body["request_id"].take();
                body
            };
            assert_eq!((here.status, body(here)), (404, body(nowhere)));
        };
        let none = "group_none".to_owned();
        for path in [
            path::group,
            path::fleet_group,
            path::group_charges,
            path::fleet_usage,
        ] {
            let here = colleague.get(&path(&group.id)).await;
            same(&here, &colleague.get(&path(&none)).await);
        }
        let here = colleague.post(&lost(&group.id), &json!({})).await;
        same(
            &here,
            &colleague.post(&lost("group_none"), &json!({})).await,
        );
        // A token belongs to the group in the path, or there is none.
        groups::join(server, "usr_manager", Some((&other, true))).await;
        assert_eq!(admin.post(&lost(&other.id), &json!({})).await.status, 404);
        let replace = path::replace_token(&other.id, card);
        assert_eq!(admin.post(&replace, &json!({})).await.status, 404);
        assert_eq!(tokens(&admin, &group, "?status=ACTIVE").await.total, 1);
    })
    .await;
}

#[tokio::test]
async fn a_new_name_and_new_limits_at_the_same_moment_are_both_kept() {
    both_stores(async |server| {
        let (group, [admin, ..]) = ready(server).await;
        let path = path::fleet_group(&group.id);
        for round in 1..=20 {
            let name = format!("Shift {round}");
            let (named, limits) = (
                json!({ "name": name }),
                json!({ "limits": { "monthly_limit": round } }),
            );
            let both = tokio::join!(admin.patch(&path, &named), admin.patch(&path, &limits));
            assert_eq!((both.0.status, both.1.status), (200, 200));
            let now: Documented = admin.get(&path).await.json();
            assert_eq!(
                (now.name, now.monthly_limit),
                (name, Some(Decimal::new(round, 0)))
            );
        }
    })
    .await;
}
