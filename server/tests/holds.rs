//! Holding a plug: one driver gets it, and only when its charge point says so.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "holds/ends.rs"]
mod ends;
mod support;
#[path = "holds/trouble.rs"]
mod trouble;

use portal_api::{
    dynamo::reservation::{Reservation, ReservationRequest, ReservationStatus, Reservations},
    path,
    portal::{
        charge_points::{ChargePoint as Shown, ConnectorState},
        holds::{Extension, Hold, HoldEnd, HoldStage},
    },
};
use serde_json::{Value, json};
use support::{
    Browser, Server, both_stores, both_stores_with,
    browser::Answer,
    charge_point::{self, ChargePoint},
    holds::{self, ask_until_known, newest, reason, request},
    people,
};

const NOW: &str = "2025-06-14T15:00:00Z";

/// A driver, and a charge point whose first two connectors are free.
async fn ready(server: &Server) -> (Browser, ChargePoint) {
    charge_point::lay(server).await;
    people::driver(server).await;
    let browser = server.signed_in("driver@example.com").await;
    (browser, free(server).await)
}

async fn free(server: &Server) -> ChargePoint {
    let mut point = ChargePoint::connect(server, "CP-BGO").await;
    for connector in [1, 2] {
        point.status(connector, "Available", NOW).await;
    }
    point
}

/// Asks for a connector for half an hour while the charge point answers.
async fn ask(
    server: &Server,
    browser: &Browser,
    point: &mut ChargePoint,
    connector: u32,
    status: &str,
) -> (Answer, Value) {
    let request = request(server, connector, 30);
    let (answer, (action, order)) = tokio::join!(
        browser.post(path::RESERVATIONS, &request),
        point.obey(status)
    );
    assert_eq!(action, "ReserveNow");
    (answer, order)
}

/// Holds a connector.
async fn hold(
    server: &Server,
    browser: &Browser,
    point: &mut ChargePoint,
    connector: u32,
) -> Reservation {
    let (answer, _) = ask(server, browser, point, connector, "Accepted").await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

async fn state(browser: &Browser, connector: usize) -> ConnectorState {
    let shown: Shown = browser.get(&path::charge_point("CP-BGO")).await.json();
    shown.connectors[connector - 1].state.clone()
}

#[tokio::test]
async fn a_plug_is_held_when_its_charge_point_says_so() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let (answer, order) = ask(server, &browser, &mut point, 1, "Accepted").await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let reservation: Reservation = answer.json();
        assert_eq!(reservation.status, ReservationStatus::Active);
        assert_eq!(reservation.id_tag, "driver@example.com");
        assert_eq!(order["connectorId"], 1);
        assert_eq!(order["expiryDate"], "2025-06-14T15:30:00Z");
        let tag = order["idTag"].as_str().unwrap();
        assert!(tag.len() <= 20 && !tag.contains('@'), "{tag}");
        let hold = newest(&browser).await;
        assert_eq!((hold.stage, hold.end), (HoldStage::Held, None));
        assert_eq!(hold.place, "Kai 7");
        assert_eq!(state(&browser, 1).await, ConnectorState::Reserved);
        for (query, count) in [
            ("", 1),
            ("?status=active&charge_point_id=CP-BGO", 1),
            ("?status=used", 0),
            ("?charge_point_id=CP-AKL", 0),
        ] {
            let path = [path::RESERVATIONS, query].concat();
            let all: Reservations = browser.get(&path).await.json();
            assert_eq!(all.data.len(), count, "{query}");
        }
        let wrong = browser.get("/api/v1/reservations?status=gone").await;
        assert_eq!(wrong.status, 400);
    })
    .await;
}

