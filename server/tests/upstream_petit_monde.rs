//! A real Petit Monde behind the server, as far as a stand-in that speaks as documented can
//! be one.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "upstream_petit_monde/fleet.rs"]
mod fleet;
#[path = "upstream_petit_monde/following.rs"]
mod following;
#[path = "upstream_petit_monde/groups_lost.rs"]
mod groups_lost;
#[path = "upstream_petit_monde/groups_month.rs"]
mod groups_month;
#[path = "upstream_petit_monde/groups_report.rs"]
mod groups_report;
#[path = "upstream_petit_monde/groups_told.rs"]
mod groups_told;
#[path = "upstream_petit_monde/guests.rs"]
mod guests;
#[path = "upstream_petit_monde/leaving.rs"]
mod leaving;
#[path = "upstream_petit_monde/lost.rs"]
mod lost;
#[path = "upstream_petit_monde/money.rs"]
mod money;
#[path = "upstream_petit_monde/quota.rs"]
mod quota;
#[path = "upstream_petit_monde/races.rs"]
mod races;
#[path = "upstream_petit_monde/refusals.rs"]
mod refusals;
#[allow(dead_code, reason = "these tests need only some of it")]
#[path = "upstream_petit_monde/stand_in.rs"]
mod stand_in;
mod support;

use std::sync::Arc;

use portal_api::{
    path,
    petit_monde::{
        booking::{Booking, BookingRequest, BookingStatus, Bookings, TokenStrategy},
        search::SearchPage,
    },
    portal::bookings::{BookingDetail, BookingOptions, TokenKind},
};
use portal_server::{
    Elsewhere,
    config::{Allowance, PetitMondeUpstream, Secret},
    embedded::{
        people::{self as store, Role},
        quota::Quota,
    },
    tasks,
    upstream::{client::Limits, petit_monde::PetitMonde},
};
use stand_in::{KEY, StandIn};
use support::{Answer, Browser, Server, both_stores, groups, people, upstream::LIMITS};

fn elsewhere(server: &Server, stand_in: &StandIn, key: &str, allowance: Allowance) -> Elsewhere {
    elsewhere_within(LIMITS, server, stand_in, key, allowance)
}

fn elsewhere_within(
    limits: Limits,
    server: &Server,
    stand_in: &StandIn,
    key: &str,
    allowance: Allowance,
) -> Elsewhere {
    let upstream = PetitMondeUpstream {
        url: stand_in.url.parse().unwrap(),
        key: Secret::new(key),
        allowance,
    };
    let (store, clock) = (server.store().clone(), server.clock().clone());
    let quota = Quota::new(store, clock.clone(), "petit_monde", allowance);
    let system = PetitMonde::new(&upstream, clock, limits, Arc::new(quota.clone())).unwrap();
    Elsewhere {
        system: Arc::new(system),
        quota,
    }
}

/// A server in front of a stand-in, and one more on the same store.
async fn served_with(allowance: Allowance, test: impl AsyncFn(&Server, &StandIn, &Browser)) {
    both_stores(async |server| {
        let clock = server.clock().clone();
        let stand_in = StandIn::start(move || clock.now()).await;
        people::add(
            server,
            "driver@example.com",
            &[Role::Driver, Role::Employee],
        )
        .await;
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let mut write = server.store().write().await.unwrap();
        store::set_customer(&mut write, "usr_driver", "cust_emp042")
            .await
            .unwrap();
        write.commit().await.unwrap();
        let mut app = server.app.clone();
        app.elsewhere = Some(elsewhere(server, &stand_in, KEY, allowance));
        let front = Server::of(app).await;
        let driver = front.signed_in("driver@example.com").await;
        test(&front, &stand_in, &driver).await;
    })
    .await;
}

async fn served(test: impl AsyncFn(&Server, &StandIn, &Browser)) {
    served_with(Allowance::default(), test).await;
}

