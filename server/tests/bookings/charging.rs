//! A booking becomes a hold at the charge point, then a charge, or nobody comes.

use portal_api::{
    dynamo::reservation::Reservations,
    petit_monde::{LIMIT_EXCEEDED, SESSION_LIMIT_EXCEEDED},
    portal::{Cost, holds::Holds},
};
use portal_server::embedded::groups::limits::Balance;

use super::{rules::options, *};

/// A confirmed booking of the first connector that begins in an hour, for one.
pub async fn confirmed(server: &Server, browser: &Browser, wanted: &BookingRequest) -> Booking {
    let booking = book(browser, wanted).await;
    let booking = bookings::now(server, browser, &booking.id).await;
    assert_eq!(booking.status, BookingStatus::Confirmed);
    booking
}

/// The charge point is asked to hold the plug, and says this.
pub async fn asked(server: &Server, point: &mut ChargePoint, says: &str) -> Value {
    server.app.charging.go_on_with_bookings().await.unwrap();
    let (action, order) = point.obey(says).await;
    assert_eq!(action, "ReserveNow");
    // What it said is taken in before it says anything else.
    point.call("Heartbeat", json!({})).await;
    order
}

fn start(order: &Value, at: &str) -> Value {
    json!({ "connectorId": 1, "idTag": order["idTag"], "meterStart": 5_000, "timestamp": at,
        "reservationId": order["reservationId"] })
}

#[tokio::test]
async fn the_plug_is_held_the_driver_comes_charges_and_pays_the_real_price() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        let booking = confirmed(server, &browser, &request(server, 1, 60, 60)).await;
        server.clock().advance(44 * 60);
        server.app.charging.go_on_with_bookings().await.unwrap();
        assert!(!detail(&browser, &booking.id).await.held);
        server.clock().advance(60);
        let order = asked(server, &mut point, "Accepted").await;
        assert_eq!(order["expiryDate"], "2025-06-14T17:00:00Z");
        assert!(order.get("parentIdTag").is_none());
        assert!(detail(&browser, &booking.id).await.held);
        // It is no hold that the driver asked for.
        let holds: Holds = browser.get(path::HOLDS).await.json();
        let reservations: Reservations = browser.get(path::RESERVATIONS).await.json();
        assert!(holds.holds.is_empty() && reservations.data.is_empty());
        let hold = path::reservation(booking.cpo_reservation_id.unwrap());
        assert_eq!(browser.delete(&hold).await.status, 404);
        server.clock().advance(20 * 60);
        let begin = start(&order, "2025-06-14T16:05:00Z");
        let started = point.call("StartTransaction", begin.clone()).await;
        assert_eq!(started["idTagInfo"]["status"], "Accepted");
        assert_eq!(
            status(server, &browser, &booking.id).await,
            BookingStatus::Attending
        );
        assert_eq!(point.call("StartTransaction", begin).await, started);
        server.clock().advance(60 * 60);
        // Whoever stays longer is still there.
        assert_eq!(
            status(server, &browser, &booking.id).await,
            BookingStatus::Attending
        );
        let stop = json!({ "transactionId": started["transactionId"], "meterStop": 15_000,
            "timestamp": "2025-06-14T17:05:00Z" });
        point.call("StopTransaction", stop.clone()).await;
        let done = bookings::now(server, &browser, &booking.id).await;
        assert_eq!(done.status, BookingStatus::Completed);
        // 1.00 a session, 10 kWh at 0.50, 60 minutes at 0.10, and a fifth of tax.
        assert_eq!(done.client_price.unwrap().units_at(2), Some(1_440));
        let shown = detail(&browser, &booking.id).await;
        let session = path::session(shown.session_id.unwrap());
        assert_eq!(browser.get(&session).await.status, 200);
        point.call("StopTransaction", stop).await;
        assert_eq!(bookings::now(server, &browser, &booking.id).await, done);
    })
    .await;
}

