//! Searching for a plug that can be booked, in Petit Monde's words.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    decimal::Decimal,
    path,
    petit_monde::{
        ErrorBody,
        search::{EvseStatus, SearchPage},
    },
};
use portal_server::{config::DemoSize, embedded::demo};
use support::{Browser, Server, both_stores};

/// Beside the Markthalle.
const HERE: &str = "lat=47.995&lng=7.85";

async fn driver(server: &Server) -> Browser {
    let now = server.clock().now();
    demo::fill(server.store(), DemoSize::Small, now)
        .await
        .unwrap();
    server.signed_in("new@example.com").await
}

async fn search(browser: &Browser, query: &str) -> SearchPage {
    let answer = browser.get(&format!("{}?{query}", path::SEARCH)).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.json()
}

fn distances(page: &SearchPage) -> Vec<i64> {
    let distances = page.results.iter().map(|found| found.distance_km.unwrap());
    distances.map(|km| km.units_at(3).unwrap()).collect()
}

#[tokio::test]
async fn the_nearest_stand_first_with_all_one_needs_to_book() {
    both_stores(async |server| {
        let browser = driver(server).await;
        let page = search(&browser, &format!("{HERE}&radius=200&limit=100")).await;
        assert_eq!(page.total, u64::try_from(page.results.len()).unwrap());
        let distances = distances(&page);
        assert!(
            distances.len() > 2 && distances.is_sorted(),
            "{distances:?}"
        );
        assert!(distances.iter().all(|metres| *metres <= 200_000));
        let first = &page.results[0];
        assert!(
            first.supports_reservation && first.city.is_some(),
            "{first:?}"
        );
        let price = first.pricing.unwrap();
        assert!(price.estimated_price.unwrap() != Decimal::new(0, 0));
        assert!(price.currency.is_some());
        let evse = &first.evses[0];
        assert!(evse.evse_uid.contains('*') && evse.connectors[0].connector_id == "1");
        // Nothing is connected.
        assert_eq!(evse.status, EvseStatus::Unknown);
        let whose: u64 = page.cpo_results.iter().map(|answer| answer.count).sum();
        assert_eq!(whose, page.total);
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_for_narrows_it() {
    both_stores(async |server| {
        let browser = driver(server).await;
        let all = search(&browser, &format!("{HERE}&radius=200&limit=100")).await;
        let near = search(&browser, &format!("{HERE}&radius=3.5&limit=100")).await;
        assert!(!near.results.is_empty() && near.total < all.total);
        assert!(distances(&near).iter().all(|metres| *metres <= 3_500));

        let quick = search(
            &browser,
            &format!("{HERE}&radius=200&connector_type=IEC_62196_T2_COMBO&power_min=100"),
        )
        .await;
        assert!(quick.total < all.total);
        for found in &quick.results {
            let fits = found
                .evses
                .iter()
                .flat_map(|evse| &evse.connectors)
                .any(|plug| {
                    plug.kind.as_deref() == Some("IEC_62196_T2_COMBO")
                        && plug.power_kw.unwrap().units_at(3).unwrap() >= 100_000
                });
            assert!(fits, "{found:?}");
        }
        for nothing in ["connector_type=DOMESTIC_F", "power_min=1999"] {
            let none = search(&browser, &format!("{HERE}&{nothing}")).await;
            assert_eq!((none.total, none.results.len()), (0, 0), "{nothing}");
        }
        let one = search(&browser, &format!("{HERE}&radius=200&limit=1")).await;
        assert_eq!((one.results.len(), one.total), (1, all.total));
    })
    .await;
}

#[tokio::test]
async fn a_longer_time_costs_no_less() {
    both_stores(async |server| {
        let browser = driver(server).await;
        let price = async |hours: i64| {
            let start = server.clock().now().plus_seconds(86_400);
            let end = start.plus_seconds(hours * 3_600);
            let page = search(
                &browser,
                &format!("{HERE}&start_time={start}&end_time={end}"),
            )
            .await;
            let price = page.results[0].pricing.unwrap().estimated_price.unwrap();
            price.units_at(2).unwrap()
        };
        let (one, two, four) = (price(1).await, price(2).await, price(4).await);
        assert!(0 < one && one <= two && two <= four, "{one} {two} {four}");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_value_is_refused_in_a_sentence() {
    both_stores(async |server| {
        let browser = driver(server).await;
        for (query, says) in [
            (
                "lat=91&lng=7",
                "Invalid latitude: must be between -90 and 90",
            ),
            ("lng=7", "Invalid latitude: must be between -90 and 90"),
            (
                "lat=1&lng=1&radius=201",
                "Invalid radius: must be between 0 and 200",
            ),
        ] {
            let answer = browser.get(&format!("{}?{query}", path::SEARCH)).await;
            assert_eq!(answer.status, 400, "{query}");
            let body: ErrorBody = answer.json();
            assert_eq!(body.error, says, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_place_is_found_however_many_decimals_it_is_told_with() {
    both_stores(async |server| {
        let browser = driver(server).await;
        let here = search(&browser, HERE).await;
        for same in [
            "lat=47.9950001&lng=7.8499999",
            "lat=47.99500000000000454&lng=7.84999999999999964",
            "lat=47.9950000000000045&lng=785e-2",
        ] {
            assert_eq!(search(&browser, same).await, here, "{same}");
        }
        for (query, status) in [
            ("lat=90.0000004&lng=-180.0000004", 200),
            ("lat=90.0000005&lng=1", 400),
            ("lat=1&lng=-180.0000006", 400),
            ("lat=47.99500000000000x&lng=1", 400),
        ] {
            let answer = browser.get(&format!("{}?{query}", path::SEARCH)).await;
            assert_eq!(answer.status, status, "{query}: {}", answer.text);
        }
    })
    .await;
}
