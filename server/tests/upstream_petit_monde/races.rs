//! Many at once, and times at the edge of what is taken: Petit Monde decides, and each is
//! told what came of theirs.

use std::{sync::Arc, time::Duration};

use portal_api::{
    path,
    petit_monde::{
        LIMIT_EXCEEDED,
        booking::{BookingRequest, Bookings, TokenStrategy},
    },
    time::Instant,
};
use portal_server::{
    config::{Allowance, PetitMondeUpstream, Secret},
    provider::{
        Asked,
        meter::{Meter, Purpose, Said},
    },
    upstream::petit_monde::PetitMonde,
};
use serde_json::{Value, json};

use crate::{
    Browser, KEY, LIMITS, Server, StandIn, elsewhere, groups, request, served, support::Answer,
    try_book,
};

/// Whatever is asked is asked at once.
#[derive(Debug)]
struct Unpaced;

impl Meter for Unpaced {
    fn take(&self, _: Purpose, _: Duration) -> Asked<'_, Duration> {
        Box::pin(async { Ok(Duration::ZERO) })
    }

    fn heed(&self, _: Said) -> Asked<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// The same with nothing between two bookings: all that are asked for at once are on their
/// way at once.
async fn at_once(test: impl AsyncFn(&Server, &StandIn, &Browser)) {
    served(async |server, stand_in, _| {
        let upstream = PetitMondeUpstream {
            url: stand_in.url.parse().unwrap(),
            key: Secret::new(KEY),
            allowance: Allowance::default(),
        };
        let mut app = server.app.clone();
        let mut unpaced = elsewhere(server, stand_in, KEY, Allowance::default());
        let clock = server.clock().clone();
        let system = PetitMonde::new(&upstream, clock, LIMITS, Arc::new(Unpaced));
        unpaced.system = Arc::new(system.unwrap());
        app.elsewhere = Some(unpaced);
        let front = Server::of(app).await;
        let driver = front.signed_in("driver@example.com").await;
        test(&front, stand_in, &driver).await;
    })
    .await;
}

async fn all(
    driver: &Browser,
    requests: impl Iterator<Item = (String, BookingRequest)>,
) -> Vec<Answer> {
    let asking =
        requests.map(|(key, request)| async move { try_book(driver, &key, &request).await });
    futures_util::future::join_all(asking).await
}

fn with(answers: &[Answer], status: u16, error: &str) -> usize {
    let said = |answer: &&Answer| answer.status == status && answer.value()["error"] == error;
    answers.iter().filter(said).count()
}

fn made(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 202).count()
}

fn time(row: &Value, field: &str) -> Instant {
    row[field].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn of_sixty_four_at_once_a_group_pays_for_the_ten_that_petit_monde_has_room_for() {
    at_once(async |server, stand_in, driver| {
        groups::organisation(server).await;
        let group = groups::make(server, "lager_sued", (None, None)).await;
        groups::join(server, "usr_driver", Some((&group, false))).await;
        stand_in.refuses(|bookings, asked| {
            let same = |row: &&Value| row["reservation_start"] == asked["reservation_start"];
            let taken = bookings.iter().filter(same).count();
            (taken >= 10).then_some((400, LIMIT_EXCEEDED))
        });
        for round in 1..=3 {
            let wanted = BookingRequest {
                token_strategy: Some(TokenStrategy::GroupToken),
                customer_id: None,
                fleet_group_id: Some(group.id.clone()),
                ..request(server)
            };
            let requests = (0..64).map(|number| {
                let key = format!("key-of-{round}-{number}");
                (key, wanted.clone())
            });
            let answers = all(driver, requests).await;
            assert_eq!(
                (made(&answers), with(&answers, 400, LIMIT_EXCEEDED)),
                (10, 54)
            );
            assert_eq!(stand_in.made(), 10 * round);
            let list: Bookings = driver.get(path::BOOKINGS).await.json();
            assert_eq!(list.total, Some(10 * round as u64));
            // What one person may ask is another matter.
            server.clock().advance(3_600);
        }
    })
    .await;
}

#[tokio::test]
async fn of_windows_that_overlap_on_one_plug_one_is_booked() {
    at_once(async |server, stand_in, driver| {
        stand_in.refuses(|bookings, asked| {
            let overlaps = |row: &Value| {
                row["evse_uid"] == asked["evse_uid"]
                    && time(row, "reservation_start") < time(asked, "reservation_end")
                    && time(asked, "reservation_start") < time(row, "reservation_end")
            };
            let taken = bookings.iter().any(overlaps);
            taken.then_some((409, "EVSE not available"))
        });
        let first = request(server);
        let shifted = |number: i64| BookingRequest {
            reservation_start: first.reservation_start.plus_seconds(number * 60),
            reservation_end: first.reservation_end.plus_seconds(number * 60),
            ..first.clone()
        };
        let requests = (0..32).map(|number| (format!("key-of-{number}"), shifted(number)));
        let answers = all(driver, requests).await;
        let taken = with(&answers, 409, "the EVSE is not available for that time");
        assert_eq!((made(&answers), taken, stand_in.made()), (1, 31, 1));
        let list: Bookings = driver.get(path::BOOKINGS).await.json();
        assert_eq!(list.total, Some(1));
        // Right behind it, or on another plug, there is room.
        let booked = &list.bookings[0];
        let behind = BookingRequest {
            reservation_start: booked.reservation_end.unwrap(),
            reservation_end: booked.reservation_end.unwrap().plus_seconds(3_600),
            ..first.clone()
        };
        let beside = BookingRequest {
            evse_uid: "DE*NOV*E770011*2".into(),
            ..first.clone()
        };
        let rest = [("key-behind", behind), ("key-beside", beside)];
        let rest = rest
            .into_iter()
            .map(|(key, request)| (key.to_owned(), request));
        assert_eq!(made(&all(driver, rest).await), 2);
    })
    .await;
}

#[tokio::test]
async fn a_booking_begins_at_least_fifteen_minutes_ahead_and_lasts_as_long_as_the_operator_says() {
    served(async |server, stand_in, driver| {
        let now = server.clock().now();
        let ahead = |minutes: i64, long: i64| BookingRequest {
            reservation_start: now.plus_seconds(minutes * 60),
            reservation_end: now.plus_seconds((minutes + long) * 60),
            ..request(server)
        };
        let early = try_book(driver, "key-of-14", &ahead(14, 60)).await;
        let said = "reservation_start must be at least 15 minutes ahead";
        assert_eq!((early.status, &early.value()["error"]), (400, &json!(said)));
        assert_eq!(stand_in.calls(), 0, "nobody need be asked");
        let answer = try_book(driver, "key-of-16", &ahead(16, 60)).await;
        assert_eq!((answer.status, stand_in.made()), (202, 1));
        // How long one may book is the operator's business: here a working day.
        let most = "reservation_end must be at most 480 minutes after reservation_start";
        stand_in.refuses(move |_, asked| {
            let (start, end) = (
                time(asked, "reservation_start"),
                time(asked, "reservation_end"),
            );
            (end > start.plus_seconds(480 * 60)).then_some((400, most))
        });
        let answer = try_book(driver, "key-of-day", &ahead(24 * 60, 480)).await;
        assert_eq!(
            (answer.status, stand_in.made()),
            (202, 2),
            "{}",
            answer.text
        );
        let answer = try_book(driver, "key-of-long", &ahead(48 * 60, 481)).await;
        assert_eq!(
            (answer.status, &answer.value()["error"]),
            (400, &json!(most))
        );
        assert_eq!(driver.get(path::BOOKINGS).await.value()["total"], 2);
    })
    .await;
}
