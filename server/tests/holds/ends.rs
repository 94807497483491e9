//! How holds end, and what is said of it.

use std::time::Duration;

use portal_api::{
    dynamo::Session,
    portal::events::{HOLD, SessionNews},
};

use super::*;

/// What became of a hold: told once the charge point has said something.
async fn end(browser: &Browser) -> Option<HoldEnd> {
    newest(browser).await.end
}

#[tokio::test]
async fn its_time_is_over() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        hold(server, &browser, &mut point, 1).await;
        point.status(1, "Reserved", NOW).await;
        server.clock().advance(30 * 60);
        server.app.charging.end_what_is_over().await.unwrap();
        assert_eq!(end(&browser).await, Some(HoldEnd::Expired));
        let over = newest(&browser).await.reservation;
        assert_eq!(over.status, ReservationStatus::Expired);
        point.status(1, "Available", "2025-06-14T15:30:00Z").await;
        assert_eq!(end(&browser).await, Some(HoldEnd::Expired));
        let path = path::reservation(&over.reservation_id);
        assert_eq!(
            reason(&browser.delete(&path).await),
            (409, "over".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn the_charge_point_says_why() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        for (status, said) in [
            ("Faulted", HoldEnd::OutOfOrder),
            ("Unavailable", HoldEnd::OutOfOrder),
            ("Available", HoldEnd::ByOperator),
        ] {
            hold(server, &browser, &mut point, 1).await;
            point.status(1, "Reserved", NOW).await;
            point.status(1, status, NOW).await;
            assert_eq!(end(&browser).await, Some(said), "{status}");
            point.status(1, "Available", NOW).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_new_dialect_has_a_message_for_it() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        for (word, said) in [
            ("Expired", HoldEnd::Expired),
            ("Removed", HoldEnd::ByOperator),
        ] {
            point.status(1, "Available", NOW).await;
            let (answer, order) = ask(server, &browser, &mut point, 1, "Accepted").await;
            assert_eq!(answer.status, 201);
            assert_eq!(
                (&order["evseId"], &order["idToken"]["type"]),
                (&json!(1), &json!("Central"))
            );
            let update = json!({ "reservationId": order["id"], "reservationUpdateStatus": word });
            assert_eq!(
                point.call("ReservationStatusUpdate", update).await,
                json!({})
            );
            assert_eq!(end(&browser).await, Some(said));
            // Late and twice, it changes nothing.
            let update =
                json!({ "reservationId": order["id"], "reservationUpdateStatus": "Removed" });
            point.call("ReservationStatusUpdate", update).await;
        }
        assert_eq!(
            holds::all(&browser).await.holds[1].end,
            Some(HoldEnd::Expired)
        );
    })
    .await;
}

