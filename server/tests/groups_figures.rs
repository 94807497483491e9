//! How soon a group of two thousand is shown that has charged twenty thousand times this
//! month: a line for each part of its page, in milliseconds.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]

mod support;

use std::time::Instant;

use portal_api::path;
use portal_server::embedded::people::Role;
use support::{groups, large_group, one_store, people};

/// How often each is asked for.
const TIMES: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn a_large_group_is_shown() {
    one_store(
        |_| {},
        async |server| {
            groups::organisation(server).await;
            let group = groups::make(server, "large", (Some(10_000_000), None)).await;
            people::add(server, "admin@example.com", &[Role::Manager]).await;
            groups::join(server, "usr_admin", Some((&group, true))).await;
            large_group::fill(server, &group).await;
            let admin = server.signed_in("admin@example.com").await;
            for (name, path) in [
                ("page", path::group(&group.id)),
                ("members", path::group_members(&group.id)),
                ("charges", path::group_charges(&group.id)),
                ("usage", path::fleet_usage(&group.id)),
            ] {
                let mut waits = Vec::with_capacity(TIMES);
                for _ in 0..TIMES {
                    let asked = Instant::now();
                    assert_eq!(admin.get(&path).await.status, 200);
                    waits.push(asked.elapsed());
                }
                waits.sort_unstable();
                let at = |share: usize| waits[TIMES * share / 100].as_secs_f64() * 1_000.0;
                println!("\nfigure: {name} {:.3} {:.3}", at(50), at(99));
            }
        },
    )
    .await;
}
