//! How often one person may ask Petit Monde's paths, and how they are told.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use futures_util::future::join_all;
use portal_api::{
    path,
    petit_monde::{ErrorBody, booking::Bookings, usage::Usage},
    time::Instant,
};
use portal_server::{
    config::{Allowance, Config},
    embedded::{calls::Calls, people::Role},
};
use support::{
    Answer, Browser, Server,
    bookings::{request, try_book},
    both_stores_with, charge_point, one_store, people,
};

const SEARCH: &str = "/api/v1/client/search?lat=48.4&lng=9.98";

/// A server where each person has so many calls a minute and a month, and a driver.
async fn with(a_minute: i64, a_month: i64, test: impl AsyncFn(&Server, Browser)) {
    let change = |config: &mut Config| config.person_calls = Allowance { a_minute, a_month };
    both_stores_with(change, async |server| {
        charge_point::lay(server).await;
        people::driver(server).await;
        test(server, server.signed_in("driver@example.com").await).await;
    })
    .await;
}

/// What an answer tells: the limit, what is left, and when there is more.
fn told(answer: &Answer) -> Option<(i64, i64, Instant)> {
    let number = |name: &str| answer.header(name)?.parse().ok();
    Some((
        number("x-ratelimit-limit")?,
        number("x-ratelimit-remaining")?,
        answer.header("x-ratelimit-reset")?.parse().ok()?,
    ))
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// What Petit Monde says that has had enough, and after how many seconds to come again.
fn enough(answer: &Answer) -> (String, i64) {
    assert_eq!(answer.status, 429, "{}", answer.text);
    let wait = answer.header("retry-after").unwrap().parse().unwrap();
    (answer.json::<ErrorBody>().error, wait)
}

/// The statuses of so many searches, one after the other.
async fn searches(browser: &Browser, times: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..times {
        statuses.push(browser.get(SEARCH).await.status);
    }
    statuses
}

#[tokio::test]
async fn every_answer_of_petit_monde_s_tells_what_is_left() {
    with(100, 10_000, async |server, driver| {
        people::add(server, "host@example.com", &[Role::SiteOwner]).await;
        let host = server.signed_in("host@example.com").await;
        let booking = request(server, 1, 60, 30);
        let too_soon = request(server, 1, 14, 30);
        let answers = [
            (200, driver.get(SEARCH).await),
            (400, driver.get(path::SEARCH).await),
            (202, try_book(&driver, &booking).await),
            (409, try_book(&driver, &booking).await),
            (400, try_book(&driver, &too_soon).await),
            (404, driver.get(&path::booking("none")).await),
            (200, driver.get(path::FLEET_GROUPS).await),
            (403, driver.get(path::FLEET_REPORT).await),
        ];
        for (left, (status, answer)) in (92..100).rev().zip(&answers) {
            assert_eq!(answer.status, *status, "{}", answer.text);
            let reset = at("2025-06-14T15:01:00Z");
            assert_eq!(told(answer), Some((100, left, reset)), "{}", answer.text);
        }
        // Whoever isn't let in asked all the same.
        let denied = host.get(SEARCH).await;
        assert_eq!((denied.status, told(&denied).unwrap().1), (403, 99));
        // Of nobody, nothing is counted, and other systems document nothing of it.
        for answer in [
            server.browser().get(SEARCH).await,
            driver.get(path::SESSIONS).await,
            driver.get(path::GROUPS).await,
        ] {
            assert_eq!(told(&answer), None, "{}", answer.text);
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_person_has_left_is_told_as_documented() {
    with(100, 10_000, async |server, driver| {
        searches(&driver, 35).await;
        let answer = driver.get(path::USAGE).await;
        assert_eq!(
            answer.value(),
            serde_json::json!({
                "rate_limit": { "limit": 100, "remaining": 64, "period": "minute",
                    "reset_at": "2025-06-14T15:01:00Z" },
                "quota": { "limit": 10_000, "used": 36, "remaining": 9_964, "period": "month",
                    "reset_at": "2025-07-01T00:00:00Z" },
            })
        );
        assert_eq!(told(&answer).unwrap().1, 64, "as the heads say");
        assert_eq!(server.browser().get(path::USAGE).await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_too_often_waits_as_long_as_they_are_told() {
    with(100, 10_000, async |server, driver| {
        server.clock().advance(15);
        assert!(searches(&driver, 100).await.iter().all(|it| *it == 200));
        let answer = driver.get(SEARCH).await;
        let (said, wait) = enough(&answer);
        assert_eq!(said, "Rate limit exceeded. Retry after 46 seconds.");
        assert_eq!(wait, 46);
        let reset = at("2025-06-14T15:01:01Z");
        assert_eq!(told(&answer), Some((100, 0, reset)));
        // What is no path of Petit Monde's goes on, and so do other people.
        assert_eq!(driver.get(path::GROUPS).await.status, 200);
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let other = server.signed_in("other@example.com").await;
        assert_eq!(other.get(SEARCH).await.status, 200);
        // Having been refused makes nobody wait longer.
        searches(&driver, 50).await;
        server.clock().advance(wait - 1);
        assert_eq!(driver.get(SEARCH).await.status, 429);
        server.clock().advance(1);
        assert_eq!(searches(&driver, 3).await, [200, 429, 429]);
        server.clock().advance(120);
        assert_eq!(told(&driver.get(SEARCH).await).unwrap().1, 99);
    })
    .await;
}

#[tokio::test]
async fn a_booking_that_was_one_call_too_many_was_not_made() {
    with(10, 10_000, async |server, driver| {
        searches(&driver, 10).await;
        let wanted = request(server, 1, 60, 30);
        let key = "the-key-of-one-booking";
        let refused = driver.post_once(path::BOOKINGS, key, &wanted).await;
        let (_, wait) = enough(&refused);
        server.clock().advance(wait);
        let listed: Bookings = driver.get(path::BOOKINGS).await.json();
        assert!(listed.bookings.is_empty());
        server.clock().advance(60);
        let made = driver.post_once(path::BOOKINGS, key, &wanted).await;
        assert_eq!(made.status, 202, "{}", made.text);
    })
    .await;
}

#[tokio::test]
async fn a_month_has_an_end_and_the_next_one_a_beginning() {
    with(100, 25, async |server, driver| {
        assert!(searches(&driver, 24).await.iter().all(|it| *it == 200));
        let last = driver.get(SEARCH).await;
        assert_eq!(told(&last), Some((100, 0, at("2025-07-01T00:00:00Z"))));
        let (said, wait) = enough(&driver.get(SEARCH).await);
        let days = 16 * 86_400 + 9 * 3_600;
        assert_eq!(wait, days, "to the first of July");
        assert_eq!(
            said,
            format!("Monthly quota exceeded. Retry after {days} seconds.")
        );
        server.clock().advance(days - 1);
        let driver = server.signed_in("driver@example.com").await;
        assert_eq!(driver.get(SEARCH).await.status, 429);
        server.clock().advance(1);
        let usage: Usage = driver.get(path::USAGE).await.json();
        let month = usage.quota.unwrap();
        assert_eq!((month.used, month.remaining), (Some(1), 24));
        assert_eq!(month.reset_at, Some(at("2025-08-01T00:00:00Z")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_as_many_get_through_as_there_is_room_for() {
    with(100, 10_000, async |_, driver| {
        let asking = (0..160).map(|_| driver.get(SEARCH));
        let answers = join_all(asking).await;
        let passed = answers.iter().filter(|answer| answer.status == 200);
        assert_eq!(passed.count(), 100);
    })
    .await;
}

#[tokio::test]
async fn two_servers_count_together_and_a_third_knows_what_they_counted() {
    const ME: &str = "usr_driver";
    async fn takes(calls: &Calls, times: usize) -> usize {
        let mut taken = 0;
        for _ in 0..times {
            let (_, full) = calls.take(ME).await.unwrap();
            taken += usize::from(full.is_none());
        }
        taken
    }
    with(100, 130, async |server, _| {
        let allowance = Allowance {
            a_minute: 100,
            a_month: 130,
        };
        let copy = || Calls::new(server.store().clone(), server.clock().clone(), allowance);
        let (one, two) = (copy(), copy());
        assert_eq!((takes(&one, 50).await, takes(&two, 30).await), (50, 30));
        one.save().await.unwrap();
        two.save().await.unwrap();
        assert_eq!(two.standing(ME).remaining, 20);
        // What came since isn't lost, nor counted twice.
        assert_eq!(takes(&one, 4).await, 4);
        for _ in 0..2 {
            one.save().await.unwrap();
        }
        assert_eq!(one.standing(ME).remaining, 16);
        let three = copy();
        assert_eq!(takes(&three, 20).await, 16);
        // Nobody asks for two minutes, and all is forgotten but the month.
        three.save().await.unwrap();
        server.clock().advance(121);
        for calls in [&one, &two, &three] {
            calls.save().await.unwrap();
        }
        assert_eq!(takes(&two, 40).await, 30);
        let left = two.standing(ME).usage().quota.unwrap();
        assert_eq!((left.used, left.remaining), (Some(130), 0));
    })
    .await;
}

#[tokio::test]
async fn nobody_waits_for_a_busy_store_only_to_be_counted() {
    one_store(
        |_| {},
        async |server| {
            people::driver(server).await;
            let driver = server.signed_in("driver@example.com").await;
            let writing = server.store().write().await.unwrap();
            assert_eq!(driver.get(SEARCH).await.status, 200);
            drop(writing);
        },
    )
    .await;
}
