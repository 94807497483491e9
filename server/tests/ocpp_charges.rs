//! What becomes of a charge however its messages come: who pays later than it began, the
//! end before the beginning, a clock that was never set, a meter that says little.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_server::embedded::people::Role;
use serde_json::{Value, json};
use support::{
    Server, both_stores,
    charge_point::{self, ChargePoint},
    ground::at,
    people,
};

const CARD: &str = "04A1B2C3D4E580";
const OTHER_CARD: &str = "04A1B2C3D4E581";

/// A time on the day of the tests.
fn clock(time: &str) -> String {
    format!("2025-06-14T{time}:00Z")
}

/// A driver with a card, and another one with another.
async fn ready(server: &Server) {
    charge_point::lay(server).await;
    let driver = people::driver(server).await;
    charge_point::give_card(server, &driver, CARD).await;
    let other = people::add(server, "other@example.com", &[Role::Driver]).await;
    charge_point::give_card(server, &other, OTHER_CARD).await;
    // From 15:00 on the day goes by as fast as the charge points tell of it.
    server.clock().advance(6 * 3_600);
}

/// A session as it was written: the energy, its minutes, what the parking cost, and
/// whether it has ended.
type Written = (i64, i64, Option<i64>, bool);

async fn written(server: &Server) -> Vec<Written> {
    let rows: Vec<(i64, i64, Option<i64>, Option<i64>)> = sqlx::query_as(
        "select energy_wh, started_at, ended_at, parking_minor from sessions
            order by started_at, id",
    )
    .fetch_all(server.store().readers())
    .await
    .unwrap();
    let of = |(energy_wh, started, ended, parking): (i64, i64, Option<i64>, Option<i64>)| {
        let minutes = ended.map_or(0, |ended| (ended - started) / 60_000);
        (energy_wh, minutes, parking, ended.is_some())
    };
    rows.into_iter().map(of).collect()
}

