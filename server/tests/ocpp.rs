//! Charge points: who may connect, and what comes of what they say.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    path,
    portal::charge_points::{ChargePoint as Shown, ConnectorState},
};
use serde_json::json;
use support::{
    Browser, both_stores,
    charge_point::{self, ChargePoint, KEY},
    one_store, people,
};

const NOW: &str = "2025-06-14T15:00:00Z";

async fn state(browser: &Browser, id: &str, connector: usize) -> ConnectorState {
    let shown: Shown = browser.get(&path::charge_point(id)).await.json();
    shown.connectors[connector - 1].state.clone()
}

#[tokio::test]
async fn only_charge_points_that_are_known_by_name_and_key_connect() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let connect = async |id: &str, user: &str, key: &str, protocol: &str| {
            let connected = ChargePoint::try_connect(server, id, user, key, protocol).await;
            connected.err()
        };
        assert_eq!(
            connect("CP-NONE", "CP-NONE", KEY, "ocpp1.6").await,
            Some(404)
        );
        assert_eq!(
            connect("CP-BGO", "CP-BGO", "wrong", "ocpp1.6").await,
            Some(401)
        );
        assert_eq!(connect("CP-BGO", "CP-AKL", KEY, "ocpp1.6").await, Some(401));
        assert_eq!(connect("CP-BGO", "CP-BGO", "", "ocpp1.6").await, Some(401));
        assert_eq!(connect("CP-BGO", "CP-BGO", KEY, "ocpp1.5").await, Some(400));
        assert_eq!(connect("CP-BGO", "CP-BGO", KEY, "ocpp1.6").await, None);
        assert_eq!(connect("CP-BGO", "CP-BGO", KEY, "ocpp2.0.1").await, None);
    })
    .await;
}

#[tokio::test]
async fn whoever_guesses_keys_has_to_wait() {
    one_store(
        |_| {},
        async |server| {
            charge_point::lay(server).await;
            let connect = async |key: &str| {
                let id = "CP-BGO";
                ChargePoint::try_connect(server, id, id, key, "ocpp1.6")
                    .await
                    .err()
            };
            for _ in 0..100 {
                assert_eq!(connect("wrong").await, Some(401));
            }
            assert_eq!(connect(KEY).await, Some(429));
            server.clock().advance(61);
            assert_eq!(connect(KEY).await, None);
        },
    )
    .await;
}

#[tokio::test]
async fn a_second_connection_ends_the_first_and_its_goodbye_changes_nothing() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let mut first = ChargePoint::connect(server, "CP-BGO").await;
        first.status(1, "Available", NOW).await;
        let mut second = ChargePoint::connect(server, "CP-BGO").await;
        assert_eq!(first.hear().await, None);
        second.status(1, "Available", NOW).await;
        assert_eq!(
            state(&browser, "CP-BGO", 1).await,
            ConnectorState::Available
        );
        drop(second);
        while state(&browser, "CP-BGO", 1).await != ConnectorState::Offline {}
    })
    .await;
}

#[tokio::test]
async fn what_a_connector_is_doing_is_shown_and_older_news_change_nothing() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let mut old = ChargePoint::connect(server, "CP-BGO").await;
        let mut new = ChargePoint::connect_new(server, "CP-AKL").await;
        let boot = old.call(
            "BootNotification",
            json!({ "chargePointModel": "M",
            "chargePointVendor": "V" }),
        );
        let boot = boot.await;
        assert_eq!(
            (&boot["status"], &boot["currentTime"]),
            (&json!("Accepted"), &json!(NOW))
        );
        for (status, shown) in [
            ("Preparing", ConnectorState::Occupied),
            ("Available", ConnectorState::Available),
            ("Faulted", ConnectorState::Faulted),
            ("Unavailable", ConnectorState::Unavailable),
            ("Reserved", ConnectorState::Reserved),
            ("SuspendedEV", ConnectorState::Occupied),
        ] {
            old.status(2, status, NOW).await;
            assert_eq!(state(&browser, "CP-BGO", 2).await, shown, "{status}");
        }
        old.status(2, "Available", "2025-06-14T14:59:59Z").await;
        assert_eq!(state(&browser, "CP-BGO", 2).await, ConnectorState::Occupied);
        for (status, shown) in [
            ("Occupied", ConnectorState::Occupied),
            ("Available", ConnectorState::Available),
        ] {
            new.status(4, status, NOW).await;
            assert_eq!(state(&browser, "CP-AKL", 4).await, shown, "{status}");
        }
        // A clock that runs ahead must not stop the clock for everybody.
        new.status(4, "Faulted", "2035-01-01T00:00:00Z").await;
        server.clock().advance(1);
        new.status(4, "Available", "2025-06-14T15:00:01Z").await;
        assert_eq!(
            state(&browser, "CP-AKL", 4).await,
            ConnectorState::Available
        );
    })
    .await;
}

#[tokio::test]
async fn nonsense_is_answered_and_never_ends_the_server() {
    one_store(
        |_| {},
        async |server| {
            charge_point::lay(server).await;
            let mut point = ChargePoint::connect(server, "CP-BGO").await;
            assert_eq!(point.call("FlyAway", json!({})).await, "NotImplemented");
            assert_eq!(
                point.call("StatusNotification", json!({})).await,
                "FormationViolation"
            );
            assert_eq!(
                point.call("FirmwareStatusNotification", json!({})).await,
                json!({})
            );
            for strange in [
                "",
                "[]",
                "{}",
                "[3,\"9\",{}]",
                "[4,\"9\",\"X\"]",
                "[2,\"9\"",
                "\u{0}",
            ] {
                point.say_text(strange).await.unwrap();
            }
            assert!(point.call("Heartbeat", json!({})).await["currentTime"].is_string());
            // There is no connector 9, and nobody minds.
            point.status(9, "Available", NOW).await;
            let long = format!(
                "[2,\"1\",\"Heartbeat\",{{\"x\":\"{}\"}}]",
                "x".repeat(65 * 1024)
            );
            let _ = point.say_text(&long).await;
            assert_eq!(point.hear().await, None, "too long");
            ChargePoint::connect(server, "CP-BGO").await;
        },
    )
    .await;
}

#[tokio::test]
async fn tags_are_known_whichever_way_they_are_written() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let driver = people::driver(server).await;
        charge_point::give_card(server, &driver, "04A1B2C3D4E580").await;
        let mut old = ChargePoint::connect(server, "CP-BGO").await;
        let mut new = ChargePoint::connect_new(server, "CP-AKL").await;
        for (tag, status) in [
            ("04A1B2C3D4E580", "Accepted"),
            ("04a1b2c3d4e580", "Accepted"),
            ("Driver@Example.com", "Accepted"),
            ("04A1B2C3D4E581", "Invalid"),
        ] {
            let answer = old.call("Authorize", json!({ "idTag": tag })).await;
            assert_eq!(answer["idTagInfo"]["status"], status, "{tag}");
            let token = json!({ "idToken": { "idToken": tag, "type": "ISO14443" } });
            let answer = new.call("Authorize", token).await;
            assert_eq!(answer["idTokenInfo"]["status"], status, "{tag}");
        }
    })
    .await;
}
