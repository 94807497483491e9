//! Charging with a group's tokens, from the reader to the bill.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_server::embedded::groups::{
    limits::{self, Balance},
    tokens::{self, Record},
};
use serde_json::{Value, json};
use support::{
    Server, both_stores,
    charge_point::ChargePoint,
    groups::{self, balance, ready},
    people,
};

const NOW: &str = "2025-06-14T15:00:00Z";
const LATER: &str = "2025-06-14T15:30:00Z";

async fn authorize(point: &mut ChargePoint, card: &Record) -> Value {
    let asked = json!({ "idTag": card.token.uid });
    point.call("Authorize", asked).await["idTagInfo"].clone()
}

async fn start(point: &mut ChargePoint, connector: i64, card: &Record) -> Value {
    let began = json!({ "connectorId": connector, "idTag": card.token.uid, "meterStart": 0,
        "timestamp": NOW });
    point.call("StartTransaction", began).await
}

/// A charge that begins, as a newer charge point tells it.
fn began(tag: &str) -> Value {
    json!({ "eventType": "Started", "timestamp": NOW, "triggerReason": "Authorized", "seqNo": 0,
        "transactionInfo": { "transactionId": tag }, "evse": { "id": 1 },
        "idToken": { "idToken": tag, "type": "ISO14443" } })
}

async fn stop(server: &Server, point: &mut ChargePoint, number: &Value, meter: i64) {
    server.clock().advance(1_800);
    let ended = json!({ "transactionId": number, "meterStop": meter, "timestamp": LATER });
    point.call("StopTransaction", ended).await;
}

#[tokio::test]
async fn a_charge_sets_money_aside_and_spends_what_it_cost() {
    both_stores(async |server| {
        let (group, cards) = ready(server, (Some(100_000), None)).await;
        let labels = cards
            .iter()
            .map(|card| card.token.label.as_deref().unwrap());
        let wanted = ["Transporter 1", "Transporter 2", "Transporter 3"];
        assert_eq!(labels.collect::<Vec<_>>(), wanted);
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        let told = authorize(&mut point, &cards[0]).await;
        let parent = &group.parent_tag[..];
        assert_eq!(told, json!({ "status": "Accepted", "parentIdTag": parent }));
        let begun = start(&mut point, 1, &cards[0]).await;
        assert_eq!(begun["idTagInfo"], told);
        let held = balance(server, &group).await;
        assert!(held.held > 0 && held.spent == 0, "{held:?}");
        stop(server, &mut point, &begun["transactionId"], 10_000).await;
        // 10 kWh at 0.50, half an hour at 0.10 a minute, 1.00, and a fifth on top.
        let spent = Balance {
            spent: 1_080,
            held: 0,
        };
        assert_eq!(balance(server, &group).await, spent);
        let (driver, payment, cost): (String, String, i64) =
            sqlx::query_as("select driver_id, payment, cost_minor from sessions")
                .fetch_one(server.store().readers())
                .await
                .unwrap();
        assert_eq!(
            (driver, &payment[..], cost),
            (group.person_id, "organisation", 1_080)
        );
    })
    .await;
}

#[tokio::test]
async fn a_blocked_card_is_refused_and_the_others_still_work() {
    both_stores(async |server| {
        let (group, cards) = ready(server, (None, None)).await;
        let member = people::driver(server).await;
        let mut write = server.store().write().await.unwrap();
        let now = server.clock().now();
        let blocked = async |write: &mut _, id: &str| {
            tokens::block(write, &group, id, (&member, "lost"), now)
                .await
                .unwrap()
        };
        assert!(blocked(&mut write, &cards[0].token.id).await);
        assert!(!blocked(&mut write, &cards[0].token.id).await);
        let old = tokens::find(&mut write, &group.id, &cards[0].token.id)
            .await
            .unwrap()
            .unwrap();
        let new = tokens::replace(&mut write, &group, &old, &member, now)
            .await
            .unwrap()
            .unwrap();
        write.commit().await.unwrap();
        assert_eq!(
            (new.token.label.clone(), new.reason.clone()),
            (old.token.label, None)
        );
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        for (card, status) in [
            (&cards[0], "Blocked"),
            (&cards[1], "Accepted"),
            (&cards[2], "Accepted"),
            (&new, "Accepted"),
        ] {
            assert_eq!(authorize(&mut point, card).await["status"], status);
        }
        let begun = start(&mut point, 1, &cards[0]).await;
        assert_eq!(begun["idTagInfo"], json!({ "status": "Blocked" }));
        let begun = start(&mut point, 2, &cards[1]).await;
        assert_eq!(begun["idTagInfo"]["status"], "Accepted");
        let mut elsewhere = ChargePoint::connect_new(server, "CP-AKL").await;
        for (tag, status) in [
            (&cards[0].token.uid[..], "Blocked"),
            ("04FFFFFFFFFFFF", "Invalid"),
        ] {
            let id_token = json!({ "idToken": tag, "type": "ISO14443" });
            let asked = json!({ "idToken": id_token });
            let told = elsewhere.call("Authorize", asked).await;
            assert_eq!(told["idTokenInfo"], json!({ "status": status }));
            let told = elsewhere.call("TransactionEvent", began(tag)).await;
            assert_eq!(told["idTokenInfo"], json!({ "status": status }));
        }
    })
    .await;
}

