//! Several copies of the server that book on one store.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use futures_util::future::join_all;
use portal_api::{
    path,
    petit_monde::{
        LIMIT_EXCEEDED,
        booking::{Booking, BookingStatus},
    },
};
use portal_server::embedded::people::Role;
use serde_json::json;
use support::{
    Server,
    bookings::{self, book_in_a_crowd, for_group, no, request},
    charge_point::{self, ChargePoint},
    copies, people,
};

/// Two copies on one PostgreSQL, with plugs to book.
async fn two_copies(test: impl AsyncFn(&Server, &Server)) {
    copies::two(async |first, second| {
        charge_point::lay(&first).await;
        test(&first, &second).await;
        first.stop().await;
        second.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixteen_at_each_copy_one_gets_the_plug_every_time() {
    two_copies(async |first, second| {
        let mut drivers = Vec::new();
        for number in 0..32 {
            let email = format!("driver{number}@example.com");
            let id = people::add(first, &email, &[Role::Driver]).await;
            let at = if number % 2 == 0 { first } else { second };
            drivers.push((id, at.signed_in(&email).await));
        }
        for round in 0..5 {
            let tries = (0_i64..).zip(&drivers).map(|(number, (id, browser))| {
                let mut request = request(first, 1, 60 + number, 60);
                request.customer_id = Some(id.clone());
                async move { (book_in_a_crowd(browser, &request).await, browser) }
            });
            let (booking, browser) = bookings::only_winner(tries).await;
            // Both see to it at once: it is confirmed once.
            let (one, other) = tokio::join!(
                first.app.charging.go_on_with_bookings(),
                second.app.charging.go_on_with_bookings()
            );
            one.unwrap();
            other.unwrap();
            let told: Booking = browser.get(&path::booking(&booking.id)).await.json();
            assert_eq!(told.status, BookingStatus::Confirmed);
            assert_eq!(bookings::letters(first).await.len(), round + 1);
            let cancel = path::cancel_booking(&booking.id);
            assert_eq!(browser.post(&cancel, &json!({})).await.status, 200);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_bookings_at_two_copies_ten_fit_into_the_group_s_month() {
    two_copies(async |first, second| {
        // An hour is thought to cost 21.60: ten of them, and a bit.
        let group = bookings::group(first, "van", (Some(21_600 + 2_159), None)).await;
        let members = [
            first.signed_in("member@example.com").await,
            second.signed_in("member@example.com").await,
        ];
        for round in 0..3 {
            let tries = (0..64_u32).map(|number| {
                let (connector, hour) = (number % 4 + 1, i64::from(number / 4));
                let request = request(first, connector, 60 + hour * 60, 60);
                let request = for_group(request, &group.id);
                // Each copy is asked for every plug.
                let member = &members[usize::from(number / 4 % 2 == 0)];
                async move { book_in_a_crowd(member, &request).await }
            });
            let mut won = Vec::new();
            for answer in join_all(tries).await {
                match answer.status {
                    202 => won.push(answer.json::<Booking>()),
                    _ => assert_eq!(no(&answer), (400, LIMIT_EXCEEDED.to_owned())),
                }
            }
            assert_eq!(won.len(), 10, "round {round}");
            let sums: (i64, i64, i64) = sqlx::query_as(
                "select m.spent, m.held, (select cast(sum(held) as bigint) from group_claims
                    where open = 1) from group_months m",
            )
            .fetch_one(second.store().readers())
            .await
            .unwrap();
            assert_eq!(sums, (0, 21_600, 21_600));
            for (number, booking) in won.into_iter().enumerate() {
                let cancel = path::cancel_booking(&booking.id);
                let answer = members[number % 2].post(&cancel, &json!({})).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
            }
            // Nobody books so often in an hour.
            first.clock().advance(60 * 60);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_charged_while_a_copy_was_dead_tells_it_to_another() {
    copies::two(async |first, second| {
        charge_point::lay(&first).await;
        people::driver(&first).await;
        bookings::terms(&first, 500, 0, 240).await;
        let browser = second.signed_in("driver@example.com").await;
        let mut point = ChargePoint::connect(&first, "CP-BGO").await;
        let now = first.clock().now();
        point.status(1, "Available", &now.to_string()).await;
        let booking = bookings::book(&browser, &request(&first, 1, 15, 30)).await;
        for _ in 0..2 {
            bookings::status(&first, &browser, &booking.id).await;
        }
        let (_, order) = point.obey("Accepted").await;
        point.call("Heartbeat", json!({})).await;
        first.die();
        second.clock().advance(31);
        second.app.charging.live().await.unwrap();
        second.clock().advance(60 * 60);
        second.app.charging.end_what_is_over().await.unwrap();
        let waits = bookings::status(&second, &browser, &booking.id).await;
        assert_eq!(waits, BookingStatus::Confirmed);
        drop(point);
        let mut point = ChargePoint::connect(&second, "CP-BGO").await;
        let card = order["idTag"].as_str().unwrap();
        point.begin(1, card, now.plus_seconds(20 * 60)).await;
        let there = bookings::status(&second, &browser, &booking.id).await;
        assert_eq!(there, BookingStatus::Attending);
        second.stop().await;
    })
    .await;
}