/// With the driver's own token, from two hours from now on.
fn request(server: &Server) -> BookingRequest {
    let start = server.clock().now().plus_seconds(2 * 3_600);
    BookingRequest {
        location_id: "DE-NOV-E770011".into(),
        evse_uid: "DE*NOV*E770011*1".into(),
        connector_id: Some("1".into()),
        reservation_start: start,
        reservation_end: start.plus_seconds(5_400),
        external_id: None,
        token_strategy: Some(TokenStrategy::DriverToken),
        customer_id: Some("usr_driver".into()),
        token_id: None,
        fleet_group_id: None,
    }
}

async fn try_book(driver: &Browser, key: &str, request: &BookingRequest) -> Answer {
    driver.post_once(path::BOOKINGS, key, request).await
}

async fn book(driver: &Browser, key: &str, request: &BookingRequest) -> Booking {
    let answer = try_book(driver, key, request).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json()
}

/// How a booking is after so many seconds.
async fn later(server: &Server, driver: &Browser, seconds: i64, id: &str) -> Booking {
    server.clock().advance(seconds);
    tasks::bookings::follow(&server.app).await.unwrap();
    driver.get(&path::booking(id)).await.json()
}

async fn letters(server: &Server) -> usize {
    let kinds = support::bookings::letters(server).await;
    kinds.len()
}

