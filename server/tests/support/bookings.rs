//! Booking `CP-BGO`'s connectors, and what becomes of that.

use futures_util::future::join_all;
use portal_api::{
    path,
    petit_monde::booking::{Booking, BookingRequest, BookingStatus, TokenStrategy},
    portal::bookings::BookingDetail,
    time::Instant,
};
use portal_server::{
    embedded::{groups::Group, people::Role},
    ids,
};

use super::{
    Server,
    browser::{Answer, Browser},
    groups, people,
};

/// For so many minutes from so many minutes from now on, with one's own token.
pub fn request(server: &Server, connector: u32, ahead: i64, minutes: i64) -> BookingRequest {
    let start = server.clock().now().plus_seconds(ahead * 60);
    request_from(start, connector, minutes)
}

/// The same from that time on.
pub fn request_from(start: Instant, connector: u32, minutes: i64) -> BookingRequest {
    BookingRequest {
        location_id: "site_BGO".into(),
        evse_uid: format!("NZ*QUA*ECP-BGO*{connector}"),
        connector_id: Some(connector.to_string()),
        reservation_start: start,
        reservation_end: start.plus_seconds(minutes * 60),
        external_id: None,
        token_strategy: Some(TokenStrategy::DriverToken),
        customer_id: Some("usr_driver".into()),
        token_id: None,
        fleet_group_id: None,
    }
}

/// The same for a guest.
pub fn for_guest(request: BookingRequest) -> BookingRequest {
    BookingRequest {
        token_strategy: Some(TokenStrategy::AdHoc),
        customer_id: None,
        ..request
    }
}

/// The same with a group's token.
pub fn for_group(request: BookingRequest, group: &str) -> BookingRequest {
    BookingRequest {
        token_strategy: Some(TokenStrategy::GroupToken),
        customer_id: None,
        fleet_group_id: Some(group.into()),
        ..request
    }
}

/// Asks for a booking that nobody asked for before.
pub async fn try_book(browser: &Browser, request: &BookingRequest) -> Answer {
    let key = ids::new_token().unwrap();
    browser.post_once(path::BOOKINGS, &key, request).await
}

/// The same, again while the server has too much to do.
pub async fn book_in_a_crowd(browser: &Browser, request: &BookingRequest) -> Answer {
    let key = ids::new_token().unwrap();
    loop {
        let answer = browser.post_once(path::BOOKINGS, &key, request).await;
        if answer.status != 503 {
            return answer;
        }
    }
}

pub async fn book(browser: &Browser, request: &BookingRequest) -> Booking {
    let answer = try_book(browser, request).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let booking: Booking = answer.json();
    assert_eq!(booking.status, BookingStatus::Requested);
    booking
}

/// Of many who try to book one plug for one time the only one who gets it.
pub async fn only_winner<'a>(
    tries: impl IntoIterator<Item = impl Future<Output = (Answer, &'a Browser)>>,
) -> (Booking, &'a Browser) {
    let mut won = Vec::new();
    for (answer, browser) in join_all(tries).await {
        match answer.status {
            202 => won.push((answer.json::<Booking>(), browser)),
            409 => {}
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert_eq!(won.len(), 1);
    won.remove(0)
}

/// Why it was not booked: the status and the sentence.
pub fn no(answer: &Answer) -> (u16, String) {
    let error = answer.value()["error"].as_str().unwrap_or_default().into();
    (answer.status, error)
}

/// How a booking is once the server has done what there is to do.
pub async fn now(server: &Server, browser: &Browser, id: &str) -> Booking {
    server.app.charging.go_on_with_bookings().await.unwrap();
    let answer = browser.get(&path::booking(id)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

pub async fn status(server: &Server, browser: &Browser, id: &str) -> BookingStatus {
    now(server, browser, id).await.status
}

pub async fn detail(browser: &Browser, id: &str) -> BookingDetail {
    let answer = browser.get(&path::booking_detail(id)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// The kinds of the letters that wait, in the order in which they were written.
pub async fn letters(server: &Server) -> Vec<String> {
    sqlx::query_scalar("select kind from letters order by created_at, kind")
        .fetch_all(server.store().readers())
        .await
        .unwrap()
}

/// A fee in Norwegian øre for not coming, one for giving up late, and the longest time.
pub async fn terms(server: &Server, no_show: i64, late: i64, minutes: i64) {
    let mut write = server.store().write().await.unwrap();
    sqlx::query(
        "update operators set no_show_fee = $1, late_cancel_fee = $2, booking_minutes = $3",
    )
    .bind(no_show)
    .bind(late)
    .bind(minutes)
    .execute(&mut *write)
    .await
    .unwrap();
    write.commit().await.unwrap();
}

/// A group with a token, and a member who is signed in.
pub async fn group(server: &Server, id: &str, limits: (Option<i64>, Option<i64>)) -> Group {
    groups::organisation(server).await;
    let group = groups::make_in(server, id, "NOK", limits).await;
    people::add(server, "member@example.com", &[Role::GroupMember]).await;
    let mut write = server.store().write().await.unwrap();
    for statement in [
        "insert into group_members (group_id, person_id, admin, added_at)
            values ($1, 'usr_member', 0, 0)",
        "insert into group_tokens (id, uid, group_id, position, kind, label, created_at)
            values ('tok_1', '04C5D1AA22', $1, 1, 'RFID', 'Van 1', 0)",
        "insert into group_tokens (id, uid, group_id, position, kind, label, created_at)
            values ('tok_2', 'VIRTUAL2', $1, 2, 'VIRTUAL', 'Phone', 0)",
        "insert into id_tags (id_tag, person_id)
            select t.uid, g.person_id from group_tokens t join groups g on g.id = t.group_id
            where t.group_id = $1",
    ] {
        sqlx::query(statement)
            .bind(&group.id)
            .execute(&mut *write)
            .await
            .unwrap();
    }
    write.commit().await.unwrap();
    group
}
