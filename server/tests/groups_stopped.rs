//! Charges on a group's account that would cost more than the group may spend.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "groups_stopped/car.rs"]
mod car;
mod support;

use car::{Car, word};
use portal_api::{
    path,
    petit_monde::{LIMIT_EXCEEDED, booking::BookingStatus},
    portal::{
        bookings::BookingTrouble,
        groups::{ChargePage, GroupCharge},
    },
};
use portal_server::embedded::groups::{Group, tokens::Record};
use serde_json::json;
use support::{
    Browser, Server,
    bookings::{self, for_group, request},
    both_stores,
    charge_point::{self, ChargePoint, KEY},
    copies,
    groups::{self, balance, ready},
    people,
};

const DIALECTS: [&str; 2] = ["ocpp1.6", "ocpp2.0.1"];

/// What it costs to begin, in øre: 1.00 and a fifth on top.
const ENTRY: i64 = 120;

/// What ten minutes cost in which ten kilowatt-hours flow: 5.00, 1.00, a fifth on top.
const STEP: i64 = 720;

async fn connect(server: &Server, dialect: &str) -> ChargePoint {
    let id = "CP-BGO";
    ChargePoint::try_connect(server, id, id, KEY, dialect)
        .await
        .unwrap()
}

/// A group that is ready, and a charge of its at a charge point.
async fn charging(
    server: &Server,
    dialect: &str,
    limits: (Option<i64>, Option<i64>),
) -> (Group, Vec<Record>, ChargePoint, Car) {
    let (group, cards) = ready(server, limits).await;
    let mut point = connect(server, dialect).await;
    let car = Car::at(server, &mut point, 1, &cards[0].token.uid).await;
    (group, cards, point, car)
}

/// The group's last charge as its members see it.
async fn newest(browser: &Browser, group: &Group) -> GroupCharge {
    let page: ChargePage = browser.get(&path::group_charges(&group.id)).await.json();
    page.charges[0].clone()
}

async fn status(server: &Server) -> String {
    sqlx::query_scalar("select status from sessions order by started_at desc limit 1")
        .fetch_one(server.store().readers())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_charge_ends_before_it_costs_more_than_is_left_of_the_month_or_one_may_cost() {
    for limits in [(Some(3_000), None), (None, Some(3_000))] {
        for dialect in DIALECTS {
            both_stores(async |server| {
                let (group, _, mut point, mut car) = charging(server, dialect, limits).await;
                for _ in 0..2 {
                    car.goes_on(server, &mut point).await;
                    assert_eq!(car.tries(server).await, 0);
                }
                // What is left would be gone at the next reading.
                car.goes_on(server, &mut point).await;
                car.obeys(server, &mut point, dialect).await;
                let after = balance(server, &group).await;
                assert_eq!((after.spent, after.held), (ENTRY + 3 * STEP, 0));
                assert_eq!(status(server).await, "stopped");
            })
            .await;
        }
    }
}

#[tokio::test]
async fn who_finds_no_more_than_it_costs_to_begin_does_not_begin() {
    for limits in [(Some(ENTRY), None), (Some(90_000), Some(ENTRY))] {
        for (dialect, no) in DIALECTS.into_iter().zip(["Blocked", "NoCredit"]) {
            both_stores(async |server| {
                let (group, cards) = ready(server, limits).await;
                let card = &cards[0].token.uid;
                let mut point = connect(server, dialect).await;
                let asked = json!({ "idTag": card, "idToken": { "idToken": card } });
                let told = point.call("Authorize", asked.clone()).await;
                let info = ["idTagInfo", "idTokenInfo"].map(|name| told[name]["status"].clone());
                assert!(info.contains(&json!(no)), "{told}");
                let (_, told) = point.begin(1, card, server.clock().now()).await;
                assert_eq!(told, json!({ "status": no }));
                // A little more is charged, and no more than that.
                let more = |limit: Option<i64>| limit.map(|limit| limit + 1);
                groups::limit(server, &group, (more(limits.0), more(limits.1))).await;
                let told = point.call("Authorize", asked).await;
                assert!(told.to_string().contains("Accepted"), "{told}");
                server.clock().advance(60);
                let mut car = Car::at(server, &mut point, 2, card).await;
                assert_eq!(car.tries(server).await, 0);
                server.clock().advance(60);
                car.is_read(server, &mut point, 10).await;
                car.obeys(server, &mut point, dialect).await;
            })
            .await;
        }
    }
}

#[tokio::test]
async fn what_a_charge_has_cost_is_set_aside_and_no_booking_gets_it_too() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let group = bookings::group(server, "fleet", (Some(6_000), None)).await;
        let browser = server.signed_in("member@example.com").await;
        let mut point = connect(server, "ocpp1.6").await;
        let mut car = Car::at(server, &mut point, 1, "04C5D1AA22").await;
        let thought = balance(server, &group).await.held;
        // 22 kilowatts for an hour, 0.10 a minute, 1.00, and a fifth on top.
        assert!(thought + 2_160 <= 6_000, "{thought}");
        for _ in 0..4 {
            car.goes_on(server, &mut point).await;
        }
        assert_eq!(balance(server, &group).await.held, thought);
        for _ in 0..2 {
            car.goes_on(server, &mut point).await;
        }
        let gone = balance(server, &group).await;
        assert_eq!((gone.spent, gone.held), (0, ENTRY + 6 * STEP));
        let hour = for_group(request(server, 2, 60, 60), &group.id);
        let answer = bookings::try_book(&browser, &hour).await;
        assert_eq!(bookings::no(&answer), (400, LIMIT_EXCEEDED.into()));
        let short = for_group(request(server, 2, 60, 30), &group.id);
        bookings::book(&browser, &short).await;
        // That is set aside now, and the charge gets what it leaves.
        server.clock().advance(300);
        car.is_read(server, &mut point, 5_000).await;
        car.obeys(server, &mut point, "ocpp1.6").await;
        let after = balance(server, &group).await;
        assert_eq!(after.spent, ENTRY + 6 * STEP + STEP / 2);
        assert!(after.left(6_000) >= 0, "{after:?}");
    })
    .await;
}

