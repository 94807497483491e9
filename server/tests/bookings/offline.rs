//! A charge point that isn't connected when a booking's time ends: what it tells later counts.

use portal_api::portal::charge_points::ConnectorState;
use portal_server::embedded::groups::limits::Balance;

use super::{
    charging::{asked, confirmed},
    *,
};

const CARD: &str = "04A1B2C3D4E580";

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// A booking that begins in a quarter of an hour, for half an hour, and is held.
async fn held(
    server: &Server,
    browser: &Browser,
    point: &mut ChargePoint,
    wanted: &BookingRequest,
) -> Booking {
    let now = server.clock().now().to_string();
    point.status(1, "Available", &now).await;
    let booking = confirmed(server, browser, wanted).await;
    asked(server, point, "Accepted").await;
    booking
}

/// The connection breaks.
async fn lose(browser: &Browser, booking: &Booking, point: ChargePoint) {
    drop(point);
    let state = async || {
        let shown = detail(browser, &booking.id).await.charge_point.unwrap();
        shown.connectors[0].state.clone()
    };
    while state().await != ConnectorState::Offline {}
}

async fn connect(server: &Server, protocol: &str) -> ChargePoint {
    let key = charge_point::KEY;
    let mut point = ChargePoint::try_connect(server, "CP-BGO", "CP-BGO", key, protocol)
        .await
        .unwrap();
    // It is noted that it is there before it is answered.
    point.call("Heartbeat", json!({})).await;
    point
}

/// How a booking is after so many seconds, and what it costs.
async fn after(
    server: &Server,
    browser: &Browser,
    booking: &Booking,
    seconds: i64,
) -> (BookingStatus, Option<i64>) {
    server.clock().advance(seconds);
    server.app.charging.end_what_is_over().await.unwrap();
    let now = bookings::now(server, browser, &booking.id).await;
    (now.status, now.client_price.unwrap().units_at(2))
}

#[tokio::test]
async fn whoever_charged_meanwhile_has_used_their_booking() {
    both_stores(async |server| {
        let browser = ready(server).await;
        bookings::terms(server, 500, 250, 240).await;
        charge_point::give_card(server, "usr_driver", CARD).await;
        let other = people::add(server, "other@example.com", &[Role::Driver]).await;
        charge_point::give_card(server, &other, "04FFEEDDCCBBAA").await;
        for protocol in ["ocpp1.6", "ocpp2.0.1"] {
            let mut point = connect(server, protocol).await;
            let booking = held(server, &browser, &mut point, &request(server, 1, 15, 30)).await;
            lose(&browser, &booking, point).await;
            let hour = after(server, &browser, &booking, 105 * MINUTE).await;
            assert_eq!(hour.0, BookingStatus::Confirmed, "{protocol}");
            assert_eq!(detail(&browser, &booking.id).await.cancelling, None);
            let cancel = path::cancel_booking(&booking.id);
            let answer = browser.post(&cancel, &json!({})).await;
            let over = "a booking whose time is over cannot be cancelled";
            assert_eq!(no(&answer), (400, over.to_owned()));
            // It tells what it kept, one after the other, and not at once.
            let mut point = connect(server, protocol).await;
            let back = after(server, &browser, &booking, 4 * MINUTE).await;
            assert_eq!(back.0, BookingStatus::Confirmed, "{protocol}");
            let (start, end) = (booking.reservation_start, booking.reservation_end);
            let (start, end) = (start.unwrap(), end.unwrap());
            let (charge, said) = point.begin(1, CARD, start.plus_seconds(5 * MINUTE)).await;
            assert_eq!(said["status"], "Accepted", "{protocol}");
            let here = after(server, &browser, &booking, 0).await;
            assert_eq!(here.0, BookingStatus::Attending, "{protocol}");
            point
                .end(&charge, 10_000, start.plus_seconds(25 * MINUTE))
                .await;
            // Somebody else came after them.
            let later = end.plus_seconds(10 * MINUTE);
            let (charge, said) = point.begin(1, "04FFEEDDCCBBAA", later).await;
            assert_eq!(said["status"], "Accepted", "{protocol}");
            point.end(&charge, 1_000, later.plus_seconds(MINUTE)).await;
            // 1.00 a session, 10 kWh at 0.50, 20 minutes at 0.10, and a fifth of tax.
            let done = (BookingStatus::Completed, Some(960));
            assert_eq!(after(server, &browser, &booking, 10 * MINUTE).await, done);
        }
        assert_eq!(bookings::letters(server).await, ["booking-confirmed"; 2]);
    })
    .await;
}