#[tokio::test]
async fn a_booking_is_made_there_followed_and_given_up() {
    served(async |server, stand_in, driver| {
        let found: SearchPage = driver
            .get(&format!("{}?lat=48.4&lng=9.98", path::SEARCH))
            .await
            .json();
        assert_eq!(found.results[0].location_id, "DE-NOV-E770011");
        let mut request = request(server);
        request.external_id = Some("engineering-emp042-20250614".into());
        let asked = book(driver, "key-of-first", &request).await;
        let again = try_book(driver, "key-of-first", &request).await;
        assert_eq!(
            (again.status, again.json::<Booking>()),
            (202, asked.clone())
        );
        let theirs = &stand_in.bookings()[0];
        assert_eq!(stand_in.bookings().len(), 1);
        assert_eq!(theirs["customer_id"], "cust_emp042");
        let reference = format!("engineering-emp042-20250614~{}", asked.id);
        assert_eq!(theirs["external_id"], reference);
        // The person sees what is theirs, not what it is called elsewhere.
        assert_eq!(asked.external_id, request.external_id);
        assert_eq!(asked.customer_id.as_deref(), Some("usr_driver"));
        assert_eq!(
            asked.location_name.as_deref(),
            Some("Novastrom Bahnhof Nord")
        );
        assert_eq!(asked.location_time_zone.as_deref(), Some("Europe/Berlin"));
        assert_eq!(
            (asked.client_price, asked.status),
            (None, BookingStatus::Requested)
        );
        stand_in.say("client_price", 14.30);
        stand_in.say("client_price_currency", "EUR");
        stand_in.say("status", "CONFIRMED");
        assert_eq!(letters(server).await, 0);
        let confirmed = later(server, driver, 5, &asked.id).await;
        assert_eq!(confirmed.status, BookingStatus::Confirmed);
        assert_eq!(confirmed.client_price, Some("14.30".parse().unwrap()));
        assert_eq!(letters(server).await, 1);
        let detail: BookingDetail = driver.get(&path::booking_detail(&asked.id)).await.json();
        assert!(detail.cancelling.unwrap().may_cost);
        let cancel = path::cancel_booking(&asked.id);
        let cancelled = driver
            .post(&cancel, &serde_json::json!({ "reason": "ill" }))
            .await;
        assert_eq!(cancelled.json::<Booking>().status, BookingStatus::Cancelled);
        let late = driver.post(&cancel, &serde_json::json!({})).await;
        assert_eq!(late.status, 400);
        let calls = stand_in.calls();
        later(server, driver, 24 * 3_600, &asked.id).await;
        let after = stand_in.asked().split_off(calls);
        assert!(
            after.iter().all(|call| !call.contains("/bookings")),
            "{after:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_what_is_somebody_elses() {
    served(async |server, stand_in, driver| {
        stand_in.add_foreign(3);
        let mine = book(driver, "key-of-mine", &request(server)).await;
        let other = server.signed_in("other@example.com").await;
        for path in [path::booking(&mine.id), path::booking_detail(&mine.id)] {
            assert_eq!(driver.get(&path).await.status, 200);
            assert_eq!(other.get(&path).await.status, 404);
        }
        let calls = stand_in.calls();
        let nothing = serde_json::json!({});
        assert_eq!(
            other
                .post(&path::cancel_booking(&mine.id), &nothing)
                .await
                .status,
            404
        );
        assert_eq!(driver.get(&path::booking("foreign-1")).await.status, 404);
        let list: Bookings = driver.get(path::BOOKINGS).await.json();
        assert_eq!((list.total, &list.bookings[0].id), (Some(1), &mine.id));
        let list: Bookings = other.get(path::BOOKINGS).await.json();
        assert_eq!(list.total, Some(0));
        // Whoever looks costs no call.
        assert_eq!(stand_in.calls(), calls);
        // Petit Monde doesn't know the other one; the other's id is no business of theirs.
        let mut theirs = request(server);
        assert_eq!(try_book(&other, "key-of-other", &theirs).await.status, 400);
        theirs.customer_id = Some("usr_other".into());
        assert_eq!(try_book(&other, "key-of-other", &theirs).await.status, 400);
        theirs.customer_id = Some("cust_emp042".into());
        assert_eq!(try_book(&other, "key-of-other", &theirs).await.status, 400);
        assert_eq!(stand_in.calls(), calls);
    })
    .await;
}

#[tokio::test]
async fn a_group_and_a_guest_are_booked_for() {
    served(async |server, stand_in, driver| {
        groups::organisation(server).await;
        let group = groups::make(server, "lager_sued", (None, None)).await;
        let mut for_group = request(server);
        for_group.token_strategy = Some(TokenStrategy::GroupToken);
        for_group.customer_id = None;
        for_group.fleet_group_id = Some(group.id.clone());
        let refused = try_book(driver, "key-of-group", &for_group).await;
        assert_eq!((refused.status, stand_in.calls()), (400, 0), "not in it");
        groups::join(server, "usr_driver", Some((&group, false))).await;
        let booked = book(driver, "key-of-group", &for_group).await;
        assert_eq!(booked.fleet_group_id.as_ref(), Some(&group.id));
        assert_eq!(stand_in.bookings()[0]["fleet_group_id"], group.id);
        let mut for_guest = request(server);
        for_guest.token_strategy = Some(TokenStrategy::AdHoc);
        for_guest.customer_id = None;
        let booked = book(driver, "key-of-guest", &for_guest).await;
        let detail = path::booking_detail(&booked.id);
        let detail: BookingDetail = driver.get(&detail).await.json();
        let shown = &detail.tokens[0];
        assert_eq!(
            (&shown.kind, shown.uid.as_deref()),
            (&TokenKind::Guest, Some("04GUEST7"))
        );
        assert_eq!(detail.guest_link, Some(false));
        let query = format!(
            "{}?location_id=L&evse_uid=E&start={}&end={}",
            path::BOOKING_OPTIONS,
            for_guest.reservation_start,
            for_guest.reservation_end
        );
        let options: BookingOptions = driver.get(&query).await.json();
        let ways: Vec<_> = options
            .choices
            .iter()
            .map(|choice| choice.strategy.as_str())
            .collect();
        assert_eq!(ways, ["group_token", "driver_token", "ad_hoc"]);
        let other = server.signed_in("other@example.com").await;
        let options: BookingOptions = other.get(&query).await.json();
        assert_eq!(options.choices, [], "whom Petit Monde doesn't know");
    })
    .await;
}

#[tokio::test]
async fn without_a_key_it_is_booked_all_the_same() {
    served(async |server, stand_in, driver| {
        for made in 1..=2 {
            let booked = driver.post(path::BOOKINGS, &request(server)).await;
            assert_eq!(booked.status, 202, "{}", booked.text);
            assert_eq!(stand_in.made(), made);
        }
    })
    .await;
}
