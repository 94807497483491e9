//! What a booking cost: only what Petit Monde has told, and nothing that it would have cost.

use portal_api::{
    decimal::Decimal,
    path,
    petit_monde::booking::{Booking, BookingRequest, BookingStatus, TokenStrategy},
    portal::bookings::BookingDetail,
};
use portal_server::embedded::store::Kind;
use serde_json::{Value, json};

use crate::{
    Browser, Server, StandIn, book, groups, later, request, served, support::groups::euros,
};

/// The driver's booking, of which Petit Monde has told the price as far as it is now.
async fn priced(
    server: &Server,
    stand_in: &StandIn,
    driver: &Browser,
    (key, status): (&str, &str),
) -> Booking {
    let asked = book(driver, key, &request(server)).await;
    stand_in.say("client_price", json!(14.30));
    stand_in.say("client_price_currency", "EUR");
    stand_in.say("status", status);
    if status != "REQUESTED" {
        stand_in.say("cpo_reservation_id", "R-1");
    }
    let told = later(server, driver, 5, &asked.id).await;
    assert_eq!(told.client_price, Some(euros(1_430).major()));
    told
}

/// The only letter that says this.
async fn letter(server: &Server, kind: &str) -> String {
    sqlx::query_scalar("select body from letters where kind = $1")
        .bind(kind)
        .fetch_one(server.store().readers())
        .await
        .unwrap()
}