#[tokio::test]
async fn a_plug_is_given_up_there_too() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let reservation = hold(server, &browser, &mut point, 1).await;
        let path = path::reservation(&reservation.reservation_id);
        let (answer, (action, _)) = tokio::join!(browser.delete(&path), point.obey("Accepted"));
        assert_eq!((answer.status, &action[..]), (204, "CancelReservation"));
        let over = newest(&browser).await;
        assert_eq!(
            (over.stage, over.end),
            (HoldStage::Over, Some(HoldEnd::Cancelled))
        );
        assert_eq!(over.reservation.status, ReservationStatus::Cancelled);
        // Asked twice, it is the same.
        assert_eq!(browser.delete(&path).await.status, 204);
        assert_eq!(state(&browser, 1).await, ConnectorState::Available);
        hold(server, &browser, &mut point, 1).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_charge_point_refuses_is_not_held() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        for (status, word) in [
            ("Occupied", "occupied"),
            ("Faulted", "faulted"),
            ("Unavailable", "unavailable"),
            ("Rejected", "rejected"),
            ("Perhaps", "rejected"),
        ] {
            let (answer, _) = ask(server, &browser, &mut point, 1, status).await;
            assert_eq!(reason(&answer), (409, word.to_owned()));
            assert_eq!(newest(&browser).await.end, Some(HoldEnd::Refused));
            assert_eq!(state(&browser, 1).await, ConnectorState::Available);
        }
        for (code, word) in [
            ("InternalError", "rejected"),
            ("FormationViolation", "rejected"),
            ("NotSupported", "unsupported"),
        ] {
            let request = request(server, 1, 30);
            let (answer, ()) = tokio::join!(browser.post(path::RESERVATIONS, &request), async {
                let (id, ..) = point.order().await;
                point.fail(&id, code).await;
            });
            assert_eq!(reason(&answer), (409, word.to_owned()));
        }
        // It is not asked again.
        let answer = browser
            .post(path::RESERVATIONS, &request(server, 2, 30))
            .await;
        assert_eq!(reason(&answer), (409, "unsupported".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_held_is_refused_without_asking() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let post = async |request: &ReservationRequest| {
            reason(&browser.post(path::RESERVATIONS, request).await)
        };
        for (status, word) in [
            ("Charging", "occupied"),
            ("Faulted", "faulted"),
            ("Unavailable", "unavailable"),
            ("Reserved", "taken"),
        ] {
            point.status(2, status, NOW).await;
            assert_eq!(post(&request(server, 2, 30)).await, (409, word.to_owned()));
        }
        let mut other = request(server, 1, 30);
        other.charge_point_id = "CP-AKL".into();
        assert_eq!(post(&other).await, (409, "offline".to_owned()));
        other.charge_point_id = "CP-NONE".into();
        assert_eq!(post(&other).await.0, 404);
        other.charge_point_id = "../etc".into();
        assert_eq!(post(&other).await.0, 404);
        assert_eq!(post(&request(server, 9, 30)).await.0, 404);
        for minutes in [-1, 0, 24 * 60 + 1] {
            assert_eq!(post(&request(server, 1, minutes)).await.0, 422, "{minutes}");
        }
        let mut foreign = request(server, 1, 30);
        foreign.id_tag = "04A1B2C3D4E580".into();
        assert_eq!(post(&foreign).await.0, 422);
        people::add(
            server,
            "other@example.com",
            &[portal_server::embedded::people::Role::Driver],
        )
        .await;
        foreign.id_tag = "other@example.com".into();
        assert_eq!(post(&foreign).await.0, 422);
        assert!(holds::all(&browser).await.holds.is_empty());
    })
    .await;
}

