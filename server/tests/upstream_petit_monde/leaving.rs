//! What somebody booked on a group's account who leaves it is given up at Petit Monde, too.

use portal_api::{
    path,
    petit_monde::booking::{BookingStatus, TokenStrategy},
    portal::bookings::{BookingDetail, BookingTrouble},
};
use portal_server::embedded::people::Role;
use serde_json::json;

use crate::{
    Browser, Server, StandIn, book, groups, later, letters, people, request, served,
    stand_in::Quirk,
};

const ID: &str = "group_lager_sued";

/// The driver has booked on the account of a group, which says that so it stands.
async fn booked(server: &Server, stand_in: &StandIn, driver: &Browser, status: &str) -> String {
    groups::organisation(server).await;
    let group = groups::make(server, "lager_sued", (None, None)).await;
    groups::join(server, "usr_driver", Some((&group, false))).await;
    let boss = people::add(server, "boss@example.com", &[Role::Manager]).await;
    groups::join(server, &boss, Some((&group, true))).await;
    let mut wanted = request(server);
    wanted.token_strategy = Some(TokenStrategy::GroupToken);
    wanted.customer_id = None;
    wanted.fleet_group_id = Some(ID.into());
    let asked = book(driver, "key-of-group", &wanted).await;
    stand_in.say("client_price", json!(14.30));
    stand_in.say("client_price_currency", "EUR");
    stand_in.say("status", status);
    later(server, driver, 5, &asked.id).await;
    asked.id
}

async fn take_out(server: &Server) {
    let boss = server.signed_in("boss@example.com").await;
    let gone = boss.delete(&path::group_member(ID, "usr_driver")).await;
    assert_eq!(gone.status, 204, "{}", gone.text);
}

fn theirs(stand_in: &StandIn) -> String {
    let booking = stand_in.bookings().pop().unwrap();
    booking["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn it_is_given_up_there_at_once_and_the_driver_hears_why() {
    served(async |server, stand_in, driver| {
        let id = booked(server, stand_in, driver, "CONFIRMED").await;
        let before = letters(server).await;
        take_out(server).await;
        let told = later(server, driver, 1, &id).await;
        assert_eq!(told.status, BookingStatus::Cancelled);
        assert_eq!(theirs(stand_in), "CANCELLED");
        let detail: BookingDetail = driver.get(&path::booking_detail(&id)).await.json();
        assert_eq!(detail.trouble, Some(BookingTrouble::LeftGroup));
        assert_eq!(letters(server).await, before + 1);
        let held: i64 = sqlx::query_scalar("select held from group_months")
            .fetch_one(server.store().readers())
            .await
            .unwrap();
        assert_eq!(held, 0);
    })
    .await;
}

#[tokio::test]
async fn it_is_tried_again_until_petit_monde_has_heard() {
    served(async |server, stand_in, driver| {
        let id = booked(server, stand_in, driver, "CONFIRMED").await;
        take_out(server).await;
        stand_in.always(Some(Quirk::Says(500, Vec::new(), json!({}))));
        let told = later(server, driver, 1, &id).await;
        assert_eq!(told.status, BookingStatus::Confirmed);
        stand_in.always(None);
        let told = later(server, driver, 3_600, &id).await;
        assert_eq!(
            (told.status, &theirs(stand_in)[..]),
            (BookingStatus::Cancelled, "CANCELLED")
        );
    })
    .await;
}

#[tokio::test]
async fn who_charges_already_charges_on() {
    served(async |server, stand_in, driver| {
        let id = booked(server, stand_in, driver, "CONFIRMED").await;
        stand_in.say("status", "ATTENDING");
        take_out(server).await;
        let told = later(server, driver, 1, &id).await;
        assert_eq!(
            (told.status, &theirs(stand_in)[..]),
            (BookingStatus::Attending, "ATTENDING")
        );
        stand_in.say("status", "COMPLETED");
        let told = later(server, driver, 4 * 3_600, &id).await;
        assert_eq!(told.status, BookingStatus::Completed);
    })
    .await;
}
