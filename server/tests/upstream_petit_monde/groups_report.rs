//! The table of all that was booked for a group: every page of it, whatever stands in one.

use std::{collections::HashSet, time::Duration};

use portal_api::{path, time::Instant};
use portal_server::provider::{Failure, meter::Purpose};
use serde_json::{Value, json};
use tokio::time::interval;

use crate::{
    Allowance, Browser, KEY, Server, StandIn, elsewhere,
    fleet::{ID, told},
    groups, served_with,
    stand_in::Quirk,
};

/// With a group that the driver looks after, and so many calls a minute.
async fn with_report(a_minute: i64, test: impl AsyncFn(&Server, &StandIn, &Browser)) {
    let allowance = Allowance {
        a_minute,
        ..Allowance::default()
    };
    served_with(allowance, async |server, stand_in, driver| {
        stand_in.add_group(told("1810.40"));
        groups::organisation(server).await;
        let group = groups::make(server, "lager_sued", (None, None)).await;
        groups::join(server, "usr_driver", Some((&group, true))).await;
        test(server, stand_in, driver).await;
    })
    .await;
}

fn row(number: usize, created: &str) -> Value {
    json!({ "id": format!("theirs-{number}"), "status": "COMPLETED", "fleet_group_id": ID,
        "client_price": 9.99, "client_price_currency": "EUR", "created_at": created })
}

pub fn report(first: &str, last: &str) -> String {
    format!(
        "{}?period_start={first}&period_end={last}",
        path::FLEET_REPORT
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_has_every_booking_of_a_large_month_and_what_is_known_of_an_odd_one() {
    with_report(100_000, async |_, stand_in, driver| {
        let count = 5_200;
        stand_in.add_bookings((0..count).map(|number| {
            let (day, hour, second) = (1 + number % 28, number % 22, number % 60);
            row(
                number,
                &format!("2025-05-{day:02}T{hour:02}:15:{second:02}Z"),
            )
        }));
        // The last moments of the period, and the first after it; of Berlin's calendar.
        let last = row(count, "2025-05-31T21:59:59.500Z");
        let after = row(count + 1, "2025-05-31T22:00:00Z");
        let mut odd = row(count + 2, "2025-05-20T10:00:00Z");
        odd["client_price"] = "9,99".into();
        odd["reservation_start"] = 7.into();
        let mut anothers = row(count + 3, "2025-05-20T10:00:00Z");
        anothers["fleet_group_id"] = "group_other".into();
        stand_in.add_bookings([last, after, odd, anothers]);
        let table = driver.get(&report("2025-05-01", "2025-05-31")).await;
        assert_eq!(table.status, 200, "{}", table.text);
        let rows: Vec<&str> = table.text.lines().skip(1).collect();
        let ids: HashSet<&str> = rows
            .iter()
            .filter_map(|row| row.split(',').next())
            .collect();
        assert_eq!((rows.len(), ids.len()), (count + 2, count + 2));
        assert!(ids.contains("theirs-5200") && !ids.contains("theirs-5201"));
        let odd = rows
            .iter()
            .find(|row| row.starts_with("theirs-5202,"))
            .unwrap();
        assert!(odd.ends_with(",,EUR,2025-05-20T10:00:00Z"), "{odd}");
        let created: Vec<_> = rows.iter().map(|row| row.rsplit(',').next()).collect();
        assert!(created.is_sorted(), "the oldest first");
    })
    .await;
}

#[tokio::test]
async fn a_report_of_all_times_takes_few_calls() {
    with_report(1_000, async |_, stand_in, driver| {
        stand_in.add_bookings([
            row(1, "2019-03-01T10:00:00Z"),
            row(2, "2025-06-14T10:00:00Z"),
        ]);
        let table = driver.get(&report("2000-01-01", "2999-12-31")).await;
        assert_eq!(table.text.lines().count(), 3, "{}", table.text);
        assert!(stand_in.calls() < 60, "{}", stand_in.calls());
    })
    .await;
}

/// What comes of something while every second is a minute.
async fn while_time_flies<T>(server: &Server, awaited: impl Future<Output = T>) -> T {
    let flying = async {
        let mut ticks = interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            server.clock().advance(3);
        }
    };
    tokio::select! {
        outcome = awaited => outcome,
        () = flying => unreachable!("it never ends"),
    }
}

#[tokio::test]
async fn a_report_that_needs_more_than_a_minutes_calls_waits_for_the_next_minutes() {
    with_report(20, async |server, stand_in, driver| {
        let count = 1_500;
        stand_in.add_bookings((0..count).map(|number| {
            let (day, second) = (1 + number % 28, number / 28);
            row(number, &format!("2025-05-{day:02}T10:15:{second:02}Z"))
        }));
        let path = report("2025-05-01", "2025-05-31");
        let table = while_time_flies(server, driver.get(&path)).await;
        let rows: HashSet<&str> = table.text.lines().skip(1).collect();
        assert_eq!((table.status, rows.len()), (200, count));
        assert!(stand_in.calls() > 16, "{}", stand_in.calls());
    })
    .await;
}

#[tokio::test]
async fn only_a_table_that_is_on_its_way_waits_for_the_next_minutes_calls() {
    with_report(10, async |server, stand_in, _| {
        let created = "2025-06-13T10:00:00Z";
        stand_in.add_bookings((0..1_000).map(|number| row(number, created)));
        let allowance = Allowance {
            a_minute: 10,
            ..Allowance::default()
        };
        let system = elsewhere(server, stand_in, KEY, allowance).system;
        let at = |text: &str| -> Instant { text.parse().unwrap() };
        let window = (at("2025-06-13T00:00:00Z"), at("2025-06-14T00:00:00Z"));
        let made = async |purpose| {
            let made = system.made(window.0, window.1, purpose).await;
            made.map(|all| all.len())
        };
        for purpose in [Purpose::Person, Purpose::Following] {
            let refused = made(purpose).await;
            assert!(
                matches!(refused, Err(Failure::Limited { .. })),
                "{refused:?}"
            );
        }
        // Petit Monde may say so itself, and may mean the month.
        let busy = |wait: &str, text| {
            let heads = vec![("retry-after", wait.to_owned())];
            stand_in.next(Quirk::Says(429, heads, json!({ "error": text })));
        };
        busy("45", "Rate limit exceeded. Retry after 45 seconds.");
        let table = while_time_flies(server, made(Purpose::Table)).await;
        assert!(matches!(table, Ok(1_000)), "{table:?}");
        server.clock().advance(65);
        busy("60", "Monthly quota exceeded");
        let table = made(Purpose::Table).await;
        assert!(
            matches!(table, Err(Failure::Limited { retry_after: 3_600 })),
            "{table:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_report_of_what_nobody_understands_fails_and_says_so() {
    with_report(1_000, async |_, stand_in, driver| {
        let path = report("2025-06-12", "2025-06-12");
        let same: Vec<_> = (0..100)
            .map(|number| row(number, "2025-06-12T10:00:00Z"))
            .collect();
        for rows in [same, vec![json!("no booking")]] {
            let says = Quirk::Says(200, Vec::new(), json!({ "bookings": rows }));
            stand_in.always(Some(says));
            let refused = driver.get(&path).await;
            assert_eq!(refused.status, 502, "{}", refused.text);
        }
        stand_in.always(None);
        assert_eq!(driver.get(&path).await.text.lines().count(), 1);
    })
    .await;
}