#[tokio::test]
async fn nobody_comes() {
    both_stores(async |server| {
        let browser = ready(server).await;
        bookings::terms(server, 500, 0, 240).await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        let held = confirmed(server, &browser, &request(server, 1, 15, 30)).await;
        // The second connector is never free.
        point.status(2, "Charging", NOW).await;
        let never = confirmed(server, &browser, &request(server, 2, 15, 30)).await;
        let order = asked(server, &mut point, "Accepted").await;
        server.clock().advance(50 * 60);
        server.app.charging.end_what_is_over().await.unwrap();
        for (booking, word, price) in [
            (&held, BookingStatus::NoShow, 500),
            (&never, BookingStatus::Expired, 0),
        ] {
            let over = bookings::now(server, &browser, &booking.id).await;
            assert_eq!(over.status, word);
            assert_eq!(over.client_price.unwrap().units_at(2), Some(price));
        }
        for _ in 0..2 {
            server.app.charging.go_on_with_bookings().await.unwrap();
        }
        assert_eq!(
            bookings::letters(server).await,
            [
                "booking-confirmed",
                "booking-confirmed",
                "booking-expired",
                "booking-no-show"
            ]
        );
        // Whoever comes now charges, and what is settled stays so.
        let begin = start(&order, "2025-06-14T15:45:00Z");
        point.call("StartTransaction", begin).await;
        assert_eq!(
            status(server, &browser, &held.id).await,
            BookingStatus::NoShow
        );
    })
    .await;
}

#[tokio::test]
async fn a_charge_point_that_says_no_or_is_away_is_asked_again() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let booking = confirmed(server, &browser, &request(server, 1, 15, 60)).await;
        let mut point = ChargePoint::connect_new(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        let first = asked(server, &mut point, "Rejected").await;
        server.app.charging.go_on_with_bookings().await.unwrap();
        assert!(!detail(&browser, &booking.id).await.held);
        server.clock().advance(15);
        let second = asked(server, &mut point, "Accepted").await;
        assert_eq!(first, second);
        assert!(detail(&browser, &booking.id).await.held);
        // Somebody takes it away there.
        let gone = json!({ "reservationId": second["id"], "reservationUpdateStatus": "Removed" });
        point.call("ReservationStatusUpdate", gone).await;
        assert!(!detail(&browser, &booking.id).await.held);
        server.clock().advance(15);
        asked(server, &mut point, "Accepted").await;
        assert!(detail(&browser, &booking.id).await.held);
    })
    .await;
}

#[tokio::test]
async fn any_card_of_the_group_uses_its_booking_and_the_group_pays() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let group = bookings::group(server, "van", (Some(10_000), None)).await;
        let member = server.signed_in("member@example.com").await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        let wanted = for_group(request(server, 1, 15, 60), &group.id);
        let booking = confirmed(server, &member, &wanted).await;
        let mut order = asked(server, &mut point, "Accepted").await;
        assert_eq!(order["idTag"], "VIRTUAL2");
        assert_eq!(order["parentIdTag"], group.parent_tag.as_str());
        let shown = detail(&member, &booking.id).await;
        assert_eq!(shown.group_name.as_deref(), Some("Group van"));
        let uids: Vec<_> = shown
            .tokens
            .iter()
            .map(|token| token.uid.as_deref())
            .collect();
        assert_eq!(uids, [Some("VIRTUAL2"), None]);
        order["idTag"] = json!("04C5D1AA22");
        let begin = start(&order, "2025-06-14T15:00:00Z");
        let started = point.call("StartTransaction", begin).await;
        assert_eq!(
            status(server, &member, &booking.id).await,
            BookingStatus::Attending
        );
        server.clock().advance(60 * 60);
        let stop = json!({ "transactionId": started["transactionId"], "meterStop": 15_000,
            "timestamp": "2025-06-14T16:00:00Z" });
        point.call("StopTransaction", stop).await;
        assert_eq!(
            status(server, &member, &booking.id).await,
            BookingStatus::Completed
        );
        let spent: (i64, i64) = sqlx::query_as("select spent, held from group_months")
            .fetch_one(server.store().readers())
            .await
            .unwrap();
        assert_eq!(spent, (1_440, 0));
    })
    .await;
}

