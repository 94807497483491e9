//! The demo's groups: what was charged with their cards is what they spent.

use portal_server::config::DemoSize;

use super::{at, filled, plans};

#[tokio::test]
async fn a_group_has_spent_most_of_its_month_and_its_charges_say_on_what() {
    let folder = std::env::temp_dir().join(format!("portal-groups-{}", std::process::id()));
    let store = filled(&folder, DemoSize::Small, at("2026-11-21T09:30:00Z")).await;
    let (spent, held, limit): (i64, i64, i64) = sqlx::query_as(
        "select m.spent, m.held, g.monthly_limit from group_months m
            join groups g on g.id = m.group_id
            where g.name = 'Lager Süd' and m.month = 202611",
    )
    .fetch_one(store.readers())
    .await
    .unwrap();
    let percent = (spent + held) * 100 / limit;
    assert!((80..=86).contains(&percent), "{spent} + {held} of {limit}");
    let wrong: i64 = sqlx::query_scalar(
        "select count(*) from group_claims c left join sessions s on s.id = c.session_id
            where c.open = 0 and (s.cost_minor is null or s.cost_minor <> c.spent)",
    )
    .fetch_one(store.readers())
    .await
    .unwrap();
    assert_eq!(wrong, 0);
    let months: i64 = sqlx::query_scalar(
        "select count(*) from group_months m where m.spent > 0 and m.spent = (select sum(c.spent)
            from group_claims c where c.group_id = m.group_id and c.local_day / 100 = m.month)",
    )
    .fetch_one(store.readers())
    .await
    .unwrap();
    assert!(months >= 4, "two groups, this month and last: {months}");
    let tokens: Vec<i64> = sqlx::query_scalar(
        "select count(*) from group_tokens group by group_id, kind order by 1 desc",
    )
    .fetch_all(store.readers())
    .await
    .unwrap();
    assert_eq!(tokens, [6, 2, 2, 1]);
    let alone: i64 = sqlx::query_scalar(
        "select count(*) from groups g where not exists (select 1 from group_members m
            where m.group_id = g.id and m.admin = 1)",
    )
    .fetch_one(store.readers())
    .await
    .unwrap();
    assert_eq!(alone, 0);
    store.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_large_demo_has_a_group_of_two_thousand() {
    for plan in plans() {
        let sizes = plan.groups.iter().map(|group| group.members.len());
        assert_eq!(sizes.collect::<Vec<_>>(), [2, 2, 2_000]);
    }
}