/// What a charge point of 2.0.1 tells of its charge `tx`.
fn event(kind: &str, time: &str, more: Value) -> Value {
    let mut event = json!({ "eventType": kind, "timestamp": clock(time), "seqNo": 0,
        "triggerReason": "Trigger", "transactionInfo": { "transactionId": "tx" } });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

fn card(tag: &str) -> Value {
    json!({ "idToken": tag, "type": "ISO14443" })
}

fn meter(time: &str, wh: i64) -> Value {
    json!([{ "timestamp": clock(time), "sampledValue": [{ "value": wh }] }])
}

async fn tell(point: &mut ChargePoint, event: Value) -> Value {
    point.call("TransactionEvent", event).await["idTokenInfo"]["status"].clone()
}

#[tokio::test]
async fn the_cable_may_come_before_the_card_and_the_place_after_it() {
    both_stores(async |server| {
        ready(server).await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        let plugged = json!({ "evse": { "id": 1 }, "meterValue": meter("15:00", 5_000),
            "transactionInfo": { "transactionId": "tx", "chargingState": "EVConnected" } });
        tell(&mut point, event("Started", "15:00", plugged)).await;
        assert_eq!(written(server).await, []);
        let shown = json!({ "idToken": card(CARD) });
        assert_eq!(
            tell(&mut point, event("Updated", "15:02", shown)).await,
            "Accepted"
        );
        assert_eq!(written(server).await, [(0, 0, None, false)]);
        let ended = json!({ "meterValue": meter("15:32", 12_000) });
        tell(&mut point, event("Ended", "15:32", ended)).await;
        assert_eq!(written(server).await, [(7_000, 30, Some(0), true)]);

        let shown = json!({ "idToken": card(CARD), "meterValue": meter("16:00", 12_000),
            "transactionInfo": { "transactionId": "second" } });
        assert_eq!(
            tell(&mut point, event("Started", "16:00", shown)).await,
            "Accepted"
        );
        let second = json!({ "transactionInfo": { "transactionId": "second" },
            "evse": { "id": 1 } });
        tell(&mut point, event("Updated", "16:01", second.clone())).await;
        assert_eq!(written(server).await.len(), 2);
        let mut ended = second;
        ended["meterValue"] = meter("16:11", 13_000);
        tell(&mut point, event("Ended", "16:11", ended)).await;
        assert_eq!(written(server).await[1], (1_000, 10, Some(0), true));
    })
    .await;
}

#[tokio::test]
async fn whoever_ends_a_charge_that_nobody_pays_for_does_not_pay_for_it() {
    both_stores(async |server| {
        ready(server).await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        let begun = json!({ "evse": { "id": 1 }, "idToken": card("NOBODY"),
            "meterValue": meter("15:00", 0) });
        assert_eq!(
            tell(&mut point, event("Started", "15:00", begun)).await,
            "Invalid"
        );
        let ended = json!({ "idToken": card(CARD), "meterValue": meter("15:30", 9_000) });
        tell(&mut point, event("Ended", "15:30", ended)).await;
        assert_eq!(written(server).await, []);
    })
    .await;
}

#[tokio::test]
async fn the_end_may_be_told_before_the_beginning() {
    both_stores(async |server| {
        ready(server).await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        let ended = json!({ "meterValue": meter("15:40", 20_000) });
        tell(&mut point, event("Ended", "15:40", ended)).await;
        assert_eq!(written(server).await, []);
        let begun = json!({ "evse": { "id": 1 }, "idToken": card(CARD),
            "meterValue": meter("15:00", 8_000) });
        assert_eq!(
            tell(&mut point, event("Started", "15:00", begun.clone())).await,
            "Accepted"
        );
        assert_eq!(written(server).await, [(12_000, 40, Some(0), true)]);
        // What comes later still, or again, changes nothing.
        let late = json!({ "meterValue": meter("15:20", 14_000) });
        tell(&mut point, event("Updated", "15:20", late)).await;
        tell(&mut point, event("Started", "15:00", begun)).await;
        assert_eq!(written(server).await, [(12_000, 40, Some(0), true)]);
    })
    .await;
}

#[tokio::test]
async fn a_charge_told_late_leaves_the_one_that_is_there_now() {
    both_stores(async |server| {
        ready(server).await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        let now = json!({ "evse": { "id": 1 }, "idToken": card(OTHER_CARD),
            "meterValue": meter("17:00", 30_000),
            "transactionInfo": { "transactionId": "now" } });
        tell(&mut point, event("Started", "17:00", now)).await;
        let before = json!({ "evse": { "id": 1 }, "idToken": card(CARD),
            "meterValue": meter("15:00", 10_000) });
        assert_eq!(
            tell(&mut point, event("Started", "15:00", before)).await,
            "Accepted"
        );
        assert_eq!(written(server).await, [(0, 0, None, false)]);
        let ended = json!({ "meterValue": meter("16:00", 30_000) });
        tell(&mut point, event("Ended", "16:00", ended)).await;
        assert_eq!(
            written(server).await,
            [(20_000, 60, Some(0), true), (0, 0, None, false)]
        );
    })
    .await;
}

#[tokio::test]
async fn the_whole_life_of_a_meter_is_not_billed() {
    both_stores(async |server| {
        ready(server).await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        let begun = json!({ "evse": { "id": 1 }, "idToken": card(CARD) });
        tell(&mut point, event("Started", "15:00", begun)).await;
        for (time, wh) in [("15:10", 1_234_567), ("15:20", 1_236_567)] {
            let read = json!({ "meterValue": meter(time, wh) });
            tell(&mut point, event("Updated", time, read)).await;
        }
        tell(&mut point, event("Ended", "15:30", json!({}))).await;
        assert_eq!(written(server).await, [(2_000, 30, Some(0), true)]);
    })
    .await;
}

#[tokio::test]
async fn a_reading_does_not_mean_that_a_full_car_charges_again() {
    both_stores(async |server| {
        ready(server).await;
        let mut old = ChargePoint::connect(server, "CP-BGO").await;
        let began = json!({ "connectorId": 1, "idTag": CARD, "meterStart": 0,
            "timestamp": clock("15:00") });
        let number = old.call("StartTransaction", began).await["transactionId"].clone();
        old.status(1, "SuspendedEV", &clock("16:00")).await;
        let read = json!({ "connectorId": 1, "transactionId": number,
            "meterValue": [{ "timestamp": clock("16:05"), "sampledValue": [{ "value": "9000" }] }] });
        old.call("MeterValues", read).await;
        let ended = json!({ "transactionId": number, "meterStop": 9_000,
            "timestamp": clock("17:00") });
        old.call("StopTransaction", ended).await;
        // An hour of standing, ten minutes of it free, at 0.20 a minute.
        let parked = (9_000, 120, Some(1_000), true);
        assert_eq!(written(server).await, [parked]);

        let mut new = ChargePoint::connect_new(server, "CP-AKL").await;
        let begun = json!({ "evse": { "id": 1 }, "idToken": card(CARD),
            "meterValue": meter("15:00", 0) });
        tell(&mut new, event("Started", "15:00", begun)).await;
        let full = json!({ "transactionInfo": { "transactionId": "tx",
            "chargingState": "SuspendedEV" } });
        tell(&mut new, event("Updated", "16:00", full)).await;
        let read = json!({ "meterValue": meter("16:05", 9_000) });
        tell(&mut new, event("Updated", "16:05", read)).await;
        tell(&mut new, event("Ended", "17:00", json!({}))).await;
        assert_eq!(written(server).await, [parked, parked]);
    })
    .await;
}

#[tokio::test]
async fn a_charge_whose_end_was_lost_does_not_keep_the_next_car_out() {
    both_stores(async |server| {
        ready(server).await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        let start = |tag: &str, time: &str| {
            json!({ "connectorId": 1, "idTag": tag, "meterStart": 0, "timestamp": clock(time) })
        };
        point.call("StartTransaction", start(CARD, "15:00")).await;
        point.status(1, "SuspendedEV", &clock("16:04")).await;
        let next = point.call("StartTransaction", start(OTHER_CARD, "17:00")).await;
        assert_eq!(next["idTagInfo"]["status"], "Accepted");
        // News of the car before say nothing of this one.
        point.status(1, "SuspendedEV", &clock("16:30")).await;
        let ended = json!({ "transactionId": next["transactionId"], "meterStop": 9_000,
            "timestamp": clock("18:00") });
        point.call("StopTransaction", ended).await;
        let sessions = written(server).await;
        assert_eq!(sessions.len(), 2);
        assert_eq!(sessions[1], (9_000, 60, Some(0), true));
    })
    .await;
}

#[tokio::test]
async fn nobody_pays_for_the_years_that_a_clock_is_behind() {
    both_stores(async |server| {
        ready(server).await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        let began = json!({ "connectorId": 1, "idTag": CARD, "meterStart": 1_000,
            "timestamp": "1970-01-01T00:00:10Z" });
        let number = point.call("StartTransaction", began).await["transactionId"].clone();
        server.clock().advance(1_800);
        let ended = json!({ "transactionId": number, "meterStop": 9_000,
            "timestamp": server.clock().now().to_string() });
        point.call("StopTransaction", ended).await;
        assert_eq!(written(server).await, [(8_000, 30, Some(0), true)]);
        assert!(server.clock().now() > at(&clock("21:00")));
    })
    .await;
}
