//! Answers that don't come, come late or twice; connections that break.

use std::{pin::pin, time::Duration};

use super::*;

/// So long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// So short that an answer which doesn't come is given up soon. One that is meant to come
/// may come too late all the same: whatever is then asked again is to be answered, too.
fn hasty(config: &mut portal_server::config::Config) {
    config.charge_point_answer = Duration::from_secs(2);
}

async fn soon(mut so: impl AsyncFnMut() -> bool) {
    let waiting = tokio::time::timeout(PATIENCE, async { while !so().await {} });
    waiting.await.expect("it becomes so");
}

/// Waits until the newest hold is over.
async fn over(browser: &Browser) {
    soon(async || newest(browser).await.stage == HoldStage::Over).await;
}

#[tokio::test]
async fn no_answer_is_asked_again_with_the_same_number_and_then_given_up() {
    both_stores_with(hasty, async |server| {
        let (browser, mut point) = ready(server).await;
        let request = request(server, 1, 30);
        let asked = ask_until_known(&browser, &request, "key-unanswered");
        let (answer, numbers) = tokio::join!(asked, async {
            let mut numbers = Vec::new();
            for _ in 0..3 {
                let (_, action, order) = point.order().await;
                assert_eq!(action, "ReserveNow");
                numbers.push(order["reservationId"].as_i64().unwrap());
            }
            numbers
        });
        assert_eq!(reason(&answer), (409, "no_answer".to_owned()));
        assert_eq!(numbers[0], numbers[1]);
        assert_eq!(numbers[1], numbers[2]);
        // It may hold it all the same: until it has said no, nobody else can.
        let other = browser.post(path::RESERVATIONS, &request).await;
        assert_eq!(reason(&other), (409, "taken".to_owned()));
        let (action, order) = point.obey("Rejected").await;
        assert_eq!(
            (&action[..], order["reservationId"].as_i64()),
            ("CancelReservation", Some(numbers[0]))
        );
        point.obey_until("Rejected", over(&browser)).await;
        let asked = ask_until_known(&browser, &request, "key-afterwards");
        let answer = point.obey_until("Accepted", asked).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_late_or_comes_twice_changes_nothing() {
    both_stores_with(hasty, async |server| {
        let (browser, mut point) = ready(server).await;
        let request = request(server, 1, 30);
        let mut asked = pin!(ask_until_known(&browser, &request, "key-late"));
        let mut late: Option<String> = None;
        let answer = loop {
            let (id, ..) = tokio::select! {
                answer = &mut asked => break answer,
                order = point.order() => order,
            };
            let Some(late) = &late else {
                late = Some(id);
                continue;
            };
            point.answer(late, "Rejected").await;
            point.answer(&id, "Accepted").await;
            point.answer(&id, "Rejected").await;
            point.answer("never-asked", "Rejected").await;
        };
        assert_eq!(answer.status, 201, "{}", answer.text);
        point.answer(&late.unwrap(), "Rejected").await;
        point.call("Heartbeat", json!({})).await;
        assert_eq!(newest(&browser).await.stage, HoldStage::Held);
    })
    .await;
}

#[tokio::test]
async fn what_is_accepted_after_it_was_given_up_is_given_up_there() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let request = request(server, 1, 30);
        let (answer, ()) = tokio::join!(browser.post(path::RESERVATIONS, &request), async {
            let (id, _, order) = point.order().await;
            let asking = newest(&browser).await;
            assert_eq!(asking.stage, HoldStage::Asking);
            let path = path::reservation(&asking.reservation.reservation_id);
            tokio::join!(
                async { assert_eq!(browser.delete(&path).await.status, 204) },
                async {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    point.answer(&id, "Accepted").await;
                    let (action, cancelled) = point.obey("Accepted").await;
                    assert_eq!(action, "CancelReservation");
                    assert_eq!(cancelled["reservationId"], order["reservationId"]);
                }
            );
        });
        // Whoever waited for the answer learns that there is none to wait for.
        assert!(matches!(answer.status, 201 | 409), "{}", answer.text);
        assert_eq!(newest(&browser).await.end, Some(HoldEnd::Cancelled));
        assert_eq!(state(&browser, 1).await, ConnectorState::Available);
    })
    .await;
}

#[tokio::test]
async fn a_broken_connection_is_taken_up_where_it_broke() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let request = request(server, 1, 30);
        let (answer, mut point) =
            tokio::join!(ask_until_known(&browser, &request, "key-broken"), async {
                let (_, _, order) = point.order().await;
                drop(point);
                let mut point = ChargePoint::connect(server, "CP-BGO").await;
                let (action, again) = point.obey("Accepted").await;
                assert_eq!(action, "ReserveNow");
                assert_eq!(again["reservationId"], order["reservationId"]);
                point
            });
        assert_eq!(answer.status, 201, "{}", answer.text);
        // It started anew and is reminded of what it holds.
        point.call("BootNotification", json!({})).await;
        point.status(1, "Available", NOW).await;
        let (action, _) = point.obey("Accepted").await;
        assert_eq!(action, "ReserveNow");
        point.status(1, "Reserved", NOW).await;
        assert_eq!(newest(&browser).await.stage, HoldStage::Held);
    })
    .await;
}

#[tokio::test]
async fn a_charge_point_that_stays_away_is_not_waited_for() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let request = request(server, 1, 30);
        let (answer, ()) = tokio::join!(ask_until_known(&browser, &request, "key-away"), async {
            point.order().await;
            drop(point);
            soon(async || state(&browser, 1).await == ConnectorState::Offline).await;
            server.clock().advance(11);
        });
        assert_eq!(reason(&answer), (409, "no_answer".to_owned()));
        // Back, it hears that it was given up.
        let mut point = free(server).await;
        assert_eq!(point.obey("Accepted").await.0, "CancelReservation");
        over(&browser).await;
    })
    .await;
}

#[tokio::test]
async fn one_order_at_a_time() {
    both_stores_with(
        |config| {
            config.holds.most = 100;
            config.charge_point_answer = PATIENCE;
        },
        async |server| {
            let (browser, mut point) = ready(server).await;
            for connector in [3, 4] {
                point.status(connector, "Available", NOW).await;
            }
            let asking = (1..=4).map(|connector| {
                let request = request(server, connector, 30);
                let browser = browser.clone();
                async move { browser.post(path::RESERVATIONS, &request).await.status }
            });
            let (statuses, ()) = tokio::join!(futures_util::future::join_all(asking), async {
                for _ in 0..4 {
                    let (id, ..) = point.order().await;
                    let next = tokio::time::timeout(Duration::from_millis(100), point.order());
                    assert!(
                        next.await.is_err(),
                        "a second order before the first was answered"
                    );
                    point.answer(&id, "Accepted").await;
                }
            });
            assert_eq!(statuses, [201; 4]);
        },
    )
    .await;
}
