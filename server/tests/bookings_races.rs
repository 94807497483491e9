//! Many after one plug or one group's money at the same moment.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::time::Duration;

use futures_util::future::join_all;
use portal_api::{
    path,
    petit_monde::{LIMIT_EXCEEDED, MOST_BOOKINGS, booking::Booking},
};
use portal_server::{config::Config, embedded::people::Role};
use serde_json::json;
use support::{
    Browser, Server,
    bookings::{self, book_in_a_crowd, for_group, no, request, try_book},
    both_stores, both_stores_with,
    charge_point::{self, ChargePoint},
    holds, people,
};

const NOW: &str = "2025-06-14T15:00:00Z";

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

async fn drivers(server: &Server, many: usize) -> Vec<(String, Browser)> {
    let mut all = Vec::new();
    for number in 0..many {
        let email = format!("driver{number}@example.com");
        let id = people::add(server, &email, &[Role::Driver]).await;
        all.push((id, server.signed_in(&email).await));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thirty_two_who_book_one_plug_one_gets_it_every_time() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let drivers = drivers(server, 32).await;
        for _ in 0..10 {
            let tries = (0_i64..).zip(&drivers).map(|(number, (id, browser))| {
                // All of them overlap, none is like another.
                let mut request = request(server, 1, 60 + number, 60);
                request.customer_id = Some(id.clone());
                async move { (book_in_a_crowd(browser, &request).await, browser) }
            });
            let (booking, browser) = bookings::only_winner(tries).await;
            let cancel = path::cancel_booking(&booking.id);
            assert_eq!(browser.post(&cancel, &json!({})).await.status, 200);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booking_and_a_hold_never_share_a_plug() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        let holder = server.signed_in("driver@example.com").await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        let point = obedient(point);
        let drivers = drivers(server, 1).await;
        let (booker_id, booker) = &drivers[0];
        for round in 0..8 {
            let hold = holds::request(server, 1, 60);
            let mut wanted = request(server, 1, 30, 60);
            wanted.customer_id = Some(booker_id.clone());
            let (held, booked) = tokio::join!(
                holder.post(path::RESERVATIONS, &hold),
                try_book(booker, &wanted)
            );
            match (held.status, booked.status) {
                (201, 409) => {
                    let id = held.value()["reservation_id"].as_str().unwrap().to_owned();
                    // Nobody extends it into what is booked after it either.
                    let done = holder.delete(&path::reservation(id)).await;
                    assert_eq!(done.status, 204);
                }
                (409, 202) => {
                    let cancel = path::cancel_booking(booked.json::<Booking>().id);
                    assert_eq!(booker.post(&cancel, &json!({})).await.status, 200);
                }
                other => panic!("round {round}: {other:?}"),
            }
            server.clock().advance(60 * 60);
        }
        // A hold that ends in time goes beside a booking, and cannot be extended into it.
        let hold = holds::request(server, 1, 10);
        let held = holder.post(path::RESERVATIONS, &hold).await;
        assert_eq!(held.status, 201, "{}", held.text);
        let mut wanted = request(server, 1, 60, 60);
        wanted.customer_id = Some(booker_id.clone());
        assert_eq!(try_book(booker, &wanted).await.status, 202);
        let id = held.value()["reservation_id"].as_str().unwrap().to_owned();
        let longer = json!({ "expires_at": server.clock().now().plus_seconds(50 * 60) });
        let longer = holder.post(&path::extend_hold(id), &longer).await;
        assert_eq!(longer.status, 409, "{}", longer.text);
        point.abort();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_bookings_ten_fit_into_the_group_s_month() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        // An hour is thought to cost 21.60: ten of them, and a bit.
        let group = bookings::group(server, "van", (Some(21_600 + 2_159), None)).await;
        let member = server.signed_in("member@example.com").await;
        for round in 0..3 {
            let tries = (0..64_u32).map(|number| {
                let (connector, hour) = (number % 4 + 1, i64::from(number / 4));
                let request = request(server, connector, 60 + hour * 60, 60);
                let request = for_group(request, &group.id);
                let member = &member;
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
            let sums = async || -> (i64, i64, i64) {
                sqlx::query_as(
                    "select m.spent, m.held, (select cast(sum(held) as bigint)
                        from group_claims where open = 1)
                        from group_months m",
                )
                .fetch_one(server.store().readers())
                .await
                .unwrap()
            };
            assert_eq!(sums().await, (0, 21_600, 21_600));
            for booking in won {
                let cancel = path::cancel_booking(&booking.id);
                assert_eq!(member.post(&cancel, &json!({})).await.status, 200);
            }
            // Nobody books so often in an hour.
            server.clock().advance(60 * 60);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_one_driver_s_many_bookings_at_once_as_many_stand_as_one_may_have() {
    let three = |config: &mut Config| config.most_bookings = 3;
    both_stores_with(three, async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        let driver = server.signed_in("driver@example.com").await;
        // None is in another's way.
        let wanted: Vec<_> = (0..24)
            .map(|number| request(server, number % 4 + 1, 60 + 90 * i64::from(number), 60))
            .collect();
        let answers = wanted.iter().map(|wanted| book_in_a_crowd(&driver, wanted));
        let (booked, refused): (Vec<_>, Vec<_>) = join_all(answers)
            .await
            .into_iter()
            .partition(|answer| answer.status == 202);
        assert_eq!(booked.len(), 3);
        let said = format!("{MOST_BOOKINGS}: give one up first");
        assert!(
            refused
                .iter()
                .all(|answer| no(answer) == (409, said.clone()))
        );
        let cancel = path::cancel_booking(booked[0].json::<Booking>().id);
        assert_eq!(driver.post(&cancel, &json!({})).await.status, 200);
        let another = request(server, 1, 60 * 40, 60);
        assert_eq!(try_book(&driver, &another).await.status, 202);
        assert_eq!(
            no(&try_book(&driver, &request(server, 1, 60 * 50, 60)).await).0,
            409
        );
        // What is over leaves its place.
        server.clock().advance(60 * 60 * 42);
        let later = request(server, 1, 60, 60);
        assert_eq!(try_book(&driver, &later).await.status, 202);
    })
    .await;
}
