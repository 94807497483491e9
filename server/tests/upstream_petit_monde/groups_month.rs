//! What Petit Monde says of a group around the midnight that ends a month.

use std::sync::Arc;

use portal_api::{path, petit_monde::group::Usage, portal::groups::GroupPage};
use portal_server::tasks;
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    fleet::{ID, booked, told, with_group},
    groups_told::nearly_spent_letters,
    later,
    stand_in::Quirk,
    support::{ground::wait_until, groups::euros},
};

#[tokio::test]
async fn a_sum_that_may_be_the_other_months_is_nobodys() {
    for (asked, heard) in [
        ("2025-06-30T21:59:58Z", "2025-06-30T22:00:01Z"),
        // Its clock may be behind ours, or ahead.
        ("2025-06-30T22:00:40Z", "2025-06-30T22:00:41Z"),
        ("2025-06-30T21:59:20Z", "2025-06-30T21:59:21Z"),
    ] {
        with_group(async |server, stand_in, _| {
            wait_until(server, asked);
            stand_in.add_group(told("2100.00"));
            let until = Arc::new(Notify::new());
            stand_in.next(Quirk::Waits(until.clone()));
            let app = server.app.clone();
            let asking = tokio::spawn(async move { tasks::groups::follow(&app).await });
            stand_in.is_asked().await;
            wait_until(server, heard);
            until.notify_one();
            asking.await.unwrap().unwrap();
            stand_in.add_group(told("14.30"));
            assert_eq!(nearly_spent_letters(server).await, 0, "{heard}");
            let driver = server.signed_in("driver@example.com").await;
            let page: GroupPage = driver.get(&path::group(ID)).await.json();
            assert_eq!(
                (page.budget.spent, page.budget.as_of),
                (euros(0).major(), None)
            );
            // Nobody looks, and it is asked again soon.
            server.clock().advance(100);
            assert_eq!(nearly_spent_letters(server).await, 0, "{heard}");
            let page: GroupPage = driver.get(&path::group(ID)).await.json();
            assert_eq!(page.budget.spent, euros(1_430).major(), "{heard}");
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_heard_after_midnight_counts_for_the_month_that_is_over() {
    // What was told last before midnight is without it, or with it.
    for (with_it, elsewhere) in [(false, 181_040), (true, 179_610)] {
        with_group(async |server, stand_in, _| {
            wait_until(server, "2025-06-30T18:00:00Z");
            let driver = server.signed_in("driver@example.com").await;
            let id = booked(server, &driver).await;
            stand_in.say("client_price", json!(14.30));
            stand_in.say("client_price_currency", "EUR");
            stand_in.say("status", "CONFIRMED");
            later(server, &driver, 5, &id).await;
            let complete = |at| {
                wait_until(server, at);
                stand_in.say("status", "COMPLETED");
            };
            if with_it {
                complete("2025-06-30T21:45:00Z");
            }
            wait_until(server, "2025-06-30T21:50:00Z");
            driver.get(&path::group(ID)).await;
            if !with_it {
                complete("2025-06-30T21:55:00Z");
            }
            wait_until(server, "2025-06-30T22:30:00Z");
            stand_in.add_group(told("5.00"));
            driver.get(&path::group(ID)).await;
            later(server, &driver, 0, &id).await;
            let usage = async |month: &str| {
                let path = format!("{}?month={month}", path::fleet_usage(ID));
                driver.get(&path).await.json::<Usage>()
            };
            let june = usage("2025-06").await;
            assert_eq!(june.by_member[0].spent, euros(1_430).major(), "{with_it}");
            assert_eq!(june.spent, euros(elsewhere + 1_430).major(), "{with_it}");
            let booked_elsewhere = june.booked_elsewhere;
            assert_eq!(
                booked_elsewhere,
                Some(euros(elsewhere).major()),
                "{with_it}"
            );
            assert_eq!(usage("2025-07").await.spent, euros(500).major());
        })
        .await;
    }
}