#[tokio::test]
async fn a_booked_charge_is_ended_too_and_whoever_booked_it_is_told_why() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let group = bookings::group(server, "fleet", (None, Some(2_500))).await;
        let browser = server.signed_in("member@example.com").await;
        let mut point = connect(server, "ocpp1.6").await;
        let now = server.clock().now().to_string();
        point.status(1, "Available", &now).await;
        let asked = for_group(request(server, 1, 20, 60), &group.id);
        let booking = bookings::book(&browser, &asked).await;
        bookings::status(server, &browser, &booking.id).await;
        server.clock().advance(15 * 60);
        server.app.charging.go_on_with_bookings().await.unwrap();
        assert_eq!(point.obey("Accepted").await.0, "ReserveNow");
        let mut car = Car::at(server, &mut point, 1, "04C5D1AA22").await;
        let status = bookings::status(server, &browser, &booking.id).await;
        assert_eq!(status, BookingStatus::Attending);
        let letters = bookings::letters(server).await;
        for _ in 0..3 {
            car.goes_on(server, &mut point).await;
        }
        assert!(!newest(&browser, &group).await.ended_at_limit);
        car.obeys(server, &mut point, "ocpp1.6").await;
        assert!(newest(&browser, &group).await.ended_at_limit);
        let shown = bookings::detail(&browser, &booking.id).await;
        assert_eq!(shown.booking.status, BookingStatus::Completed);
        assert_eq!(shown.trouble, Some(BookingTrouble::GroupLimit));
        assert_eq!(balance(server, &group).await.spent, ENTRY + 3 * STEP);
        assert_eq!(bookings::letters(server).await, letters);
    })
    .await;
}

#[tokio::test]
async fn two_charges_share_what_is_left() {
    for dialect in DIALECTS {
        both_stores(async |server| {
            let limit = 8_000;
            let limits = (Some(limit), None);
            let (group, cards, mut point, first) = charging(server, dialect, limits).await;
            let second = Car::at(server, &mut point, 2, &cards[1].token.uid).await;
            let mut running = vec![first, second];
            let mut rounds = 0;
            while !running.is_empty() {
                rounds += 1;
                assert!(rounds < 20, "it never ends");
                server.clock().advance(600);
                let mut left = Vec::new();
                for mut car in running {
                    car.is_read(server, &mut point, 10_000).await;
                    if car.tries(server).await > 0 {
                        car.obeys(server, &mut point, dialect).await;
                    } else {
                        left.push(car);
                    }
                    let sum = balance(server, &group).await;
                    assert!(sum.spent + sum.held <= limit, "{sum:?}");
                }
                running = left;
            }
            let spent = balance(server, &group).await.spent;
            assert!((limit - 2 * STEP..=limit).contains(&spent), "{spent}");
        })
        .await;
    }
}

