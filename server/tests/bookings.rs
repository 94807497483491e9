//! Booking a plug for a time that comes, until it was used, lapsed or given up.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "bookings/cancelling.rs"]
mod cancelling;
#[path = "bookings/charging.rs"]
mod charging;
#[path = "bookings/guests.rs"]
mod guests;
#[path = "bookings/offline.rs"]
mod offline;
#[path = "bookings/rules.rs"]
mod rules;
#[path = "bookings/searching.rs"]
mod searching;
#[path = "bookings/summer_time.rs"]
mod summer_time;
mod support;

use portal_api::{
    path,
    petit_monde::booking::{Booking, BookingRequest, BookingStatus, Bookings},
    portal::events::BookingNews,
};
use portal_server::embedded::people::Role;
use serde_json::{Value, json};
use support::{
    Answer, Browser, Server,
    bookings::{self, book, detail, for_group, for_guest, no, request, status, try_book},
    both_stores,
    charge_point::{self, ChargePoint},
    groups, people,
};

const NOW: &str = "2025-06-14T15:00:00Z";

/// A driver, and a charge point that isn't connected.
async fn ready(server: &Server) -> Browser {
    charge_point::lay(server).await;
    people::driver(server).await;
    server.signed_in("driver@example.com").await
}

#[tokio::test]
async fn a_booking_is_asked_for_and_confirmed() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let mut told = server.app.charging.feed().listen();
        let mut wanted = request(server, 1, 60, 90);
        wanted.external_id = Some("lager-drv17-20250614".into());
        let booking = book(&browser, &wanted).await;
        assert_eq!(booking.external_id, wanted.external_id);
        assert_eq!(booking.location_city.as_deref(), Some("Kai 7"));
        assert_eq!(booking.connector_id.as_deref(), Some("1"));
        // 1.00, 33 kWh at 0.50, 90 minutes at 0.10, and a fifth of tax.
        assert_eq!(booking.client_price.unwrap().units_at(2), Some(3_180));
        assert_eq!(booking.cpo_reservation_id, None);
        let confirmed = bookings::now(server, &browser, &booking.id).await;
        assert_eq!(confirmed.status, BookingStatus::Confirmed);
        assert!(confirmed.cpo_reservation_id.is_some());
        let mut statuses = Vec::new();
        while statuses.len() < 3 {
            let event = told.recv().await.unwrap();
            if event.name == "booking" {
                assert_eq!(event.person_id.as_deref(), Some("usr_driver"));
                let news: BookingNews = serde_json::from_str(&event.body).unwrap();
                assert!(!news.held);
                statuses.push(news.booking.status.as_str().to_owned());
            }
        }
        assert_eq!(statuses, ["REQUESTED", "PENDING", "CONFIRMED"]);
        for _ in 0..3 {
            server.app.charging.go_on_with_bookings().await.unwrap();
        }
        assert_eq!(bookings::letters(server).await, ["booking-confirmed"]);
        let shown = detail(&browser, &booking.id).await;
        assert_eq!(shown.charge_point.unwrap().connectors.len(), 1);
        assert_eq!((shown.held, shown.trouble), (false, None));
        assert_eq!(
            shown.held_from,
            Some(booking.reservation_start.unwrap().plus_seconds(-900))
        );
    })
    .await;
}

#[tokio::test]
async fn bookings_are_listed_the_newest_first_and_narrowed() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let mut ids = Vec::new();
        for hour in 1..=4 {
            let booking = book(&browser, &request(server, 1, hour * 60, 60)).await;
            ids.push(booking.id);
            server.clock().advance(60);
        }
        let list = async |query: &str| {
            let answer = browser.get(&format!("{}?{query}", path::BOOKINGS)).await;
            assert_eq!(answer.status, 200, "{query}: {}", answer.text);
            let page: Bookings = answer.json();
            let found = page.bookings.iter().map(|found| found.id.clone()).collect();
            (found, page.total.unwrap())
        };
        ids.reverse();
        assert_eq!(list("").await, (ids.clone(), 4));
        assert_eq!(list("limit=2&offset=1").await, (ids[1..3].to_vec(), 4));
        assert_eq!(list("status=CANCELLED").await, (Vec::new(), 0));
        let (from, to) = ("2025-06-14T15:01:00Z", "2025-06-14T15:02:00Z");
        let narrowed = list(&format!("from_date={from}&to_date={to}")).await;
        assert_eq!(narrowed, (ids[1..3].to_vec(), 2));
        assert_eq!(
            list(&format!("to_date={NOW}")).await,
            (ids[3..].to_vec(), 1)
        );
        let wrong = browser.get(&format!("{}?limit=101", path::BOOKINGS)).await;
        assert_eq!(wrong.status, 400);
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let other = server.signed_in("other@example.com").await;
        let none: Bookings = other.get(path::BOOKINGS).await.json();
        assert_eq!(none.bookings, Vec::<Booking>::new());
        for path in [path::booking(&ids[0]), path::booking_detail(&ids[0])] {
            assert_eq!(other.get(&path).await.status, 404, "{path}");
        }
        let cancel = path::cancel_booking(&ids[0]);
        assert_eq!(other.post(&cancel, &json!({})).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn the_same_request_again_is_the_same_booking() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let wanted = request(server, 1, 60, 60);
        let first = browser
            .post_once(path::BOOKINGS, "key-number-1", &wanted)
            .await;
        assert_eq!(first.status, 202, "{}", first.text);
        server.app.charging.go_on_with_bookings().await.unwrap();
        let again = browser
            .post_once(path::BOOKINGS, "key-number-1", &wanted)
            .await;
        assert_eq!((again.status, &again.text), (202, &first.text));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        let other = request(server, 2, 60, 60);
        let other = browser
            .post_once(path::BOOKINGS, "key-number-1", &other)
            .await;
        assert_eq!(other.status, 422);
        let taken = try_book(&browser, &wanted).await;
        assert_eq!(taken.status, 409, "{}", taken.text);
        // The same reference is no reason to think it is the same booking.
        let mut twice = request(server, 2, 60, 60);
        twice.external_id = Some("dept-17-20250614".into());
        book(&browser, &twice).await;
        twice.evse_uid = "NZ*QUA*ECP-BGO*3".into();
        twice.connector_id = None;
        book(&browser, &twice).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_key_it_is_booked_all_the_same() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let wanted = request(server, 1, 60, 60);
        let booked = browser.post(path::BOOKINGS, &wanted).await;
        assert_eq!(booked.status, 202, "{}", booked.text);
        // Nobody can tell that it is the same request.
        let again = browser.post(path::BOOKINGS, &wanted).await;
        assert_eq!(again.status, 409, "{}", again.text);
    })
    .await;
}

#[tokio::test]
async fn what_a_crash_left_is_taken_up_again() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let booking = book(&browser, &request(server, 1, 60, 60)).await;
        for left in ["REQUESTED", "PENDING"] {
            let mut write = server.store().write().await.unwrap();
            sqlx::query("update bookings set status = $1, cpo_reservation_id = null")
                .bind(left)
                .execute(&mut *write)
                .await
                .unwrap();
            write.commit().await.unwrap();
            let stands = status(server, &browser, &booking.id).await;
            assert_eq!(stands, BookingStatus::Confirmed, "{left}");
        }
    })
    .await;
}