#[tokio::test]
async fn nobody_holds_more_than_two_or_tries_without_end() {
    both_stores_with(
        |config| config.hold_tries = 4,
        async |server| {
            let (browser, mut point) = ready(server).await;
            point.status(3, "Available", NOW).await;
            let first = hold(server, &browser, &mut point, 1).await;
            hold(server, &browser, &mut point, 2).await;
            let answer = browser
                .post(path::RESERVATIONS, &request(server, 3, 30))
                .await;
            assert_eq!(reason(&answer), (409, "most_holds".to_owned()));
            let path = path::reservation(&first.reservation_id);
            tokio::join!(browser.delete(&path), point.obey("Accepted"));
            for _ in 0..2 {
                ask(server, &browser, &mut point, 3, "Rejected").await;
            }
            let answer = browser
                .post(path::RESERVATIONS, &request(server, 3, 30))
                .await;
            assert_eq!(answer.status, 429);
            assert!(answer.header("retry-after").is_some());
            server.clock().advance(60 * 60);
            point.status(3, "Available", "2025-06-14T16:00:00Z").await;
            ask(server, &browser, &mut point, 3, "Accepted").await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_hold_is_extended_with_its_number_as_long_as_is_allowed() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let (answer, order) = ask(server, &browser, &mut point, 1, "Accepted").await;
        let reservation: Reservation = answer.json();
        let path = path::extend_hold(&reservation.reservation_id);
        let longer = |minutes: i64| Extension {
            expires_at: server.clock().now().plus_seconds(minutes * 60),
        };
        let extension = longer(45);
        let (answer, (action, again)) =
            tokio::join!(browser.post(&path, &extension), point.obey("Accepted"));
        assert_eq!(answer.status, 200, "{}", answer.text);
        let hold: Hold = answer.json();
        assert_eq!(hold.reservation.expires_at, longer(45).expires_at);
        assert_eq!(action, "ReserveNow");
        assert_eq!(again["reservationId"], order["reservationId"]);
        assert_eq!(again["expiryDate"], "2025-06-14T15:45:00Z");
        // It says no: the hold stays as it was.
        let extension = longer(60);
        let (answer, _) = tokio::join!(browser.post(&path, &extension), point.obey("Occupied"));
        let hold: Hold = answer.json();
        assert_eq!(hold.reservation.expires_at, longer(45).expires_at);
        assert_eq!(browser.post(&path, &longer(24 * 60 + 1)).await.status, 422);
        let nobody = path::extend_hold("rsv_none");
        assert_eq!(
            browser
                .post(&nobody, &json!({ "expires_at": NOW }))
                .await
                .status,
            404
        );
    })
    .await;
}

#[tokio::test]
async fn the_same_request_again_is_the_same_hold() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let request = request(server, 1, 30);
        let post = async || {
            browser
                .post_once(path::RESERVATIONS, "key-of-a-test", &request)
                .await
        };
        let (first, again, _) = tokio::join!(post(), post(), point.obey("Accepted"));
        let third = post().await;
        assert_eq!((first.status, again.status, third.status), (201, 201, 201));
        assert_eq!(first.text, again.text);
        assert_eq!(first.text, third.text);
        assert_eq!(third.header("idempotency-replayed"), Some("true"));
        assert_eq!(holds::all(&browser).await.holds.len(), 1);
        let other = ReservationRequest {
            connector_id: 2,
            ..request.clone()
        };
        let other = browser
            .post_once(path::RESERVATIONS, "key-of-a-test", &other)
            .await;
        assert_eq!(other.status, 422);
    })
    .await;
}

#[tokio::test]
async fn a_filter_finds_what_is_older_than_what_is_told_of_at_once() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let mut write = server.store().write().await.unwrap();
        // The oldest one is the only one of its kind.
        for number in 0..=50_i64 {
            let (place, end) = match number {
                0 => ("CP-AKL", "used"),
                _ => ("CP-BGO", "by_operator"),
            };
            sqlx::query(
                "insert into reservations (id, number, person_id, charge_point_id, connector,
                    id_tag, sent_tag, stage, fingerprint, ended, expires_at, created_at,
                    updated_at) values ($1, $2, 'usr_driver', $3, 1, 'X', 'X', 'over', '', $4,
                    1000, $2, $2)",
            )
            .bind(format!("rsv_{number}"))
            .bind(number)
            .bind(place)
            .bind(end)
            .execute(&mut *write)
            .await
            .unwrap();
        }
        write.commit().await.unwrap();
        for (query, count) in [
            ("", 50),
            ("?status=used", 1),
            ("?charge_point_id=CP-AKL", 1),
            ("?charge_point_id=CP-AKL&status=used", 1),
            ("?charge_point_id=CP-BGO&status=used", 0),
            ("?status=cancelled", 50),
            ("?status=active", 0),
        ] {
            let path = [path::RESERVATIONS, query].concat();
            let all: Reservations = browser.get(&path).await.json();
            assert_eq!(all.data.len(), count, "{query}");
        }
    })
    .await;
}
