//! Groups whose money has no cents, or tenths of them: limits, prices and what is left.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    decimal::Decimal,
    money::Money,
    path,
    petit_monde::group::{Group as Documented, MadeTokens},
    portal::groups::{GroupPage, GroupToken},
};
use portal_server::embedded::{
    groups::{Group, limits},
    people::Role,
    tariffs::{self, Tariff},
};
use serde_json::json;
use support::{
    Browser, Server,
    bookings::{self, for_group, request},
    both_stores, charge_point,
    ground::tariff,
    groups, people,
};

/// An hour at a plug whose price is in a currency, for a group whose money is in it.
async fn ready(server: &Server, code: &str) -> (Group, Browser) {
    charge_point::lay(server).await;
    let priced = Tariff {
        per_kwh: 1_012_500,
        ..tariff("tariff_BGO", code)
    };
    let mut write = server.store().write().await.unwrap();
    tariffs::put(&mut write, &priced).await.unwrap();
    write.commit().await.unwrap();
    groups::organisation(server).await;
    let group = groups::make_in(server, "night", code, (None, None)).await;
    let id = people::add(server, "admin@example.com", &[Role::Manager]).await;
    groups::join(server, &id, Some((&group, true))).await;
    let admin = server.signed_in("admin@example.com").await;
    mint(&admin, &group).await;
    (group, admin)
}

async fn mint(admin: &Browser, group: &Group) -> MadeTokens {
    let asked = json!({ "count": 2, "type": "VIRTUAL" });
    let made = admin.post(&path::bulk_tokens(&group.id), &asked).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()
}

async fn limit(admin: &Browser, group: &Group, monthly: Decimal) -> u16 {
    let change = json!({ "limits": { "monthly_limit": monthly } });
    let changed = admin.patch(&path::fleet_group(&group.id), &change).await;
    if changed.status == 200 {
        assert_eq!(changed.json::<Documented>().monthly_limit, Some(monthly));
    }
    changed.status
}

#[tokio::test]
async fn what_a_group_may_spend_is_exact_in_any_currency() {
    for (code, fits, odd) in [
        ("JPY", "250000", "250000.5"),
        ("KWD", "25000.125", "25000.1255"),
    ] {
        both_stores(async |server| {
            let (group, admin) = ready(server, code).await;
            assert_eq!(
                limit(&admin, &group, odd.parse().unwrap()).await,
                400,
                "{code}"
            );
            assert_eq!(
                limit(&admin, &group, fits.parse().unwrap()).await,
                200,
                "{code}"
            );
            let wanted = |connector| for_group(request(server, connector, 60, 60), &group.id);
            let booked = bookings::book(&admin, &wanted(1)).await;
            let price = booked.client_price.unwrap();
            let price = Money::from_major(price, group.currency).unwrap();
            assert!(price.minor > 0, "{code}");
            assert_eq!(booked.client_price_currency, Some(group.currency));
            let budget = async || {
                let page: GroupPage = admin.get(&path::group(&group.id)).await.json();
                page.budget
            };
            let monthly = Money::from_major(fits.parse().unwrap(), group.currency).unwrap();
            let left = Money::new(monthly.minor - price.minor, group.currency).major();
            let now = budget().await;
            assert_eq!((now.held, now.left), (price.major(), Some(left)), "{code}");
            // Room for two to the smallest unit, and for less than two.
            for (missing, status) in [(1, 400), (0, 202)] {
                let room = Money::new(2 * price.minor - missing, group.currency).major();
                assert_eq!(limit(&admin, &group, room).await, 200);
                let tried = bookings::try_book(&admin, &wanted(2)).await;
                assert_eq!(tried.status, status, "{code}: {}", tried.text);
            }
            assert_eq!(
                budget().await.left,
                Some(Money::new(0, group.currency).major())
            );
            let mut write = server.store().write().await.unwrap();
            let cost = Money::new(1, group.currency);
            limits::settle(&mut write, &booked.id, Some(cost))
                .await
                .unwrap();
            write.commit().await.unwrap();
            assert_eq!(budget().await.spent, cost.major(), "{code}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_group_whose_tokens_are_all_blocked_books_nothing_until_it_has_another() {
    both_stores(async |server| {
        let (group, admin) = ready(server, "NOK").await;
        let all = admin.get(&path::group_tokens(&group.id)).await.value();
        for token in all["tokens"].as_array().unwrap() {
            let lost = path::lost_token(&group.id, token["id"].as_str().unwrap());
            let lost = admin.post(&lost, &json!({})).await;
            assert!(lost.json::<GroupToken>().uid.is_some(), "an admin's to see");
        }
        let page: GroupPage = admin.get(&path::group(&group.id)).await.json();
        assert_eq!((page.tokens, page.blocked_tokens), (0, 2));
        let wanted = for_group(request(server, 1, 60, 60), &group.id);
        let tried = bookings::try_book(&admin, &wanted).await;
        assert_eq!(tried.status, 400, "{}", tried.text);
        let page: GroupPage = admin.get(&path::group(&group.id)).await.json();
        assert!(page.budget.held.is_zero());
        mint(&admin, &group).await;
        bookings::book(&admin, &wanted).await;
    })
    .await;
}
