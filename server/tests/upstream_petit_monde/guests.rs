//! Guests of bookings at a real Petit Monde: its number, and a link that shows it.

use portal_api::{
    path,
    petit_monde::booking::{Booking, BookingRequest, BookingStatus, TokenStrategy},
    portal::{
        bookings::{BookingDetail, GuestBooking, GuestLink},
        charge_points::Plug,
    },
};
use serde_json::{Value, json};

use crate::{
    Browser, Server, book, later, request, served,
    stand_in::Quirk,
    support::{Answer, database},
};

fn for_guest(server: &Server) -> BookingRequest {
    BookingRequest {
        token_strategy: Some(TokenStrategy::AdHoc),
        customer_id: None,
        ..request(server)
    }
}

/// Whoever books finds the place first.
async fn invited(server: &Server, driver: &Browser) -> Booking {
    let search = format!("{}?lat=48.4&lng=9.98", path::SEARCH);
    assert_eq!(driver.get(&search).await.status, 200);
    book(driver, "key-of-guest", &for_guest(server)).await
}

async fn make(driver: &Browser, id: &str, body: Value) -> Answer {
    driver.post(&path::guest_link(id), &body).await
}

async fn link(driver: &Browser, id: &str) -> GuestLink {
    let made = make(driver, id, json!({})).await;
    assert_eq!(made.status, 200, "{}", made.text);
    made.json()
}

fn secret(link: &GuestLink) -> &str {
    let (page, secret) = link.link.split_once('#').unwrap();
    assert!(page.ends_with("/guest"), "{page}");
    secret
}

/// What somebody sees who has nothing but the link.
async fn shown(server: &Server, link: &GuestLink) -> Answer {
    let asks = json!({ "secret": secret(link) });
    server.browser().post(path::GUEST, &asks).await
}

#[tokio::test]
async fn a_link_shows_number_place_and_time_to_whoever_has_it() {
    served(async |server, stand_in, driver| {
        let booked = invited(server, driver).await;
        let detail = path::booking_detail(&booked.id);
        let has_link = async || driver.get(&detail).await.json::<BookingDetail>().guest_link;
        assert_eq!(has_link().await, Some(false));
        let made = link(driver, &booked.id).await;
        assert_eq!(has_link().await, Some(true));
        assert_eq!(Some(made.valid_until), booked.reservation_end);
        let calls = stand_in.calls();
        let answer = shown(server, &made).await;
        assert!(!answer.text.contains("driver@example.com"));
        let seen: GuestBooking = answer.json();
        assert_eq!(
            (&seen.uid[..], &seen.status),
            ("04GUEST7", &BookingStatus::Requested)
        );
        let window = (Some(seen.start), Some(seen.end));
        assert_eq!(window, (booked.reservation_start, booked.reservation_end));
        let place = &seen.charge_point.place;
        assert_eq!(place.name, "Novastrom Bahnhof Nord");
        assert_eq!(place.address.as_deref(), Some("Gleisweg 4, Ulm"));
        assert_eq!(place.time_zone.as_deref(), Some("Europe/Berlin"));
        assert!(place.position.is_some());
        assert_eq!(seen.charge_point.charge_point_id, "DE*NOV*E770011*1");
        let plug = &seen.charge_point.connectors[0];
        assert_eq!((plug.connector_id, &plug.plug), (1, &Some(Plug::Ccs)));
        assert_eq!(stand_in.calls(), calls, "whoever looks costs no call");
        stand_in.say("status", "CONFIRMED");
        later(server, driver, 5, &booked.id).await;
        let seen: GuestBooking = shown(server, &made).await.json();
        assert_eq!(seen.status, BookingStatus::Confirmed);
    })
    .await;
}

