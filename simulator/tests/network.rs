//! Charge points on a real network, with a server that stands in for the real one.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "network/central.rs"]
mod central;

use std::time::Duration;

use portal_simulator::{args::Wishes, charge_point::Action, fleet::Fleet, plan};
use serde_json::{Value, json};
use tokio::time::timeout;

use central::{Call, Central};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn fleet(central: &Central, options: &str) -> Fleet {
    let words = format!("--server http://{} --key secret {options}", central.address);
    let wishes = Wishes::read(words.split(' ').map(str::to_owned)).unwrap();
    Fleet::start(
        plan::counted(&wishes),
        &wishes.server,
        &wishes.key,
        wishes.seed,
    )
}

async fn in_time<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what).await.expect("in time")
}

fn in_ten_minutes() -> String {
    portal_simulator::clock::now().plus_seconds(600).to_string()
}

fn reserve(protocol: &str) -> Value {
    match protocol {
        "ocpp1.6" => json!({
            "connectorId": 1, "expiryDate": in_ten_minutes(), "idTag": "TAG", "reservationId": 9,
        }),
        _ => json!({
            "id": 9, "expiryDateTime": in_ten_minutes(), "evseId": 1,
            "idToken": { "idToken": "TAG", "type": "Central" },
        }),
    }
}

#[tokio::test]
async fn each_signs_in_with_its_name_and_key_and_says_what_it_speaks() {
    let mut central = Central::start().await;
    let fleet = fleet(&central, "--count 2 --prefix CP");
    in_time(fleet.all_up()).await;
    let mut entries = central.entries();
    entries.sort();
    // CP1:secret and CP2:secret.
    assert_eq!(
        entries,
        [
            "/ocpp/CP1 Basic Q1AxOnNlY3JldA== ocpp1.6",
            "/ocpp/CP2 Basic Q1AyOnNlY3JldA== ocpp2.0.1",
        ]
    );
}

#[tokio::test]
async fn a_hold_is_made_used_and_reported() {
    for protocol in ["1.6", "2.0.1"] {
        let mut central = Central::start().await;
        let fleet = fleet(&central, &format!("--count 1 --protocol {protocol}"));
        in_time(fleet.all_up()).await;
        let asked = reserve(&format!("ocpp{protocol}"));
        let answer = in_time(central.ask("SIM1", "ReserveNow", asked)).await;
        assert_eq!(answer["status"], "Accepted");
        assert_eq!(fleet.order("SIM1", Action::Charge(1, None)).await, Ok(()));
        let used = |call: &Call| call.payload["reservationId"] == 9;
        in_time(central.hears(used)).await;
    }
}

#[tokio::test]
async fn what_happened_while_the_connection_was_broken_is_told_afterwards() {
    let mut central = Central::start().await;
    let fleet = fleet(&central, "--count 1 --protocol 1.6");
    in_time(fleet.all_up()).await;
    let charge = Action::Charge(1, Some("TAG".to_owned()));
    for action in [Action::Offline, charge, Action::Unplug(1), Action::Online] {
        assert_eq!(in_time(fleet.order("SIM1", action)).await, Ok(()));
    }
    let started = in_time(central.hears(|call| call.action == "StartTransaction")).await;
    let stopped = in_time(central.hears(|call| call.action == "StopTransaction")).await;
    assert_eq!(stopped.payload["transactionId"], central::TRANSACTION);
    assert!(started.payload["timestamp"].as_str() <= stopped.payload["timestamp"].as_str());
}

#[tokio::test]
async fn a_lost_connection_is_made_again() {
    let mut central = Central::start().await;
    let fleet = fleet(&central, "--count 3");
    in_time(fleet.all_up()).await;
    central.hang_up();
    in_time(async {
        while central.entries().len() < 6 {
            central.hears(|_| true).await;
        }
    })
    .await;
    in_time(fleet.all_up()).await;
}

#[tokio::test]
async fn one_that_drops_hangs_up_instead_of_answering_and_comes_back() {
    let mut central = Central::start().await;
    let fleet = fleet(&central, "--count 1 --protocol 1.6 --fault dropping");
    in_time(fleet.all_up()).await;
    let answer = in_time(central.ask("SIM1", "ReserveNow", reserve("ocpp1.6"))).await;
    assert_eq!(answer, Value::Null);
    let held = |call: &Call| call.payload["status"] == "Reserved";
    in_time(central.hears(held)).await;
}

#[tokio::test]
async fn an_order_for_nobody_is_refused() {
    let central = Central::start().await;
    let fleet = fleet(&central, "--count 1");
    let nobody = fleet.order("SIM2", Action::Plug(1)).await;
    assert_eq!(nobody, Err("there is no such charge point"));
    let nowhere = fleet.order("SIM1", Action::Plug(3)).await;
    assert_eq!(nowhere, Err("there is no such connector"));
}