#[tokio::test]
async fn giving_up_is_free_before_it_is_confirmed_and_then_may_cost_what_nobody_has_told() {
    served(async |server, stand_in, driver| {
        for (status, price) in [("REQUESTED", Some(euros(0).major())), ("CONFIRMED", None)] {
            let told = priced(server, stand_in, driver, (status, status)).await;
            let detail = path::booking_detail(&told.id);
            let detail: BookingDetail = driver.get(&detail).await.json();
            assert_eq!(detail.cancelling.unwrap().may_cost, price.is_none());
            let cancel = path::cancel_booking(&told.id);
            let given_up: Booking = driver.post(&cancel, &json!({})).await.json();
            assert_eq!(
                (given_up.status, given_up.client_price),
                (BookingStatus::Cancelled, price)
            );
            let kept: Booking = driver.get(&path::booking(&told.id)).await.json();
            assert_eq!(kept.client_price, price, "{status}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_that_was_confirmed_before_anybody_heard_of_it_is_not_free_to_give_up() {
    served(async |server, stand_in, driver| {
        let told = priced(server, stand_in, driver, ("key-of-fast", "REQUESTED")).await;
        stand_in.say("cpo_reservation_id", "R-1");
        let cancel = path::cancel_booking(&told.id);
        let given_up: Booking = driver.post(&cancel, &json!({})).await.json();
        assert_eq!(given_up.status, BookingStatus::Cancelled);
        assert_eq!(given_up.client_price, None);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_has_cost_what_was_told_and_not_what_it_would_have() {
    served(async |server, stand_in, driver| {
        for (number, (status, told, price)) in [
            ("COMPLETED", json!(14.30), Some(1_430)),
            ("COMPLETED", json!(18.75), Some(1_875)),
            ("REJECTED", json!(14.30), None),
            ("FAILED", json!(14.30), None),
            ("EXPIRED", json!(14.30), None),
            ("NO_SHOW", json!(14.30), None),
            ("NO_SHOW", Value::Null, None),
            ("NO_SHOW", json!(5), Some(500)),
            ("NO_SHOW", json!(0), Some(0)),
            ("CANCELLED", json!(14.30), None),
            ("CANCELLED", json!(2.5), Some(250)),
        ]
        .into_iter()
        .enumerate()
        {
            let key = format!("key-of-over-{number}");
            let asked = priced(server, stand_in, driver, (&key, "CONFIRMED")).await;
            stand_in.say("client_price", told.clone());
            stand_in.say("status", status);
            let over = later(server, driver, 4 * 3_600, &asked.id).await;
            let price = price.map(|minor| euros(minor).major());
            let says = (over.status.as_str(), over.client_price);
            assert_eq!(says, (status, price), "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_letter_claims_nothing_that_nobody_has_told() {
    served(async |server, stand_in, driver| {
        for (status, kind, says) in [
            ("EXPIRED", "booking-expired", "no longer valid"),
            ("NO_SHOW", "booking-no-show", "may charge for that"),
        ] {
            let asked = priced(server, stand_in, driver, (kind, "CONFIRMED")).await;
            stand_in.say("status", status);
            later(server, driver, 4 * 3_600, &asked.id).await;
            let body = letter(server, kind).await;
            assert!(body.contains(says), "{body}");
            for claim in ["nothing for it", "costs nothing", "could not keep", "14.30"] {
                assert!(!body.contains(claim), "{body}");
            }
        }
    })
    .await;
}

/// The driver's wish to book with the token of a group of theirs.
async fn for_group(server: &Server) -> BookingRequest {
    groups::organisation(server).await;
    let group = groups::make(server, "lager_sued", (None, None)).await;
    groups::join(server, "usr_driver", Some((&group, true))).await;
    BookingRequest {
        token_strategy: Some(TokenStrategy::GroupToken),
        customer_id: None,
        fleet_group_id: Some(group.id),
        ..request(server)
    }
}

/// Whether a booking's claim is open, and what it sets aside or has come to.
async fn claimed(server: &Server, id: &str) -> (bool, i64) {
    let (open, held, spent): (i64, i64, i64) =
        sqlx::query_as("select open, held, spent from group_claims where reference = $1")
            .bind(id)
            .fetch_one(server.store().readers())
            .await
            .unwrap();
    (open == 1, if open == 1 { held } else { spent })
}

#[tokio::test]
async fn a_group_is_charged_no_more_than_was_told() {
    served(async |server, stand_in, driver| {
        let mut wanted = for_group(server).await;
        for (key, price, spent) in [
            ("same-price", 14.30, 0),
            ("nearly-the-same", 14.299_999_999_999, 0),
            ("other-price", 5.0, 500),
        ] {
            let asked = book(driver, key, &wanted).await;
            stand_in.say("client_price", json!(14.30));
            stand_in.say("client_price_currency", "EUR");
            stand_in.say("status", "CONFIRMED");
            later(server, driver, 5, &asked.id).await;
            stand_in.say("client_price", json!(price));
            stand_in.say("status", "NO_SHOW");
            later(server, driver, 4 * 3_600, &asked.id).await;
            assert_eq!(claimed(server, &asked.id).await, (false, spent), "{key}");
            wanted.reservation_start = server.clock().now().plus_seconds(7_200);
            wanted.reservation_end = wanted.reservation_start.plus_seconds(3_600);
        }
    })
    .await;
}

#[tokio::test]
async fn a_price_with_parts_of_a_cent_is_one_to_the_nearest_cent() {
    served(async |server, stand_in, driver| {
        let asked = book(driver, "key-of-parts", &for_group(server).await).await;
        stand_in.say("client_price", json!(14.305));
        stand_in.say("client_price_currency", "EUR");
        stand_in.say("status", "CONFIRMED");
        let told = later(server, driver, 5, &asked.id).await;
        assert_eq!(told.client_price, Some(euros(1_431).major()));
        assert_eq!(claimed(server, &asked.id).await, (true, 1_431));
        stand_in.say("client_price", json!(18.746));
        stand_in.say("status", "COMPLETED");
        let told = later(server, driver, 4 * 3_600, &asked.id).await;
        assert_eq!(told.client_price, Some(euros(1_875).major()));
        assert_eq!(claimed(server, &asked.id).await, (false, 1_875));
    })
    .await;
}

#[tokio::test]
async fn what_was_remembered_before_loses_what_it_would_have_cost() {
    served(async |server, stand_in, driver| {
        let mut ids = Vec::new();
        for (key, status) in [("key-of-done", "COMPLETED"), ("key-of-gone", "NO_SHOW")] {
            let asked = priced(server, stand_in, driver, (key, "CONFIRMED")).await;
            stand_in.say("client_price", json!(5));
            stand_in.say("status", status);
            later(server, driver, 4 * 3_600, &asked.id).await;
            ids.push(asked.id);
        }
        let text = match server.store().kind() {
            Kind::Sqlite => include_str!("../../migrations/0014_told.sqlite.sql"),
            Kind::Postgres => include_str!("../../migrations/0014_told.postgres.sql"),
        };
        let mut write = server.store().write().await.unwrap();
        sqlx::raw_sql(text).execute(&mut *write).await.unwrap();
        write.commit().await.unwrap();
        let mut prices = Vec::new();
        for id in &ids {
            let kept: Booking = driver.get(&path::booking(id)).await.json();
            prices.push((kept.client_price, kept.location_city));
        }
        let (five, ulm) = (Some(Decimal::new(5, 0)), Some("Ulm".to_owned()));
        assert_eq!(prices, [(five, ulm.clone()), (None, ulm)]);
    })
    .await;
}