#[tokio::test]
async fn its_driver_comes_and_charges() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let (_, order) = ask(server, &browser, &mut point, 1, "Accepted").await;
        server.clock().advance(60);
        let start = json!({ "connectorId": 1, "idTag": order["idTag"], "meterStart": 5_000,
            "timestamp": "2025-06-14T15:01:00Z", "reservationId": order["reservationId"] });
        let started = point.call("StartTransaction", start.clone()).await;
        assert_eq!(started["idTagInfo"]["status"], "Accepted");
        let used = newest(&browser).await;
        assert_eq!(
            (&used.end, &used.stage),
            (&Some(HoldEnd::Used), &HoldStage::Over)
        );
        // Sent again, it is the same charge.
        assert_eq!(point.call("StartTransaction", start).await, started);
        let session = used.session_id.unwrap();
        server.clock().advance(60 * 60);
        let stop = json!({ "transactionId": started["transactionId"], "meterStop": 15_000,
            "timestamp": "2025-06-14T16:01:00Z" });
        point.call("StopTransaction", stop.clone()).await;
        let read = async || {
            let page = browser.get(path::SESSIONS).await.value();
            assert_eq!(page["total"], 1);
            let session: Session = serde_json::from_value(page["sessions"][0].clone()).unwrap();
            session
        };
        let ended = read().await;
        assert_eq!(ended.session_id, session);
        assert_eq!(ended.energy_kwh.unwrap().units_at(3), Some(10_000));
        // 1.00 a session, 10 kWh at 0.50, 60 minutes at 0.10, and a fifth of tax.
        assert_eq!(ended.total_cost.unwrap().units_at(2), Some(1_440));
        let late = json!({ "transactionId": started["transactionId"], "meterStop": 99_000,
            "timestamp": "2025-06-14T16:31:00Z" });
        point.call("StopTransaction", late).await;
        let values = json!({ "connectorId": 1, "transactionId": started["transactionId"],
            "meterValue": [{ "timestamp": "2025-06-14T15:31:00Z",
                "sampledValue": [{ "value": "99000" }] }] });
        point.call("MeterValues", values).await;
        assert_eq!(read().await, ended);
        let receipt = browser.get(&path::receipt(&session)).await;
        assert_eq!(receipt.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_charge_is_told_as_it_goes_on() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        let mut told = server.app.charging.feed().listen();
        let event = |kind: &str, seq: i64, state: &str, at: &str, wh: i64| {
            json!({ "eventType": kind, "timestamp": at, "triggerReason": "MeterValuePeriodic",
                "seqNo": seq, "evse": { "id": 2, "connectorId": 1 },
                "transactionInfo": { "transactionId": "tx-1", "chargingState": state },
                "idToken": { "idToken": "driver@example.com", "type": "eMAID" },
                "meterValue": [{ "timestamp": at, "sampledValue": [{ "value": wh },
                    { "value": 11_000, "measurand": "Power.Active.Import" }] }] })
        };
        for (kind, seq, state, at, wh, minutes) in [
            ("Started", 0, "Charging", "2025-06-14T15:00:00Z", 1_000, 30),
            ("Updated", 1, "Charging", "2025-06-14T15:30:00Z", 6_500, 30),
            (
                "Updated",
                2,
                "SuspendedEV",
                "2025-06-14T16:00:00Z",
                12_000,
                20,
            ),
            ("Ended", 3, "Idle", "2025-06-14T16:20:00Z", 12_000, 0),
        ] {
            let answer = point
                .call("TransactionEvent", event(kind, seq, state, at, wh))
                .await;
            assert_eq!(answer["idTokenInfo"]["status"], "Accepted");
            server.clock().advance(minutes * 60);
        }
        let mut news = Vec::new();
        while news.len() < 4 {
            let event = told.recv().await.unwrap();
            if event.name == "session" {
                news.push(serde_json::from_str::<SessionNews>(&event.body).unwrap());
            }
        }
        let energy = |news: &SessionNews| news.energy_kwh.units_at(3);
        assert_eq!(
            news.iter().map(energy).collect::<Vec<_>>(),
            [Some(0), Some(5_500), Some(11_000), Some(11_000)]
        );
        assert_eq!(news[1].power_kw.unwrap().units_at(0), Some(11));
        // 1.00, 11 kWh at 0.50, 60 minutes at 0.10, 10 of 20 minutes at 0.20, a fifth of tax.
        assert_eq!(news[3].cost.unwrap().units_at(2), Some(1_740));
    })
    .await;
}

#[tokio::test]
async fn what_is_told_of_a_hold_is_all_that_can_be_read_of_it() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let mut told = server.app.charging.feed().listen();
        let mut next = async || loop {
            let event = tokio::time::timeout(Duration::from_secs(20), told.recv()).await;
            let event = event.expect("something in time").unwrap();
            if event.name == HOLD {
                return serde_json::from_str::<Hold>(&event.body).unwrap();
            }
        };
        let request = request(server, 1, 30);
        let (_, asking) = tokio::join!(browser.post(path::RESERVATIONS, &request), async {
            let (id, ..) = point.order().await;
            let asking = newest(&browser).await;
            point.answer(&id, "Accepted").await;
            asking
        });
        let a_day_later = "2025-06-15T15:00:00Z".parse().unwrap();
        assert_eq!(asking.latest, Some(a_day_later));
        assert_eq!(next().await, asking);
        let held = newest(&browser).await;
        assert_eq!(next().await, held);
        let id = &held.reservation.reservation_id;
        let longer = Extension {
            expires_at: a_day_later,
        };
        let (extend, over) = (path::extend_hold(id), path::reservation(id));
        let (longer, _) = tokio::join!(browser.post(&extend, &longer), point.obey("Accepted"));
        assert_eq!(next().await, held, "nobody has said yes yet");
        assert_eq!(next().await, longer.json::<Hold>());
        tokio::join!(browser.delete(&over), point.obey("Accepted"));
        assert_eq!(next().await.stage, HoldStage::Ending);
        assert_eq!(next().await, newest(&browser).await);
    })
    .await;
}

#[tokio::test]
async fn a_charge_point_that_breaks_takes_the_hold_away_and_says_why_afterwards() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        let browser = server.signed_in("driver@example.com").await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        let (_, order) = ask(server, &browser, &mut point, 1, "Accepted").await;
        let update = json!({ "reservationId": order["id"], "reservationUpdateStatus": "Removed" });
        point.call("ReservationStatusUpdate", update).await;
        assert_eq!(end(&browser).await, Some(HoldEnd::ByOperator));
        point.status(1, "Faulted", NOW).await;
        assert_eq!(end(&browser).await, Some(HoldEnd::OutOfOrder));
    })
    .await;
}
