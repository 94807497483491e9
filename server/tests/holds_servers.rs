//! Several copies of the server on one store.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    dynamo::reservation::ReservationRequest,
    path,
    portal::charge_points::{ChargePoint as Shown, ConnectorState},
};
use support::{
    Browser, Server,
    charge_point::{self, ChargePoint},
    copies, people,
};

const NOW: &str = "2025-06-14T15:00:00Z";

async fn state(browser: &Browser) -> ConnectorState {
    let shown: Shown = browser.get(&path::charge_point("CP-BGO")).await.json();
    shown.connectors[0].state.clone()
}

/// Two copies, a charge point at the first, a driver at the second.
async fn apart(test: impl AsyncFn(Server, Server, Browser, ChargePoint)) {
    copies::two(async |first, second| {
        charge_point::lay(&first).await;
        people::driver(&first).await;
        let browser = second.signed_in("driver@example.com").await;
        let mut point = ChargePoint::connect(&first, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        test(first, second, browser, point).await;
    })
    .await;
}

#[tokio::test]
async fn an_order_reaches_a_charge_point_that_is_connected_to_another_copy() {
    apart(async |first, second, browser, mut point| {
        let request = ReservationRequest {
            charge_point_id: "CP-BGO".into(),
            connector_id: 1,
            expires_at: second.clock().now().plus_seconds(900),
            id_tag: "driver@example.com".into(),
        };
        let (answer, (action, _)) = tokio::join!(
            browser.post(path::RESERVATIONS, &request),
            point.obey("Accepted")
        );
        assert_eq!(
            (answer.status, &action[..]),
            (201, "ReserveNow"),
            "{}",
            answer.text
        );
        let id = answer.value()["reservation_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let path = path::reservation(id);
        let (answer, (action, _)) = tokio::join!(browser.delete(&path), point.obey("Accepted"));
        assert_eq!((answer.status, &action[..]), (204, "CancelReservation"));
        first.stop().await;
        second.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_charge_points_of_a_dead_copy_are_connected_nowhere() {
    apart(async |first, second, browser, point| {
        first.app.charging.live().await.unwrap();
        second.app.charging.live().await.unwrap();
        assert_eq!(state(&browser).await, ConnectorState::Available);
        // It dies without a goodbye.
        let clock = first.clock().clone();
        first.die();
        clock.advance(31);
        second.app.charging.live().await.unwrap();
        assert_eq!(state(&browser).await, ConnectorState::Offline);
        drop(point);
        second.stop().await;
    })
    .await;
}