#[tokio::test]
async fn nobody_pays_for_not_coming_to_a_charge_point_that_was_away() {
    both_stores(async |server| {
        let browser = ready(server).await;
        bookings::terms(server, 500, 0, 240).await;
        let lost = async || {
            let mut point = connect(server, "ocpp1.6").await;
            let booking = held(server, &browser, &mut point, &request(server, 1, 15, 30)).await;
            lose(&browser, &booking, point).await;
            booking
        };
        let waits = (BookingStatus::Confirmed, Some(1_140));
        let expired = (BookingStatus::Expired, Some(0));
        // It comes back, and has nothing to tell.
        let booking = lost().await;
        assert_eq!(after(server, &browser, &booking, 60 * MINUTE).await, waits);
        let point = connect(server, "ocpp1.6").await;
        assert_eq!(
            after(server, &browser, &booking, 5 * MINUTE - 1).await,
            waits
        );
        assert_eq!(after(server, &browser, &booking, 1).await, expired);
        drop(point);
        // It never does.
        let booking = lost().await;
        let until = 45 * MINUTE + DAY - 1;
        assert_eq!(after(server, &browser, &booking, until).await, waits);
        assert_eq!(after(server, &browser, &booking, 1).await, expired);
        // It was back in time.
        let booking = lost().await;
        let point = connect(server, "ocpp1.6").await;
        assert_eq!(
            after(server, &browser, &booking, 50 * MINUTE - 1).await,
            waits
        );
        let missed = (BookingStatus::NoShow, Some(500));
        assert_eq!(after(server, &browser, &booking, 1).await, missed);
        drop(point);
    })
    .await;
}

#[tokio::test]
async fn a_group_s_money_is_kept_for_what_may_have_been_charged() {
    both_stores(async |server| {
        let member = ready(server).await;
        // Half an hour is thought to cost 11.40.
        let group = bookings::group(server, "van", (Some(1_140), None)).await;
        let boss = people::add(server, "boss@example.com", &[Role::Manager]).await;
        groups::join(server, &boss, Some((&group, true))).await;
        groups::join(server, "usr_driver", Some((&group, false))).await;
        let mut point = connect(server, "ocpp1.6").await;
        let wanted = for_group(request(server, 1, 15, 30), &group.id);
        let booking = held(server, &member, &mut point, &wanted).await;
        lose(&member, &booking, point).await;
        after(server, &member, &booking, 60 * MINUTE).await;
        // Nobody is expected any more: for others there is nothing left.
        let mut elsewhere = ChargePoint::connect(server, "CP-AKL").await;
        let asked = json!({ "idTag": "04C5D1AA22" });
        let told = elsewhere.call("Authorize", asked).await;
        assert_eq!(told["idTagInfo"]["status"], "Blocked");
        // Nor does it matter that whoever booked goes.
        let gone = path::group_member(&group.id, "usr_driver");
        assert_eq!(member.delete(&gone).await.status, 204);
        let waits = after(server, &member, &booking, 0).await;
        assert_eq!(waits.0, BookingStatus::Confirmed);
        let mut point = connect(server, "ocpp1.6").await;
        let start = booking.reservation_start.unwrap();
        let (charge, _) = point.begin(1, "04C5D1AA22", start).await;
        point
            .end(&charge, 10_000, start.plus_seconds(20 * MINUTE))
            .await;
        let done = (BookingStatus::Completed, Some(960));
        assert_eq!(after(server, &member, &booking, 0).await, done);
        let spent = Balance {
            spent: 960,
            held: 0,
        };
        assert_eq!(groups::balance(server, &group).await, spent);
    })
    .await;
}
