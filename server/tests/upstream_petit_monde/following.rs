//! What is open is asked for until it is settled, and no oftener than is needed.

use portal_api::{path, petit_monde::booking::BookingStatus};
use portal_server::tasks;
use serde_json::json;

use crate::{book, later, letters, request, served, stand_in::Quirk};

#[tokio::test]
async fn it_is_asked_every_five_seconds_and_then_less_and_less_often() {
    served(async |server, stand_in, driver| {
        book(driver, "key-of-slow", &request(server)).await;
        let before = stand_in.calls();
        let mut asked_at = Vec::new();
        for second in 1..=200 {
            server.clock().advance(1);
            let calls = stand_in.calls();
            tasks::bookings::follow(&server.app).await.unwrap();
            let new = stand_in.asked().split_off(calls);
            if new.iter().any(|call| call.contains("/bookings/")) {
                asked_at.push(second);
            }
        }
        assert_eq!(asked_at, [5, 10, 20, 40, 80, 140, 200]);
        assert!(stand_in.calls() >= before + 7);
    })
    .await;
}

#[tokio::test]
async fn a_word_nobody_documented_is_shown_and_settles_nothing() {
    served(async |server, stand_in, driver| {
        let asked = book(driver, "key-of-odd", &request(server)).await;
        stand_in.say("status", "ON_HOLD");
        let odd = later(server, driver, 5, &asked.id).await;
        assert_eq!(odd.status, BookingStatus::Other("ON_HOLD".into()));
        let calls = stand_in.calls();
        later(server, driver, 60, &asked.id).await;
        assert_eq!(stand_in.calls(), calls, "there is no hurry");
        stand_in.say("status", "COMPLETED");
        stand_in.say("client_price", json!(18.75));
        stand_in.say("client_price_currency", "EUR");
        let done = later(server, driver, 2 * 3_600, &asked.id).await;
        assert_eq!(done.status, BookingStatus::Completed);
        assert_eq!(done.client_price, Some("18.75".parse().unwrap()));
        // What is over stays as it is, and is asked for no more.
        stand_in.say("status", "PENDING");
        let over = later(server, driver, 3_600, &asked.id).await;
        assert_eq!(over.status, BookingStatus::Completed);
    })
    .await;
}

#[tokio::test]
async fn of_two_servers_one_asks_and_one_letter_is_written() {
    served(async |server, stand_in, driver| {
        let asked = book(driver, "key-of-two", &request(server)).await;
        stand_in.say("status", "CONFIRMED");
        server.clock().advance(5);
        let calls = stand_in.calls();
        let (one, two) = tokio::join!(
            tasks::bookings::follow(&server.app),
            tasks::bookings::follow(&server.app)
        );
        one.unwrap();
        two.unwrap();
        let asked_for = stand_in.asked().split_off(calls);
        let times = asked_for
            .iter()
            .filter(|call| call.contains(&*upstream_id(stand_in)));
        assert_eq!(times.count(), 1, "{asked_for:?}");
        let told = later(server, driver, 0, &asked.id).await;
        assert_eq!(
            (told.status, letters(server).await),
            (BookingStatus::Confirmed, 1)
        );
    })
    .await;
}

fn upstream_id(stand_in: &crate::stand_in::StandIn) -> String {
    let last = stand_in.bookings().pop().unwrap();
    last["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn whatever_it_answers_the_booking_stays_as_it_was_and_is_asked_for_again() {
    served(async |server, stand_in, driver| {
        let asked = book(driver, "key-of-odd", &request(server)).await;
        let html = json!("<!doctype html>");
        for quirk in [
            Quirk::Says(200, Vec::new(), html.clone()),
            Quirk::Says(
                200,
                Vec::new(),
                json!({ "id": "another", "status": "CANCELLED" }),
            ),
            Quirk::Says(200, Vec::new(), json!({ "id": 7 })),
            Quirk::Says(403, Vec::new(), json!({ "error": "Account suspended" })),
            Quirk::Says(404, Vec::new(), json!({ "error": "Booking not found" })),
            Quirk::Says(500, Vec::new(), html),
            Quirk::Hangs,
        ] {
            stand_in.next(quirk);
            let same = later(server, driver, 60, &asked.id).await;
            assert_eq!(same.status, BookingStatus::Requested);
        }
        stand_in.say("status", "REJECTED");
        let refused = later(server, driver, 60, &asked.id).await;
        assert_eq!(
            (refused.status, letters(server).await),
            (BookingStatus::Rejected, 1)
        );
    })
    .await;
}

#[tokio::test]
async fn a_booking_that_somebody_looks_at_is_asked_for_soon_but_not_at_every_look() {
    served(async |server, stand_in, driver| {
        let asked = book(driver, "key-of-look", &request(server)).await;
        stand_in.say("status", "CONFIRMED");
        later(server, driver, 5, &asked.id).await;
        let detail = path::booking_detail(&asked.id);
        stand_in.say("status", "CANCELLED");
        for (seconds, status) in [(30, "CONFIRMED"), (31, "CANCELLED")] {
            server.clock().advance(seconds);
            assert_eq!(driver.get(&detail).await.status, 200);
            let told = later(server, driver, 0, &asked.id).await;
            assert_eq!(told.status.as_str(), status);
        }
    })
    .await;
}
