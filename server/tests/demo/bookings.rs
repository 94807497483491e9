//! What the demo's people have booked.

use crate::{DemoSize, at, filled};

#[tokio::test]
async fn there_is_a_booking_of_every_end_whenever_the_demo_begins() {
    for now in [
        "2026-11-21T09:30:00Z",
        "2026-03-29T01:10:00Z",
        "2026-06-05T22:59:59Z",
    ] {
        let name = format!("portal-booked-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let store = filled(&folder, DemoSize::Small, at(now)).await;
        let mut all: Vec<(String, String, String)> = sqlx::query_as(
            "select p.email, b.status, b.strategy from bookings b
                join people p on p.id = b.booker_id",
        )
        .fetch_all(store.readers())
        .await
        .unwrap();
        all.sort();
        let told: Vec<String> = all
            .iter()
            .map(|(email, status, strategy)| format!("{email} {status} {strategy}"))
            .collect();
        assert_eq!(
            told,
            [
                "driver@example.com CANCELLED driver_token",
                "driver@example.com COMPLETED driver_token",
                "driver@example.com CONFIRMED driver_token",
                "driver@example.com NO_SHOW driver_token",
                "group@example.com CONFIRMED ad_hoc",
                "group@example.com CONFIRMED group_token",
            ],
            "{now}"
        );
        let wrong: i64 = sqlx::query_scalar(
            "select (select count(*) from letters) + (select count(*) from bookings b
                join sessions s on s.id = b.session_id where s.cost_minor <> b.price_minor)",
        )
        .fetch_one(store.readers())
        .await
        .unwrap();
        assert_eq!(wrong, 0, "{now}");
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