#[tokio::test]
async fn whoever_finds_the_plug_broken_pays_nothing() {
    both_stores(async |server| {
        let browser = ready(server).await;
        bookings::terms(server, 500, 250, 240).await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        let mut booked = Vec::new();
        for connector in [1, 2] {
            point.status(connector.into(), "Available", NOW).await;
            let wanted = request(server, connector, 15, 30);
            booked.push(confirmed(server, &browser, &wanted).await.id);
        }
        for _ in &booked {
            asked(server, &mut point, "Accepted").await;
        }
        let costs = async || {
            let cancelling = detail(&browser, &booked[0]).await.cancelling;
            cancelling.unwrap().costs.amount.units_at(2)
        };
        assert_eq!(costs().await, Some(250));
        for connector in [1, 2] {
            point.status(connector, "Faulted", NOW).await;
        }
        assert_eq!(costs().await, Some(0));
        let cancel = path::cancel_booking(&booked[0]);
        let given_up: Booking = browser.post(&cancel, &json!({})).await.json();
        server.clock().advance(50 * 60);
        server.app.charging.end_what_is_over().await.unwrap();
        let over = bookings::now(server, &browser, &booked[1]).await;
        for (booking, word) in [
            (given_up, BookingStatus::Cancelled),
            (over, BookingStatus::Expired),
        ] {
            assert_eq!(booking.status, word);
            assert!(booking.client_price.unwrap().is_zero(), "{word:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_who_is_in_the_group_sees_its_numbers_and_only_while_the_booking_lasts() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let group = bookings::group(server, "van", (None, None)).await;
        let member = server.signed_in("member@example.com").await;
        let mut ids = Vec::new();
        for connector in [1, 2] {
            let wanted = for_group(request(server, connector, 60, 60), &group.id);
            ids.push(book(&member, &wanted).await.id);
        }
        let shown = async |id: &str| detail(&member, id).await.tokens.len();
        assert_eq!((shown(&ids[0]).await, shown(&ids[1]).await), (2, 2));
        let cancel = path::cancel_booking(&ids[0]);
        assert_eq!(member.post(&cancel, &json!({})).await.status, 200);
        assert_eq!(shown(&ids[0]).await, 0, "it is over");
        let mut write = server.store().write().await.unwrap();
        sqlx::query("delete from group_members where person_id = 'usr_member'")
            .execute(&mut *write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        assert_eq!(shown(&ids[1]).await, 0, "no longer in the group");
    })
    .await;
}

#[tokio::test]
async fn a_group_has_what_not_using_its_booking_costs_or_it_does_not_book() {
    both_stores(async |server| {
        charge_point::lay(server).await;
        let group = bookings::group(server, "van", (None, None)).await;
        let member = server.signed_in("member@example.com").await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        // Half an hour is thought to cost 11.40.
        let wanted = for_group(request(server, 1, 15, 30), &group.id);
        for fees in [(2_000, 0), (0, 2_000), (2_000, 500)] {
            bookings::terms(server, fees.0, fees.1, 240).await;
            for (limits, says) in [
                ((Some(1_999), None), LIMIT_EXCEEDED),
                ((None, Some(1_999)), SESSION_LIMIT_EXCEEDED),
            ] {
                groups::limit(server, &group, limits).await;
                let offered = options(&member, &wanted).await;
                let choice = offered.choices.last().unwrap();
                let minor = |cost: Option<&Cost>| cost.unwrap().amount.units_at(2);
                assert!(!choice.fits, "{fees:?}");
                assert_eq!(minor(choice.set_aside.as_ref()), Some(2_000));
                assert_eq!(minor(offered.estimate.as_ref()), Some(1_140));
                let answer = try_book(&member, &wanted).await;
                assert_eq!(no(&answer), (400, says.to_owned()), "{fees:?}");
            }
        }
        groups::limit(server, &group, (Some(2_000), Some(2_000))).await;
        assert!(options(&member, &wanted).await.choices[0].fits);
        let booking = confirmed(server, &member, &wanted).await;
        assert_eq!(booking.client_price.unwrap().units_at(2), Some(1_140));
        assert_eq!(groups::balance(server, &group).await.held, 2_000);
        asked(server, &mut point, "Accepted").await;
        server.clock().advance(50 * 60);
        server.app.charging.end_what_is_over().await.unwrap();
        let missed = status(server, &member, &booking.id).await;
        assert_eq!(missed, BookingStatus::NoShow);
        let spent = Balance {
            spent: 2_000,
            held: 0,
        };
        assert_eq!(groups::balance(server, &group).await, spent);
    })
    .await;
}
