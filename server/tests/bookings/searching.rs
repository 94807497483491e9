//! A search that says from when until when finds what can be booked then, and nothing else.

use portal_api::{
    petit_monde::search::{EvseStatus, SearchPage},
    portal::charge_points::Opening,
};
use portal_server::embedded::sites::{self, Hours};

use super::*;

/// Puts both places beside each other: Bergen's, and so far to the north Auckland's.
async fn lay_around(server: &Server, north: i64) {
    let mut write = server.store().write().await.unwrap();
    for (site, north) in [("site_BGO", 0), ("site_AKL", north)] {
        let position = (60_390_000 + north, 5_320_000);
        let position = (north > 0 || site == "site_BGO").then_some(position);
        sites::set_position(&mut write, site, position)
            .await
            .unwrap();
    }
    write.commit().await.unwrap();
}

/// What is found where a booking is to be, for its time.
async fn found(browser: &Browser, wanted: &BookingRequest) -> SearchPage {
    let (start, end) = (wanted.reservation_start, wanted.reservation_end);
    let query = format!("lat=60.39&lng=5.32&limit=1&start_time={start}&end_time={end}");
    let answer = browser.get(&format!("{}?{query}", path::SEARCH)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn change(server: &Server, statement: &'static str) {
    let mut write = server.store().write().await.unwrap();
    sqlx::query(statement).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
}

/// Says from when to when Bergen's place is open, in minutes of each day.
async fn open(server: &Server, days: impl IntoIterator<Item = (u8, u16, u16)>) {
    let openings = days
        .into_iter()
        .map(|(day, from_minute, to_minute)| Opening {
            day,
            from_minute,
            to_minute,
        });
    let mut write = server.store().write().await.unwrap();
    let hours = Hours::Listed(openings.collect());
    sites::set_hours(&mut write, "site_BGO", &hours)
        .await
        .unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_booked_then_is_not_found_then() {
    both_stores(async |server| {
        let browser = ready(server).await;
        lay_around(server, 0).await;
        let found = async |ahead: i64| found(&browser, &request(server, 1, ahead, 60)).await;
        book(&browser, &request(server, 1, 60, 60)).await;
        let status = |page: &SearchPage, plug: usize| page.results[0].evses[plug].status.clone();
        let page = found(90).await;
        assert_eq!(status(&page, 0), EvseStatus::Reserved);
        assert_eq!(status(&page, 1), EvseStatus::Unknown);
        assert_eq!(status(&found(120).await, 0), EvseStatus::Unknown);
        for connector in 2..=4 {
            book(&browser, &request(server, connector, 60, 60)).await;
        }
        assert_eq!(found(90).await.total, 0);
        assert_eq!(found(120).await.total, 1);
        // Whoever wants to come so soon can't book.
        server.clock().advance(3 * 3_600);
        assert_eq!((found(0).await.total, found(14).await.total), (0, 0));
        assert_eq!(found(15).await.total, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_found_can_be_booked_and_nothing_else_can() {
    both_stores(async |server| {
        let browser = ready(server).await;
        lay_around(server, 0).await;
        bookings::terms(server, 0, 0, 300).await;
        change(server, "update operators set booking_days_ahead = 3").await;
        // Without Sundays; it is five o'clock on a Saturday there.
        open(
            server,
            (1..=6).flat_map(|day| [(day, 480, 780), (day, 780, 1_320)]),
        )
        .await;
        let day = 24 * 60;
        let mut answers = Vec::new();
        for (ahead, minutes) in [
            (14, 60),
            (15, 60),
            (60, 240),
            (60, 241),
            (day, 60),
            (2 * day - 9 * 60, 60),
            (2 * day - 9 * 60 - 1, 60),
            (2 * day - 5 * 60, 300),
            (2 * day - 5 * 60, 301),
            (3 * day, 60),
            (3 * day + 1, 60),
        ] {
            let wanted = request(server, 1, ahead, minutes);
            let there = found(&browser, &wanted).await.total == 1;
            let answer = try_book(&browser, &wanted).await;
            let mut books = answer.status == 202;
            if books {
                let booking: Booking = answer.json();
                books = status(server, &browser, &booking.id).await == BookingStatus::Confirmed;
                let cancel = path::cancel_booking(&booking.id);
                browser.post(&cancel, &json!({})).await;
            }
            assert_eq!(there, books, "{minutes} minutes in {ahead}");
            answers.push(there);
        }
        let [yes, no] = [true, false];
        assert_eq!(answers, [no, yes, yes, no, no, yes, no, yes, no, yes, no]);
    })
    .await;
}

#[tokio::test]
async fn what_is_out_of_order_is_not_found_for_later_either() {
    both_stores(async |server| {
        let browser = ready(server).await;
        lay_around(server, 0).await;
        let wanted = request(server, 1, 60, 60);
        assert_eq!(found(&browser, &wanted).await.total, 1);
        change(
            server,
            "update connectors set state = 'faulted', state_at = 0",
        )
        .await;
        assert_eq!(found(&browser, &wanted).await.total, 0);
    })
    .await;
}

#[tokio::test]
async fn a_closed_place_takes_no_row_and_no_count_from_an_open_one_behind_it() {
    both_stores(async |server| {
        let browser = ready(server).await;
        lay_around(server, 1_000).await;
        let wanted = request(server, 1, 60, 60);
        let nearest = found(&browser, &wanted).await;
        assert_eq!(
            (nearest.total, &nearest.results[0].location_id[..]),
            (2, "site_BGO")
        );
        // On Sundays only; whether Auckland's is ever closed nobody says.
        open(server, [(7, 0, 1_440)]).await;
        let behind = found(&browser, &wanted).await;
        assert_eq!(
            (behind.total, &behind.results[0].location_id[..]),
            (1, "site_AKL")
        );
    })
    .await;
}
