//! Many after a group's money at once, and none of it spent twice.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use futures_util::future::join_all;
use portal_api::time::{Instant, Month};
use portal_server::embedded::groups::{
    Group,
    limits::{self, Balance, Claim, Unclaimed},
    stops::{self, Going},
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use support::{
    Server, both_stores,
    groups::{self, euros, money},
};

async fn claim(
    server: &Server,
    group: &Group,
    reference: &str,
    minor: i64,
    at: Instant,
) -> Result<(), Unclaimed> {
    let mut write = server.store().write().await.unwrap();
    let claim = Claim {
        reference,
        amount: euros(minor),
        at,
        person_id: None,
    };
    let claimed = limits::claim(&mut write, group, &claim).await;
    write.commit().await.unwrap();
    claimed
}

async fn settle(server: &Server, reference: &str, minor: Option<i64>) {
    let mut write = server.store().write().await.unwrap();
    limits::settle(&mut write, reference, minor.map(euros))
        .await
        .unwrap();
    write.commit().await.unwrap();
}

/// The meter of a charge is read, which has cost so much.
async fn read(server: &Server, reference: String, minor: i64) {
    let mut write = server.store().write().await.unwrap();
    let going = Going {
        reference: &reference,
        cost: euros(minor),
        next: 0,
    };
    stops::goes_on(&mut write, &going, server.clock().now())
        .await
        .unwrap();
    write.commit().await.unwrap();
}

async fn balance(server: &Server, group: &Group, month: i32) -> Balance {
    let mut reader = server.store().readers().acquire().await.unwrap();
    let month = Month::from_number(month).unwrap();
    limits::month(&mut reader, &group.id, month).await.unwrap()
}

/// What the claims of a month add up to.
async fn ledger(server: &Server, group: &Group, month: i32) -> Balance {
    let row: (i64, i64) = sqlx::query_as(
        "select cast(coalesce(sum(spent), 0) as bigint),
            cast(coalesce(sum(case when open = 1 then held else 0 end), 0) as bigint)
            from group_claims where group_id = $1 and local_day / 100 = $2",
    )
    .bind(&group.id)
    .bind(i64::from(month))
    .fetch_one(server.store().readers())
    .await
    .unwrap();
    Balance {
        spent: row.0,
        held: row.1,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_at_once_ten_fit_every_round() {
    both_stores(async |server| {
        groups::organisation(server).await;
        for round in 0..10 {
            let group = groups::make(server, &format!("r{round}"), (Some(10_000), None)).await;
            let (group, at) = (&group, server.clock().now());
            let tries = (0..64).map(|number| async move {
                claim(server, group, &format!("{round}-{number}"), 1_000, at).await
            });
            let answers = join_all(tries).await;
            let taken = answers.iter().filter(|answer| answer.is_ok()).count();
            let refused = answers
                .iter()
                .filter(|answer| matches!(answer, Err(Unclaimed::Month)))
                .count();
            assert_eq!((taken, refused), (10, 54));
            let full = Balance {
                spent: 0,
                held: 10_000,
            };
            assert_eq!(balance(server, group, 202_506).await, full);
            assert_eq!(ledger(server, group, 202_506).await, full);
        }
    })
    .await;
}

#[tokio::test]
async fn whatever_comes_in_whatever_order_no_more_is_taken_than_there_is() {
    both_stores(async |server| {
        groups::organisation(server).await;
        let mut runner = TestRunner::new_with_rng(
            Config::default(),
            proptest::test_runner::TestRng::deterministic_rng(
                proptest::test_runner::RngAlgorithm::ChaCha,
            ),
        );
        let step = (0_usize..12, 0_u8..3, 0_i64..6_000);
        let course = prop::collection::vec(step, 40);
        for round in 0..25 {
            let group = groups::make(server, &format!("p{round}"), (Some(20_000), None)).await;
            let now = server.clock().now();
            for (slot, what, minor) in course.new_tree(&mut runner).unwrap().current() {
                let reference = format!("p{round}-{slot}");
                match what {
                    0 => drop(claim(server, &group, &reference, minor, now).await),
                    1 => settle(server, &reference, None).await,
                    _ => {
                        // What it comes to is no more than was thought.
                        let held: Option<i64> = sqlx::query_scalar(
                            "select held from group_claims where reference = $1",
                        )
                        .bind(&reference)
                        .fetch_optional(server.store().readers())
                        .await
                        .unwrap();
                        settle(server, &reference, held.map(|held| held.min(minor))).await;
                    }
                }
                let balance = balance(server, &group, 202_506).await;
                assert!(balance.spent + balance.held <= 20_000, "{balance:?}");
                assert_eq!(balance, ledger(server, &group, 202_506).await);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readings_bookings_and_ends_at_once_lose_nothing() {
    both_stores(async |server| {
        groups::organisation(server).await;
        for round in 0..4 {
            let group = groups::make(server, &format!("e{round}"), (Some(100_000), None)).await;
            let (group, at) = (&group, server.clock().now());
            let charge = |number: i64| format!("e{round}-{}", number % 8);
            for number in 0..8 {
                claim(server, group, &charge(number), 1_000, at)
                    .await
                    .unwrap();
            }
            let readings = (0..96).map(|number| read(server, charge(number), 1_000 + number));
            let bookings = (0..32).map(|number| async move {
                claim(server, group, &format!("b{round}-{number}"), 500, at).await
            });
            let ends = (0..4).map(|number| async move {
                settle(server, &charge(number), Some(900)).await;
            });
            let (_, booked, _) =
                tokio::join!(join_all(readings), join_all(bookings), join_all(ends));
            assert!(booked.iter().all(Result::is_ok));
            let all = Balance {
                spent: 4 * 900,
                // The highest reading of each of the others, in any order.
                held: (92..96).map(|number| 1_000 + number).sum::<i64>() + 32 * 500,
            };
            assert_eq!(balance(server, group, 202_506).await, all);
            assert_eq!(ledger(server, group, 202_506).await, all);
        }
    })
    .await;
}

#[tokio::test]
async fn a_claim_is_made_once_and_settled_once() {
    both_stores(async |server| {
        groups::organisation(server).await;
        let group = groups::make(server, "once", (Some(10_000), Some(5_000))).await;
        let now = server.clock().now();
        for _ in 0..2 {
            claim(server, &group, "a", 4_999, now).await.unwrap();
        }
        assert_eq!(balance(server, &group, 202_506).await.held, 4_999);
        // A real price above what was thought is spent all the same, once.
        for paid in [Some(10_001), Some(1), None] {
            settle(server, "a", paid).await;
        }
        let spent = Balance {
            spent: 10_001,
            held: 0,
        };
        assert_eq!(balance(server, &group, 202_506).await, spent);
        assert_eq!(spent.left(10_000), -1);
        let full = claim(server, &group, "b", 1, now).await.unwrap_err();
        assert_eq!(full.to_string(), "Fleet group spending limit exceeded");
        let dear = claim(server, &group, "c", 5_001, now).await.unwrap_err();
        assert_eq!(
            dear.to_string(),
            "Estimated price exceeds per-session limit"
        );
        assert_eq!(ledger(server, &group, 202_506).await, spent);
    })
    .await;
}

#[tokio::test]
async fn a_month_ends_at_midnight_by_the_groups_clock_in_summer_and_in_winter() {
    both_stores(async |server| {
        groups::organisation(server).await;
        let group = groups::make(server, "month", (Some(1_000), None)).await;
        for (number, (at, month)) in [
            ("2025-06-30T21:59:59.999Z", 202_506),
            ("2025-06-30T22:00:00Z", 202_507),
            ("2025-10-31T22:59:59.999Z", 202_510),
            ("2025-10-31T23:00:00Z", 202_511),
            ("2025-03-31T21:59:59Z", 202_503),
            ("2025-03-31T22:00:00Z", 202_504),
        ]
        .into_iter()
        .enumerate()
        {
            let at = support::ground::at(at);
            claim(server, &group, &format!("m{number}"), 1_000, at)
                .await
                .unwrap();
            assert_eq!(balance(server, &group, month).await.held, 1_000, "{month}");
        }
        // What was claimed for a month is spent in it, whenever that is known.
        settle(server, "m0", Some(333)).await;
        assert_eq!(balance(server, &group, 202_506).await.spent, 333);
        assert_eq!(balance(server, &group, 202_507).await.spent, 0);
    })
    .await;
}

#[tokio::test]
async fn another_currency_is_refused_and_at_most_what_is_left_is_set_aside() {
    both_stores(async |server| {
        groups::organisation(server).await;
        let group = groups::make(server, "rest", (Some(10_000), Some(6_000))).await;
        let mut write = server.store().write().await.unwrap();
        let mut wanted = Claim {
            reference: "kroner",
            amount: money(1, "NOK"),
            at: server.clock().now(),
            person_id: None,
        };
        let kroner = limits::claim(&mut write, &group, &wanted).await;
        assert!(matches!(kroner, Err(Unclaimed::Currency)));
        for (reference, asked, sum) in [
            ("a", 9_000, 6_000),
            ("b", 2_500, 8_500),
            ("c", 2_500, 10_000),
        ] {
            wanted.reference = reference;
            wanted.amount = euros(asked);
            limits::claim_at_most(&mut write, &group, &wanted, 0)
                .await
                .unwrap();
            let month = Month::from_number(202_506).unwrap();
            let balance = limits::month(&mut write, &group.id, month).await.unwrap();
            assert_eq!(balance.held, sum);
        }
        wanted.reference = "d";
        let none = limits::claim_at_most(&mut write, &group, &wanted, 0).await;
        assert!(matches!(none, Err(Unclaimed::Month)));
        // A group that may pay for no charge pays for none, however small.
        let nothing = Group {
            per_session_limit: Some(0),
            ..group.clone()
        };
        let none = limits::claim_at_most(&mut write, &nothing, &wanted, 0).await;
        assert!(matches!(none, Err(Unclaimed::PerSession)));
        write.commit().await.unwrap();
    })
    .await;
}
