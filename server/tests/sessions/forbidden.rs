//! What the store of sessions does not take.

use portal_server::embedded::sessions::{End, Record, WriteError};

use crate::{
    five, summary,
    support::{
        both_stores,
        ground::{BERGEN, Ground},
        people,
    },
};

#[tokio::test]
async fn the_store_forbids_what_cannot_be() {
    both_stores(async |server| {
        let ground = Ground::new();
        ground.lay(server).await;
        let driver = people::driver(server).await;
        let whole = ground.session(&driver, "a", BERGEN, "2025-06-14T14:00:00Z");
        let active = Record {
            end: None,
            ..whole.clone()
        };
        ground.save(server, BERGEN, &active).await;
        let second = Record {
            id: "sess_b".into(),
            ..active.clone()
        };
        let backwards = Record {
            id: "sess_c".into(),
            end: Some(End {
                at: whole.started.plus_seconds(-1),
                early: false,
            }),
            ..whole.clone()
        };
        let nowhere = Record {
            id: "sess_d".into(),
            connector: 9,
            ..whole.clone()
        };
        for forbidden in [second, backwards, nowhere] {
            let refused = ground.try_save(server, BERGEN, &forbidden).await;
            assert!(matches!(refused, Err(WriteError::Store(_))), "{refused:?}");
        }
        let negative = Record {
            id: "sess_e".into(),
            energy_wh: -1,
            ..whole
        };
        let refused = ground.try_save(server, BERGEN, &negative).await;
        assert!(matches!(refused, Err(WriteError::Price(_))), "{refused:?}");
        assert_eq!(
            summary(&server.signed_in("driver@example.com").await, "")
                .await
                .total,
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_cost_that_is_not_the_sum_of_its_lines_is_forbidden() {
    both_stores(async |server| {
        let _ = five(server).await;
        for column in ["energy_minor", "discount_minor", "tax_minor", "cost_minor"] {
            let mut write = server.store().write().await.unwrap();
            let text = format!("update sessions set {column} = {column} - 1 where id = 'sess_3'");
            let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(text))
                .execute(&mut *write)
                .await;
            assert!(refused.is_err(), "{column}");
        }
    })
    .await;
}
