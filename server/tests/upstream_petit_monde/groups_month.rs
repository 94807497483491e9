//! What Petit Monde says of a group around the midnight that ends a month.

use std::sync::Arc;

use portal_api::{path, portal::groups::GroupPage};
use portal_server::tasks;
use tokio::sync::Notify;

use crate::{
    fleet::{ID, told, with_group},
    groups_told::nearly_spent_letters,
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