#[tokio::test]
async fn who_does_not_obey_is_told_again_at_readings_and_ever_more_seldom() {
    both_stores(async |server| {
        let limits = (None, Some(800));
        let (.., mut point, mut car) = charging(server, "ocpp1.6", limits).await;
        car.goes_on(server, &mut point).await;
        let told = point.obey("Rejected").await;
        assert_eq!(told, (word("ocpp1.6").to_owned(), car.order()));
        car.is_read(server, &mut point, 1).await;
        assert_eq!(car.tries(server).await, 1);
        server.clock().advance(15);
        car.is_read(server, &mut point, 1).await;
        let (id, action, _) = point.order().await;
        assert_eq!(action, word("ocpp1.6"));
        point.fail(&id, "NotImplemented").await;
        server.clock().advance(30);
        car.is_read(server, &mut point, 1).await;
        assert_eq!(point.order().await.2, car.order());
        // It hangs up instead of answering.
        drop(point);
        let mut point = connect(server, "ocpp1.6").await;
        for _ in 0..240 {
            server.clock().advance(15);
            car.is_read(server, &mut point, 1).await;
        }
        let tries = car.tries(server).await;
        assert!((7..=9).contains(&tries), "{tries}");
        assert_eq!(status(server).await, "active");
    })
    .await;
}

#[tokio::test]
async fn who_may_spend_more_meanwhile_goes_on() {
    both_stores(async |server| {
        let limits = (None, Some(1_000));
        let (group, _, mut point, mut car) = charging(server, "ocpp2.0.1", limits).await;
        car.goes_on(server, &mut point).await;
        point.obey("Rejected").await;
        groups::limit(server, &group, (None, None)).await;
        for _ in 0..8 {
            car.goes_on(server, &mut point).await;
        }
        assert_eq!(car.tries(server).await, 1);
        assert_eq!(balance(server, &group).await.held, ENTRY + 9 * STEP);
        groups::limit(server, &group, (Some(5_000), None)).await;
        car.goes_on(server, &mut point).await;
        car.obeys(server, &mut point, "ocpp2.0.1").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_not_told_in_time_is_not_told_at_all() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let group = bookings::group(server, "fleet", (None, Some(2_500))).await;
        let browser = server.signed_in("member@example.com").await;
        let mut point = connect(server, "ocpp1.6").await;
        let now = server.clock().now().to_string();
        point.status(2, "Available", &now).await;
        let asked = for_group(request(server, 2, 15, 60), &group.id);
        let booking = bookings::book(&browser, &asked).await;
        for _ in 0..2 {
            bookings::status(server, &browser, &booking.id).await;
        }
        // It never answers this order, so that the next one has to wait.
        assert_eq!(point.order().await.1, "ReserveNow");
        let mut car = Car::at(server, &mut point, 1, "04C5D1AA22").await;
        for _ in 0..3 {
            car.goes_on(server, &mut point).await;
        }
        assert_eq!(car.tries(server).await, 1);
        drop(point);
        groups::limit(server, &group, (None, None)).await;
        server.clock().advance(61);
        let mut point = connect(server, "ocpp1.6").await;
        assert_ne!(point.order().await.1, word("ocpp1.6"));
    })
    .await;
}

#[tokio::test]
async fn nobody_elses_charge_is_ended() {
    both_stores(async |server| {
        let limits = (Some(1_000), Some(1_000));
        let (_, _, mut point, mut car) = charging(server, "ocpp1.6", limits).await;
        let driver = people::driver(server).await;
        charge_point::give_card(server, &driver, "04A1B2C3D4E580").await;
        let mut theirs = Car::at(server, &mut point, 2, "04A1B2C3D4E580").await;
        for _ in 0..9 {
            theirs.goes_on(server, &mut point).await;
        }
        assert_eq!(car.tries(server).await, 0);
        // The first order there is about the group's.
        car.is_read(server, &mut point, 10_000).await;
        car.obeys(server, &mut point, "ocpp1.6").await;
    })
    .await;
}

#[tokio::test]
async fn the_order_reaches_a_charge_point_that_is_connected_to_another_copy() {
    copies::two(async |first, second| {
        let limits = (None, Some(1_000));
        let (.., mut old, mut car) = charging(&first, "ocpp1.6", limits).await;
        let mut point = connect(&second, "ocpp1.6").await;
        // Answered once it was looked for orders that waited.
        point.call("Heartbeat", json!({})).await;
        car.goes_on(&first, &mut old).await;
        car.obeys(&second, &mut point, "ocpp1.6").await;
        assert_eq!(status(&second).await, "stopped");
        drop(old);
        first.stop().await;
        second.stop().await;
    })
    .await;
}
