//! Answers that never came: nothing is booked twice, and nothing is forgotten.

use portal_api::{
    path,
    petit_monde::booking::{Booking, BookingStatus},
};
use reqwest::Method;
use serde_json::json;

use crate::{book, later, letters, request, served, stand_in::Quirk, try_book};

#[tokio::test]
async fn a_booking_whose_answer_was_lost_is_found_among_hundreds() {
    served(async |server, stand_in, driver| {
        stand_in.next(Quirk::Loses);
        let asked = book(driver, "key-of-lost", &request(server)).await;
        assert_eq!(asked.status, BookingStatus::Requested);
        stand_in.add_foreign(250);
        let pages = |calls: &[String]| {
            let listing = calls.iter().filter(|call| call.contains("from_date"));
            listing.count()
        };
        let found = later(server, driver, 5, &asked.id).await;
        assert_eq!(pages(&stand_in.asked()), 3);
        assert_eq!(found.status, BookingStatus::Requested);
        stand_in.turn(&asked.id, "CONFIRMED");
        let confirmed = later(server, driver, 60, &asked.id).await;
        assert_eq!(confirmed.status, BookingStatus::Confirmed);
        assert_eq!(stand_in.made(), 1);
        assert_eq!(letters(server).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_never_made_fails_in_the_end_and_is_told() {
    served(async |server, stand_in, driver| {
        stand_in.next(Quirk::Says(500, Vec::new(), json!({ "error": "Internal" })));
        let asked = book(driver, "key-of-none", &request(server)).await;
        let mut last = asked.clone();
        for _ in 0..3 {
            last = later(server, driver, 60, &asked.id).await;
            assert_eq!(last.status, BookingStatus::Requested);
        }
        last = later(server, driver, 60, &last.id).await;
        assert_eq!(last.status, BookingStatus::Failed);
        assert_eq!(letters(server).await, 1);
        let cancel = path::cancel_booking(&asked.id);
        assert_eq!(driver.post(&cancel, &json!({})).await.status, 400);
        // It is looked for now and then until its time is over, and then no more.
        let calls = stand_in.calls();
        let looks = || {
            let after = stand_in.asked().split_off(calls);
            after
                .iter()
                .filter(|call| call.contains("/bookings"))
                .count()
        };
        for _ in 0..36 {
            later(server, driver, 5 * 60, &asked.id).await;
        }
        assert!((2..=20).contains(&looks()), "{}", looks());
        later(server, driver, 3_600, &asked.id).await;
        let before = looks();
        let last = later(server, driver, 12 * 3_600, &asked.id).await;
        assert_eq!((last.status, looks()), (BookingStatus::Failed, before));
        assert_eq!(letters(server).await, 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_takes_a_system_that_is_down_for_one_that_has_no_such_booking() {
    served(async |server, stand_in, driver| {
        stand_in.next(Quirk::Loses);
        let asked = book(driver, "key-of-down", &request(server)).await;
        stand_in.always(Some(Quirk::Says(500, Vec::new(), json!({}))));
        for _ in 0..8 {
            let same = later(server, driver, 60, &asked.id).await;
            assert_eq!(same.status, BookingStatus::Requested);
        }
        stand_in.always(None);
        // Its list may be late.
        stand_in.next(Quirk::Says(200, Vec::new(), json!({ "bookings": [] })));
        let same = later(server, driver, 60, &asked.id).await;
        assert_eq!(same.status, BookingStatus::Requested);
        stand_in.turn(&asked.id, "CONFIRMED");
        let found = later(server, driver, 60, &asked.id).await;
        assert_eq!(
            (found.status, letters(server).await),
            (BookingStatus::Confirmed, 1)
        );
    })
    .await;
}

#[tokio::test]
async fn a_booking_that_turns_up_late_is_taken_up_again_and_told() {
    served(async |server, stand_in, driver| {
        stand_in.next(Quirk::Loses);
        let asked = book(driver, "key-of-late", &request(server)).await;
        let mut last = asked.clone();
        while !last.status.is_over() {
            stand_in.next(Quirk::Says(200, Vec::new(), json!({ "bookings": [] })));
            last = later(server, driver, 60, &asked.id).await;
        }
        assert_eq!(last.status, BookingStatus::Failed);
        stand_in.turn(&asked.id, "CONFIRMED");
        let found = later(server, driver, 3_600, &asked.id).await;
        assert_eq!(found.status, BookingStatus::Confirmed);
        let kinds = crate::support::bookings::letters(server).await;
        assert_eq!(kinds, ["booking-refused", "booking-confirmed"]);
        let cancel = path::cancel_booking(&asked.id);
        assert_eq!(driver.post(&cancel, &json!({})).await.status, 200);
        assert_eq!(stand_in.made(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_asks_again_after_a_crash_gets_the_booking_that_was_written_down() {
    served(async |server, stand_in, driver| {
        // When they ask again it would be too late to begin.
        let mut request = request(server);
        request.reservation_start = server.clock().now().plus_seconds(15 * 60);
        stand_in.next(Quirk::Hangs);
        let sent = driver
            .request(Method::POST, path::BOOKINGS)
            .header("content-type", "application/json")
            .header("idempotency-key", "key-of-crash")
            .body(serde_json::to_vec(&request).unwrap());
        // Whoever asked goes away, and with them what was under way.
        let asking = tokio::spawn(sent.send());
        stand_in.is_asked().await;
        asking.abort();
        let busy = try_book(driver, "key-of-crash", &request).await;
        assert_eq!(busy.status, 409, "{}", busy.text);
        server.clock().advance(21);
        let again = try_book(driver, "key-of-crash", &request).await;
        assert_eq!(again.status, 202, "{}", again.text);
        assert_eq!(stand_in.made(), 0, "nobody asked twice");
        let id = again.json::<Booking>().id;
        let mut last = later(server, driver, 60, &id).await;
        while !last.status.is_over() {
            last = later(server, driver, 60, &id).await;
        }
        assert_eq!(last.status, BookingStatus::Failed);
    })
    .await;
}
