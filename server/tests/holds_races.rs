//! Many drivers after one plug, and a server that dies in the middle.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::time::Duration;

use futures_util::future::join_all;
use portal_api::{
    dynamo::reservation::{Reservation, ReservationRequest},
    path,
};
use portal_server::embedded::people::Role;
use serde_json::json;
use support::{
    Browser, Server, both_stores_with,
    charge_point::{self, ChargePoint},
    people,
};

const DRIVERS: usize = 32;
const ROUNDS: usize = 200;
const NOW: &str = "2025-06-14T15:00:00Z";

fn request(server: &Server, email: &str) -> ReservationRequest {
    ReservationRequest {
        charge_point_id: "CP-BGO".into(),
        connector_id: 1,
        expires_at: server.clock().now().plus_seconds(600),
        id_tag: email.into(),
    }
}

/// Says yes to everything until it is dropped.
fn obedient(mut point: ChargePoint) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        while let Some(frame) = point.hear_for(Duration::from_secs(120)).await {
            if frame[0] == 2 {
                let id = frame[1].as_str().unwrap().to_owned();
                point.answer(&id, "Accepted").await;
            }
        }
    })
}

async fn drivers(server: &Server) -> Vec<(String, Browser)> {
    let mut all = Vec::new();
    for number in 0..DRIVERS {
        let email = format!("driver{number}@example.com");
        people::add(server, &email, &[Role::Driver]).await;
        let browser = server.signed_in(&email).await;
        all.push((email, browser));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thirty_two_drivers_one_gets_the_plug_every_time() {
    let patient = |config: &mut portal_server::config::Config| config.hold_tries = 100_000;
    both_stores_with(patient, async |server| {
        charge_point::lay(server).await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        let point = obedient(point);
        let drivers = drivers(server).await;
        let (mut won, mut refused) = (0, 0);
        for _ in 0..ROUNDS {
            let tries = drivers.iter().map(|(email, browser)| {
                let request = request(server, email);
                async move { browser.post(path::RESERVATIONS, &request).await }
            });
            let mut winner = None;
            for (answer, (_, browser)) in join_all(tries).await.into_iter().zip(&drivers) {
                match answer.status {
                    201 => {
                        won += 1;
                        assert!(winner.is_none(), "two drivers at one plug");
                        let reservation: Reservation = answer.json();
                        winner = Some((browser, reservation.reservation_id));
                    }
                    409 => {
                        let error = &answer.value()["error"];
                        assert_eq!(error["details"][0]["field"], "reason");
                        assert_eq!(error["details"][0]["message"], "taken");
                        refused += 1;
                    }
                    other => panic!("{other}: {}", answer.text),
                }
            }
            let (browser, id) = winner.expect("somebody gets it");
            assert_eq!(browser.delete(&path::reservation(id)).await.status, 204);
        }
        assert_eq!((won, refused), (ROUNDS, ROUNDS * (DRIVERS - 1)));
        let held: i64 =
            sqlx::query_scalar("select count(*) from reservations where stage <> 'over'")
                .fetch_one(server.store().readers())
                .await
                .unwrap();
        assert_eq!(held, 0);
        point.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_many_times_is_one_order() {
    both_stores_with(
        |config| config.hold_tries = 100_000,
        async |server| {
            charge_point::lay(server).await;
            people::driver(server).await;
            let browser = server.signed_in("driver@example.com").await;
            let mut point = ChargePoint::connect(server, "CP-BGO").await;
            point.status(1, "Available", NOW).await;
            for round in 0..50 {
                let request = request(server, "driver@example.com");
                let key = format!("storm-{round:04}");
                let storm = (0..64).map(|_| browser.post_once(path::RESERVATIONS, &key, &request));
                let (answers, _) = tokio::join!(join_all(storm), point.obey("Accepted"));
                assert!(answers.iter().all(|answer| answer.status == 201));
                assert!(answers.iter().all(|answer| answer.text == answers[0].text));
                let reservation: Reservation = answers[0].json();
                let path = path::reservation(&reservation.reservation_id);
                let (ended, (action, _)) =
                    tokio::join!(browser.delete(&path), point.obey("Accepted"));
                assert_eq!((ended.status, &action[..]), (204, "CancelReservation"));
            }
            assert!(point.call("Heartbeat", json!({})).await.is_object());
        },
    )
    .await;
}
