//! Finding a plug: by text, by what it can do, by where it is.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use portal_api::{
    path,
    portal::charge_points::{ChargePoint as Shown, ChargePointPage, ConnectorState, Plug},
};
use portal_server::{config::DemoSize, embedded::demo};
use support::{Browser, Server, both_stores, charge_point::ChargePoint};

/// The key of the demo's charge points.
const DEMO_KEY: &str = "charge-ahead-demo";

async fn demo_driver(server: &Server) -> Browser {
    let now = server.clock().now();
    demo::fill(server.store(), DemoSize::Small, now)
        .await
        .unwrap();
    server.signed_in("new@example.com").await
}

async fn find(browser: &Browser, query: &str) -> ChargePointPage {
    let answer = browser
        .get(&[path::CHARGE_POINTS, "?", query].concat())
        .await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.json()
}

fn ids(page: &ChargePointPage) -> Vec<&str> {
    let points = page.charge_points.iter();
    points.map(|point| &point.charge_point_id[..]).collect()
}

#[tokio::test]
async fn by_name_address_or_sticker_and_no_sign_is_special() {
    both_stores(async |server| {
        let browser = demo_driver(server).await;
        let all = find(&browser, "limit=100").await;
        assert_eq!((all.total, all.charge_points.len()), (167, 100));
        for (text, found) in [
            ("markthalle", 3),
            ("BOGENWEG", 3),
            ("cp-bogen-02", 1),
            ("freiburg", 13),
            ("nowhere", 0),
            ("%25", 0),
            ("_", 0),
        ] {
            assert_eq!(
                find(&browser, &format!("q={text}")).await.total,
                found,
                "{text}"
            );
        }
        let first = find(&browser, "limit=5").await;
        let second = find(&browser, "limit=5&offset=5").await;
        assert_eq!([ids(&first), ids(&second)].concat(), ids(&all)[..10]);
    })
    .await;
}

#[tokio::test]
async fn a_town_is_found_with_letters_that_english_has_not() {
    both_stores(async |server| {
        let browser = demo_driver(server).await;
        let mut write = server.store().write().await.unwrap();
        sqlx::query("update sites set city = 'Överkalix' where city = 'Freiburg im Breisgau'")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        for text in ["överkalix", "ÖVERKALIX", "Över", "verkalix"] {
            let query: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            assert_eq!(
                find(&browser, &format!("q={query}")).await.total,
                13,
                "{text}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_nearest_first() {
    both_stores(async |server| {
        let browser = demo_driver(server).await;
        let near = find(&browser, "at=47.995,7.85&limit=100").await;
        assert_eq!(near.charge_points[0].place.name, "Markthalle am Bogen");
        let distances: Vec<_> = near
            .charge_points
            .iter()
            .map(|one| one.distance_m)
            .collect();
        assert!(distances.is_sorted() && distances[0].unwrap() < 100);
        // Another plug of the same kind near the one that is taken.
        let other = find(&browser, "near=CP-BOGEN-01&plug=ccs&limit=3").await;
        assert_eq!(ids(&other)[..2], ["CP-BOGEN-02", "CP-BOGEN-03"]);
        assert_eq!(other.charge_points[0].distance_m, Some(0));
    })
    .await;
}

#[tokio::test]
async fn by_what_it_can_do_and_what_it_is_doing() {
    both_stores(async |server| {
        let browser = demo_driver(server).await;
        let fast = find(&browser, "plug=ccs&min_kw=150&limit=100").await;
        let fits = |point: &Shown| {
            point.connectors.iter().any(|one| {
                one.plug == Some(Plug::Ccs)
                    && one.power_kw.and_then(|power| power.units_at(0)) >= Some(150)
            })
        };
        assert!(fast.total > 0 && fast.charge_points.iter().all(fits));
        assert_eq!(find(&browser, "free=1").await.total, 0);
        assert_eq!(find(&browser, "reservable=1").await.total, 0);
        let id = "CP-BOGEN-02";
        let mut point = ChargePoint::try_connect(server, id, id, DEMO_KEY, "ocpp1.6")
            .await
            .unwrap();
        point.status(1, "Available", "2025-06-14T15:00:00Z").await;
        point.status(2, "Charging", "2025-06-14T15:00:00Z").await;
        assert_eq!(ids(&find(&browser, "free=1").await), [id]);
        assert_eq!(ids(&find(&browser, "reservable=1").await), [id]);
        // The one that is free is not the one that fits.
        assert_eq!(find(&browser, "free=1&plug=type2").await.total, 0);
        let shown: Shown = browser.get(&path::charge_point(id)).await.json();
        let states: Vec<_> = shown
            .connectors
            .iter()
            .map(|one| one.state.clone())
            .collect();
        assert_eq!(
            states,
            [ConnectorState::Available, ConnectorState::Occupied]
        );
    })
    .await;
}

#[tokio::test]
async fn what_it_costs_and_when_one_gets_in_is_told_before() {
    both_stores(async |server| {
        let browser = demo_driver(server).await;
        let shown: Shown = browser.get(&path::charge_point("CP-BOGEN-01")).await.json();
        let terms = shown.connectors[0].terms.as_ref().unwrap();
        assert_eq!(terms.currency.code(), "EUR");
        assert_eq!(terms.per_kwh.units_at(4), Some(4_622));
        // 0.4917 and a fifth of tax.
        let taxed: Shown = browser.get(&path::charge_point("CP-HVIG-01")).await.json();
        let taxed = taxed.connectors[0].terms.clone().unwrap();
        assert_eq!(taxed.per_kwh.units_at(4), Some(5_900));
        // A Saturday, five in the afternoon there; shut on Sundays.
        assert_eq!((shown.place.open, shown.place.hours.len()), (Some(true), 6));
        let lantern: Shown = browser.get(&path::charge_point("CP-GOE-01")).await.json();
        let night = &lantern.connectors[0].terms.as_ref().unwrap().at_times[0];
        assert_eq!(
            (night.from_minute, night.to_minute, night.days.len()),
            (22 * 60, 6 * 60, 7)
        );
        assert_eq!(
            (lantern.place.open, lantern.place.hours.len()),
            (Some(true), 0)
        );
        assert_eq!(
            browser.get(&path::charge_point("CP-NONE")).await.status,
            404
        );
    })
    .await;
}

#[tokio::test]
async fn a_wrong_question_names_the_field() {
    both_stores(async |server| {
        let browser = demo_driver(server).await;
        for (query, field) in [
            ("plug=schuko", "plug"),
            ("at=here", "at"),
            ("limit=0", "limit"),
            ("free=maybe", "free"),
        ] {
            let answer = browser
                .get(&[path::CHARGE_POINTS, "?", query].concat())
                .await;
            assert_eq!(
                (answer.status, answer.value()["field"].as_str()),
                (400, Some(field))
            );
        }
    })
    .await;
}
