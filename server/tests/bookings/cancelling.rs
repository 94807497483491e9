//! Giving a booking up: when it can be, and what it costs.

use super::*;

async fn set(server: &Server, id: &str, status: &str) {
    let mut write = server.store().write().await.unwrap();
    sqlx::query(
        "update bookings set status = $2, price_minor = case when $2 in ('REQUESTED', 'PENDING',
            'CONFIRMED', 'ATTENDING') then null else 0 end where id = $1",
    )
    .bind(id)
    .bind(status)
    .execute(&mut *write)
    .await
    .unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_over_or_under_way_cannot_be_given_up() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let booking = book(&browser, &request(server, 1, 60, 60)).await;
        let cancel = path::cancel_booking(&booking.id);
        // Nothing need be said.
        let bare = async || {
            let request = browser.request(reqwest::Method::POST, &cancel);
            browser.send(request).await
        };
        for status in [
            "ATTENDING",
            "COMPLETED",
            "EXPIRED",
            "CANCELLED",
            "NO_SHOW",
            "REJECTED",
            "FAILED",
        ] {
            set(server, &booking.id, status).await;
            let said = format!("a booking that is {status} cannot be cancelled");
            assert_eq!(no(&bare().await), (400, said));
        }
        set(server, &booking.id, "CONFIRMED").await;
        let done = bare().await;
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(done.json::<Booking>().status, BookingStatus::Cancelled);
        assert_eq!(bare().await.status, 400);
        // The plug is free again.
        book(&browser, &request(server, 1, 60, 60)).await;
    })
    .await;
}

#[tokio::test]
async fn it_is_free_until_late_and_the_page_says_so_before() {
    both_stores(async |server| {
        let browser = ready(server).await;
        bookings::terms(server, 0, 250, 240).await;
        // What was pressed just before may come just after.
        for (seconds, price) in [(30, 0), (61, 250)] {
            let booking = book(&browser, &request(server, 1, 90, 60)).await;
            assert_eq!(
                status(server, &browser, &booking.id).await,
                BookingStatus::Confirmed
            );
            let costs = async || detail(&browser, &booking.id).await.cancelling.unwrap();
            let early = costs().await;
            assert!(early.costs.amount.is_zero());
            assert_eq!(early.fee.unwrap().amount.units_at(2), Some(250));
            let start = booking.reservation_start.unwrap();
            assert_eq!(early.fee_from, Some(start.plus_seconds(-3_600)));
            server.clock().advance(30 * 60 + seconds);
            assert_eq!(costs().await.costs.amount.units_at(2), Some(250));
            let why = json!({ "reason": "the meeting is off" });
            let cancel = path::cancel_booking(&booking.id);
            let done: Booking = browser.post(&cancel, &why).await.json();
            assert_eq!(done.client_price.unwrap().units_at(2), Some(price));
            assert_eq!(done.cancel_reason.as_deref(), Some("the meeting is off"));
            assert_eq!(detail(&browser, &booking.id).await.cancelling, None);
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_charge_point_holds_is_given_up_there_too() {
    both_stores(async |server| {
        let browser = ready(server).await;
        let mut point = ChargePoint::connect(server, "CP-BGO").await;
        point.status(1, "Available", NOW).await;
        let booking = book(&browser, &request(server, 1, 15, 60)).await;
        assert_eq!(
            status(server, &browser, &booking.id).await,
            BookingStatus::Confirmed
        );
        let (action, order) = point.obey("Accepted").await;
        assert_eq!(action, "ReserveNow");
        point.call("Heartbeat", json!({})).await;
        let cancel = path::cancel_booking(&booking.id);
        assert_eq!(browser.post(&cancel, &json!({})).await.status, 200);
        let (action, cancelled) = point.obey("Accepted").await;
        assert_eq!(action, "CancelReservation");
        assert_eq!(cancelled["reservationId"], order["reservationId"]);
    })
    .await;
}