#[tokio::test]
async fn a_newer_link_takes_its_place_and_a_letter_takes_it_along() {
    served(async |server, _, driver| {
        let booked = invited(server, driver).await;
        let first = link(driver, &booked.id).await;
        let wanted = json!({ "email": "guest@example.org", "language": "fr" });
        let path = path::guest_link(&booked.id);
        let once = async || driver.post_once(&path, "key-of-link", &wanted).await;
        let sent: GuestLink = once().await.json();
        assert!(sent.sent);
        // Sent again, it is the same and no second letter.
        assert_eq!(once().await.json::<GuestLink>(), sent);
        assert_eq!(shown(server, &first).await.status, 404);
        assert_eq!(shown(server, &sent).await.status, 200);
        let bodies: Vec<String> =
            sqlx::query_scalar("select body from letters where recipient = 'guest@example.org'")
                .fetch_all(server.store().readers())
                .await
                .unwrap();
        let [body] = &bodies[..] else {
            panic!("{} letters", bodies.len());
        };
        assert!(body.starts_with("Bonjour,") && body.contains(&sent.link));
        assert!(body.contains("Novastrom Bahnhof Nord, DE*NOV*E770011*1"));
        // By the place's clock.
        assert!(body.contains("19:00") && body.contains("CEST"), "{body}");
        for wrong in [json!({ "email": "nobody" }), json!({ "email": "a b@c" })] {
            assert_eq!(make(driver, &booked.id, wrong).await.status, 422);
        }
        let contents = database::contents(server.store()).await;
        let first = secret(&first);
        assert!(contents.iter().all(|row| !row.contains(first)));
    })
    .await;
}

#[tokio::test]
async fn a_link_ends_with_its_booking() {
    served(async |server, stand_in, driver| {
        let booked = invited(server, driver).await;
        let made = link(driver, &booked.id).await;
        let cancel = path::cancel_booking(&booked.id);
        assert_eq!(driver.post(&cancel, &json!({})).await.status, 200);
        assert_eq!(shown(server, &made).await.status, 404);
        assert_eq!(make(driver, &booked.id, json!({})).await.status, 400);
        let booked = book(driver, "key-of-second", &for_guest(server)).await;
        let made = link(driver, &booked.id).await;
        stand_in.always(Some(Quirk::Says(500, Vec::new(), json!({}))));
        let end = booked.reservation_end.unwrap().millis();
        let left = (end - server.clock().now().millis()) / 1_000;
        server.clock().advance(left - 1);
        assert_eq!(shown(server, &made).await.status, 200);
        server.clock().advance(1);
        assert_eq!(shown(server, &made).await.status, 404);
        let driver = server.signed_in("driver@example.com").await;
        assert_eq!(make(&driver, &booked.id, json!({})).await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn only_who_booked_for_a_guest_makes_a_link_and_guessing_is_slow() {
    served(async |server, _, driver| {
        let own = book(driver, "key-of-own", &request(server)).await;
        assert_eq!(make(driver, &own.id, json!({})).await.status, 400);
        let detail = path::booking_detail(&own.id);
        let detail: BookingDetail = driver.get(&detail).await.json();
        assert_eq!(detail.guest_link, None);
        let booked = invited(server, driver).await;
        let other = server.signed_in("other@example.com").await;
        assert_eq!(make(&other, &booked.id, json!({})).await.status, 404);
        let guest = server.browser();
        let wrong = json!({ "secret": "wrong" });
        let mut last = 404;
        for _ in 0..61 {
            last = guest.post(path::GUEST, &wrong).await.status;
        }
        assert_eq!(last, 429);
    })
    .await;
}

#[tokio::test]
async fn a_link_shows_the_number_as_soon_as_it_is_told() {
    served(async |server, stand_in, driver| {
        stand_in.next(Quirk::Loses);
        // Nobody has searched here: all that is known is what was asked for.
        let booked = book(driver, "key-of-lost", &for_guest(server)).await;
        let made = link(driver, &booked.id).await;
        let seen: GuestBooking = shown(server, &made).await.json();
        assert_eq!(seen.uid, "");
        assert_eq!(seen.charge_point.place.name, "DE-NOV-E770011");
        assert_eq!(seen.charge_point.connectors[0].connector_id, 1);
        let token = json!({ "uid": "04GUEST8", "valid_from": "2025-06-14T16:45:00Z" });
        stand_in.say("token", token);
        later(server, driver, 5, &booked.id).await;
        let seen: GuestBooking = shown(server, &made).await.json();
        assert_eq!(seen.uid, "04GUEST8");
        assert_eq!(seen.valid_from, "2025-06-14T16:45:00Z".parse().unwrap());
        assert_eq!(seen.charge_point.place.address.as_deref(), Some("Ulm"));
    })
    .await;
}
