//! Booking across the hours that are missing or doubled, and across a month's end: rules
//! are about instants, and a month is the group's.

use portal_api::{petit_monde::LIMIT_EXCEEDED, time::Instant};
use support::{bookings::request_from, ground::wait_until};

use super::*;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// What came of asking for so many minutes of a plug from then on.
async fn asked(browser: &Browser, connector: u32, from: &str, minutes: i64) -> Answer {
    try_book(browser, &request_from(at(from), connector, minutes)).await
}

async fn driver_at(server: &Server, now: &str) -> Browser {
    charge_point::lay(server).await;
    people::driver(server).await;
    wait_until(server, now);
    server.signed_in("driver@example.com").await
}

#[tokio::test]
async fn the_hour_that_is_there_twice_is_two_hours() {
    both_stores(async |server| {
        // Ten to three in Bergen, and in ten minutes it is two o'clock again.
        let browser = driver_at(server, "2025-10-26T00:50:00Z").await;
        let soon = asked(&browser, 1, "2025-10-26T01:04:00Z", 30).await;
        assert_eq!(soon.status, 400, "{}", soon.text);
        let early = asked(&browser, 1, "2025-10-26T01:05:00Z", 30).await;
        assert_eq!(early.status, 202, "{}", early.text);
    })
    .await;
    both_stores(async |server| {
        let browser = driver_at(server, "2025-10-25T20:00:00Z").await;
        // Both from two to three, one after the other.
        for from in ["2025-10-26T00:00:00Z", "2025-10-26T01:00:00Z"] {
            let booked = asked(&browser, 1, from, 60).await;
            assert_eq!(booked.status, 202, "{}", booked.text);
            let price = booked.json::<Booking>().client_price.unwrap();
            assert_eq!(price.units_at(2), Some(2_160));
        }
        let between = asked(&browser, 1, "2025-10-26T00:30:00Z", 60).await;
        assert_eq!(between.status, 409, "{}", between.text);
        // From one to four are four hours.
        let four = asked(&browser, 2, "2025-10-25T23:00:00Z", 240).await;
        assert_eq!(four.status, 202, "{}", four.text);
        let longer = asked(&browser, 3, "2025-10-25T23:00:00Z", 241).await;
        assert_eq!(longer.status, 400, "{}", longer.text);
    })
    .await;
}

#[tokio::test]
async fn the_hour_that_is_missing_is_none() {
    both_stores(async |server| {
        // Ten to two in Bergen, and in ten minutes it is three.
        let browser = driver_at(server, "2026-03-29T00:50:00Z").await;
        let soon = asked(&browser, 1, "2026-03-29T01:04:00Z", 30).await;
        assert_eq!(soon.status, 400, "{}", soon.text);
        let early = asked(&browser, 1, "2026-03-29T01:05:00Z", 30).await;
        assert_eq!(early.status, 202, "{}", early.text);
    })
    .await;
    both_stores(async |server| {
        let browser = driver_at(server, "2026-03-28T20:00:00Z").await;
        // From half past one until half past three is an hour.
        let across = asked(&browser, 1, "2026-03-29T00:30:00Z", 60).await;
        assert_eq!(across.status, 202, "{}", across.text);
        let across: Booking = across.json();
        assert_eq!(across.client_price.unwrap().units_at(2), Some(2_160));
        assert_eq!(
            status(server, &browser, &across.id).await,
            BookingStatus::Confirmed
        );
        // From one to six are four hours.
        let four = asked(&browser, 2, "2026-03-29T00:00:00Z", 240).await;
        assert_eq!(four.status, 202, "{}", four.text);
        let longer = asked(&browser, 3, "2026-03-29T00:00:00Z", 241).await;
        assert_eq!(longer.status, 400, "{}", longer.text);
    })
    .await;
}

#[tokio::test]
async fn a_booking_counts_for_the_month_in_which_it_begins_by_the_group_s_clock() {
    // Berlin's months end at ten in the evening UTC in summer and at eleven in winter.
    for (before, last, first) in [
        (
            "2025-06-30T09:00:00Z",
            "2025-06-30T21:59:59Z",
            "2025-06-30T22:00:00Z",
        ),
        (
            "2025-10-31T09:00:00Z",
            "2025-10-31T22:59:59Z",
            "2025-10-31T23:00:00Z",
        ),
        (
            "2026-03-31T09:00:00Z",
            "2026-03-31T21:59:59Z",
            "2026-03-31T22:00:00Z",
        ),
    ] {
        both_stores(async |server| {
            charge_point::lay(server).await;
            // Room for one hour a month.
            let group = bookings::group(server, "van", (Some(2_160), None)).await;
            wait_until(server, before);
            let member = server.signed_in("member@example.com").await;
            let ask = async |connector, from: &str| {
                let request = for_group(request_from(at(from), connector, 60), &group.id);
                let answer = try_book(&member, &request).await;
                match answer.status {
                    202 => true,
                    _ => {
                        assert_eq!(no(&answer), (400, LIMIT_EXCEEDED.to_owned()));
                        false
                    }
                }
            };
            assert!(ask(1, last).await, "{last}");
            assert!(!ask(2, last).await, "the month is full");
            assert!(ask(2, first).await, "{first}");
            assert!(!ask(3, first).await, "the next one, too");
        })
        .await;
    }
}
