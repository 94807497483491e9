//! What is open is asked for until it is settled, and no oftener than is needed.

use portal_api::{
    path,
    petit_monde::booking::{Booking, BookingStatus, TokenStrategy},
};
use portal_server::tasks;
use serde_json::json;

use crate::{Server, StandIn, book, groups, later, letters, request, served, stand_in::Quirk};

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

fn upstream_id(stand_in: &StandIn) -> String {
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

/// How often a booking is asked for in so many days.
async fn asked_in(server: &Server, stand_in: &StandIn, days: usize, id: &str) -> usize {
    let calls = stand_in.calls();
    for _ in 0..days * 4 {
        server.clock().advance(6 * 3_600);
        tasks::bookings::follow(&server.app).await.unwrap();
    }
    let asked = stand_in.asked().split_off(calls);
    asked.iter().filter(|call| call.contains(id)).count()
}

#[tokio::test]
async fn what_is_never_settled_is_seldom_asked_for_and_let_go_thirty_days_after_its_time() {
    for (field, word) in [
        ("status", "ON_HOLD"),
        ("status", "PENDING"),
        // The booking is there no more.
        ("id", "purged"),
    ] {
        served(async |server, stand_in, driver| {
            groups::organisation(server).await;
            let group = groups::make(server, "lager_sued", (Some(10_000), None)).await;
            groups::join(server, "usr_driver", Some((&group, false))).await;
            let mut wanted = request(server);
            wanted.token_strategy = Some(TokenStrategy::GroupToken);
            (wanted.customer_id, wanted.fleet_group_id) = (None, Some(group.id.clone()));
            let asked = book(driver, "key-of-lost", &wanted).await;
            let upstream_id = upstream_id(stand_in);
            stand_in.say("client_price", json!(14.30));
            stand_in.say("client_price_currency", "EUR");
            let told = later(server, driver, 5, &asked.id).await;
            assert!(told.client_price.is_some());
            stand_in.say(field, word);
            let held = async || -> (i64, i64) {
                sqlx::query_as("select held, spent from group_months")
                    .fetch_one(server.store().readers())
                    .await
                    .unwrap()
            };
            let looks = asked_in(server, stand_in, 30, &upstream_id).await;
            assert!((10..60).contains(&looks), "{word}: {looks}");
            assert_eq!((letters(server).await, held().await), (0, (1_430, 0)));
            assert!(asked_in(server, stand_in, 2, &upstream_id).await <= 2);
            // Nobody says what became of it.
            assert_eq!(asked_in(server, stand_in, 5, &upstream_id).await, 0);
            let driver = server.signed_in("driver@example.com").await;
            let gone: Booking = driver.get(&path::booking(&asked.id)).await.json();
            assert_eq!(
                (gone.status, gone.client_price),
                (BookingStatus::Expired, None)
            );
            let kinds = crate::support::bookings::letters(server).await;
            assert_eq!(
                (kinds, held().await),
                (vec!["booking-expired".to_owned()], (0, 0))
            );
        })
        .await;
    }
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
