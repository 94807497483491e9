//! What was said about costs in the demo.

use std::collections::HashMap;

use portal_api::{
    dynamo::dispute::DisputeStatus,
    portal::disputes::{DisputeDetail, EventKind, Outcome, Turn},
};
use portal_server::embedded::{
    Store,
    disputes::reading::{self, Reader},
};

use crate::{DemoSize, at, filled};

/// What was given back of the cost of sessions.
pub async fn given_back(store: &Store) -> HashMap<String, i64> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select session_id, credit_minor from disputes where credit_minor is not null",
    )
    .fetch_all(store.readers())
    .await
    .unwrap();
    rows.into_iter().collect()
}

async fn driver(store: &Store) -> String {
    sqlx::query_scalar("select id from people where email = 'driver@example.com'")
        .fetch_one(store.readers())
        .await
        .unwrap()
}

/// All disputes of the first driver, the newest first.
async fn all(store: &Store) -> Vec<DisputeDetail> {
    let driver = driver(store).await;
    let reader = Reader::Driver(&driver);
    let page = reading::page(store, reader, 50, 0).await.unwrap();
    let mut connection = store.readers().acquire().await.unwrap();
    let mut all = Vec::new();
    for row in page.disputes {
        let id = &row.dispute.dispute_id;
        let detail = reading::detail(&mut connection, reader, id).await.unwrap();
        all.push(detail.unwrap());
    }
    all
}

#[tokio::test]
async fn the_first_driver_has_disputes_of_every_kind_on_any_day() {
    for (number, now) in [
        "2026-11-21T09:30:00Z",
        "2026-03-29T01:10:00Z",
        "2027-01-01T00:00:00Z",
        "2026-07-14T23:59:59Z",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("portal-demo-disputes-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let store = filled(&folder, DemoSize::Small, at(now)).await;
        let told = all(&store).await;
        let stand: Vec<_> = told
            .iter()
            .map(|one| (&one.row.dispute.status, one.row.turn, one.events.len()))
            .collect();
        let expected = [
            (&DisputeStatus::Open, Turn::Operator, 1),
            (&DisputeStatus::UnderReview, Turn::Driver, 3),
            (&DisputeStatus::UnderReview, Turn::Operator, 4),
            (&DisputeStatus::Resolved, Turn::Nobody, 6),
            (&DisputeStatus::Rejected, Turn::Nobody, 3),
        ];
        assert_eq!(stand, expected, "{now}");
        for one in &told {
            let times: Vec<_> = one.events.iter().map(|event| event.at).collect();
            assert!(times.is_sorted() && times.iter().all(|time| *time < at(now)));
        }
        assert_eq!(told[3].outcome, Some(Outcome::PartlyAccepted));
        assert!(told[3].row.credit.is_some() && told[3].corrected_receipt.is_some());
        assert_eq!(told[3].events.last().unwrap().kind, EventKind::Credited);
        let news = reading::news(&store, &driver(&store).await, at(now)).await;
        let news: Vec<_> = news.unwrap().into_iter().map(|one| one.decided).collect();
        assert_eq!(news, [false, true]);
        let desk = reading::page(&store, Reader::Desk, 50, 0).await.unwrap();
        assert_eq!(desk.total, 3);
        let letters: i64 = sqlx::query_scalar("select count(*) from letters")
            .fetch_one(store.readers())
            .await
            .unwrap();
        assert_eq!(letters, 0);
        store.close().await;
        std::fs::remove_dir_all(folder).unwrap();
    }
}