#[tokio::test]
async fn where_nothing_is_left_no_charge_begins_and_the_one_under_way_can_be_ended() {
    both_stores(async |server| {
        let (group, cards) = ready(server, (Some(900), None)).await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        let mut elsewhere = ChargePoint::connect_new(server, "CP-AKL").await;
        let begun = start(&mut point, 1, &cards[0]).await;
        assert_eq!(begun["idTagInfo"]["status"], "Accepted");
        let held = balance(server, &group).await;
        assert_eq!((held.held, held.left(900)), (900, 0));
        // Another one finds nothing left; where it charges, any card ends it.
        let second = start(&mut point, 2, &cards[1]).await;
        assert_eq!(second["idTagInfo"], json!({ "status": "Blocked" }));
        assert_eq!(authorize(&mut point, &cards[1]).await["status"], "Accepted");
        let asked = json!({ "idToken": { "idToken": cards[1].token.uid, "type": "ISO14443" } });
        let told = elsewhere.call("Authorize", asked.clone()).await;
        assert_eq!(told["idTokenInfo"], json!({ "status": "NoCredit" }));
        let began = began(&cards[1].token.uid);
        let told = elsewhere.call("TransactionEvent", began).await;
        assert_eq!(told["idTokenInfo"], json!({ "status": "NoCredit" }));
        // Less than was thought leaves room again.
        stop(server, &mut point, &begun["transactionId"], 1_000).await;
        assert_eq!(balance(server, &group).await.left(900), 900 - 540);
        let told = elsewhere.call("Authorize", asked).await;
        let parent = json!({ "idToken": group.parent_tag, "type": "Central" });
        assert_eq!(
            told["idTokenInfo"],
            json!({ "status": "Accepted", "groupIdToken": parent })
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_booked_is_taken_though_it_is_all_that_was_left() {
    both_stores(async |server| {
        let (group, cards) = ready(server, (Some(900), None)).await;
        let mut write = server.store().write().await.unwrap();
        let claim = limits::Claim {
            reference: "booking",
            amount: groups::money(900, "NOK"),
            at: server.clock().now().plus_seconds(16 * 60),
            person_id: None,
        };
        limits::claim(&mut write, &group, &claim).await.unwrap();
        write.commit().await.unwrap();
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        assert_eq!(authorize(&mut point, &cards[0]).await["status"], "Blocked");
        server.clock().advance(60);
        assert_eq!(authorize(&mut point, &cards[0]).await["status"], "Accepted");
    })
    .await;
}

#[tokio::test]
async fn whoever_a_group_is_charged_as_is_nobody_who_could_come_in() {
    both_stores(async |server| {
        let (group, _) = ready(server, (None, None)).await;
        let address = format!("{}@groups.invalid", group.id);
        let mut browser = server.browser();
        assert_eq!(
            browser.sign_in(&address, people::PASSWORD).await.status,
            401
        );
        let asked = json!({ "email": address });
        let answer = browser.post(portal_api::path::PASSWORD_RESET, &asked).await;
        assert_eq!(answer.status, 202);
        let letters: i64 = sqlx::query_scalar("select count(*) from letters")
            .fetch_one(server.store().readers())
            .await
            .unwrap();
        assert_eq!(letters, 0);
        let mut point = ChargePoint::connect_new(server, "CP-AKL").await;
        let asked = json!({ "idToken": { "idToken": address, "type": "Central" } });
        let told = point.call("Authorize", asked).await;
        assert_eq!(told["idTokenInfo"], json!({ "status": "Invalid" }));
    })
    .await;
}
