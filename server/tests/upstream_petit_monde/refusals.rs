//! How Petit Monde says no, and what people are told.

use std::{
    io,
    sync::{Arc, Mutex},
};

use portal_api::{
    path,
    petit_monde::{ErrorBody, LIMIT_EXCEEDED, SESSION_LIMIT_EXCEEDED},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Allowance, Answer, KEY, StandIn, elsewhere, groups, groups_report::report, request, served,
    served_with, stand_in::Quirk, support::Server, try_book,
};

fn error(status: u16, text: &str) -> Quirk {
    Quirk::Says(status, Vec::new(), json!({ "error": text }))
}

#[tokio::test]
async fn a_no_is_told_in_the_words_that_are_known_and_books_nothing() {
    served(async |server, stand_in, driver| {
        let taken = "the EVSE is not available for that time";
        for (number, (quirk, status, text)) in [
            (
                error(400, "Fleet group SPENDING LIMIT reached"),
                400,
                LIMIT_EXCEEDED,
            ),
            (
                error(400, "Estimated price exceeds per-session limit of 60"),
                400,
                SESSION_LIMIT_EXCEEDED,
            ),
            (
                error(400, "Location supports no reservation"),
                400,
                "Location supports no reservation",
            ),
            (error(404, "EVSE not found"), 404, "there is no such thing"),
            (error(409, "Not available"), 409, taken),
        ]
        .into_iter()
        .enumerate()
        {
            stand_in.next(quirk);
            let key = format!("key-of-no-{number}");
            let answer = try_book(driver, &key, &request(server)).await;
            assert_eq!(
                (answer.status, &answer.value()["error"]),
                (status, &json!(text))
            );
        }
        let list = driver.get(path::BOOKINGS).await.value();
        assert_eq!(list["total"], 0);
        // With the same key it can be tried again.
        assert_eq!(
            try_book(driver, "key-of-no-4", &request(server))
                .await
                .status,
            202
        );
    })
    .await;
}

#[tokio::test]
async fn a_wrong_or_suspended_key_is_our_trouble_and_shows_nowhere() {
    served(async |server, stand_in, driver| {
        for status in [401, 403] {
            stand_in.next(error(status, &format!("key {KEY} is suspended")));
            let key = format!("key-of-{status}");
            let answer = try_book(driver, &key, &request(server)).await;
            assert_eq!(answer.status, 403, "{}", answer.text);
            assert!(answer.text.contains("refuses the operator's key"));
            assert!(!answer.text.contains("CANARY"), "{}", answer.text);
            assert!(surely_not(&answer), "{}", answer.text);
            assert_eq!(try_book(driver, &key, &request(server)).await.status, 202);
        }
        stand_in.next(error(400, &format!("key {KEY}")));
        let answer = try_book(driver, "key-of-400", &request(server)).await;
        assert!(answer.status == 400 && !answer.text.contains("CANARY"));
        assert_eq!(driver.get(path::BOOKINGS).await.value()["total"], 2);
        assert_eq!(stand_in.made(), 2);
        let shown = format!("{:?}", server.app.config);
        assert!(!shown.contains("CANARY"));
    })
    .await;
}

/// Says that it was asked too often, and until when it wants to be left alone.
fn busy(heads: &[(&'static str, &str)], text: &str) -> Quirk {
    let heads = heads.iter().map(|(name, value)| (*name, (*value).into()));
    Quirk::Says(429, heads.collect(), json!({ "error": text }))
}

#[tokio::test]
async fn it_is_left_alone_for_as_long_as_it_asks_in_whatever_form() {
    let reset = "2025-06-14T15:00:45Z";
    for (heads, seconds) in [
        (
            vec![("retry-after", "45"), ("x-ratelimit-reset", reset)],
            45,
        ),
        (
            vec![("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset)],
            45,
        ),
        (vec![("retry-after", "Sat, 14 Jun 2025 15:00:45 GMT")], 45),
    ] {
        served(async |server, stand_in, driver| {
            stand_in.next(busy(&heads, "Rate limit exceeded. Retry after 45 seconds."));
            let answer = try_book(driver, "key-of-busy", &request(server)).await;
            let wait = answer
                .header("retry-after")
                .unwrap()
                .parse::<i64>()
                .unwrap();
            assert_eq!((answer.status, wait), (429, seconds), "{}", answer.text);
            let said = format!("Rate limit exceeded. Retry after {seconds} seconds.");
            assert_eq!(answer.value()["error"], said);
            let calls = stand_in.calls();
            // Neither this server nor another one asks meanwhile.
            let search = format!("{}?lat=48.4&lng=9.98", path::SEARCH);
            assert_eq!(driver.get(&search).await.status, 503);
            let mut second = server.app.clone();
            second.elsewhere = Some(elsewhere(server, stand_in, KEY, Allowance::default()));
            let second = Server::of(second).await;
            let there = second.signed_in("driver@example.com").await;
            assert_eq!(there.get(&search).await.status, 503);
            assert_eq!(stand_in.calls(), calls);
            server.clock().advance(seconds);
            assert_eq!(driver.get(&search).await.status, 200);
            assert_eq!(there.get(&search).await.status, 200);
            let again = try_book(driver, "key-of-busy", &request(server)).await;
            assert_eq!((again.status, stand_in.made()), (202, 1));
        })
        .await;
    }
}

#[tokio::test]
async fn a_month_that_is_used_up_is_tried_again_in_an_hour() {
    served(async |server, stand_in, driver| {
        stand_in.next(busy(&[("retry-after", "60")], "Monthly quota exceeded"));
        let answer = try_book(driver, "key-of-month", &request(server)).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (429, Some("3600"))
        );
        let calls = stand_in.calls();
        server.clock().advance(120);
        // Nor is it asked again meanwhile.
        let shut = try_book(driver, "key-of-month", &request(server)).await;
        assert_eq!(
            (shut.status, shut.header("retry-after")),
            (429, Some("3480"))
        );
        assert_eq!(stand_in.calls(), calls);
        assert_eq!(driver.get(path::BOOKINGS).await.value()["total"], 0);
        server.clock().advance(3_600);
        let again = try_book(driver, "key-of-month", &request(server)).await;
        assert_eq!((again.status, stand_in.made()), (202, 1));
    })
    .await;
}

/// Whether the answer says that the system did nothing.
fn surely_not(answer: &Answer) -> bool {
    let body: ErrorBody = answer.json();
    body.says_nothing_was_done()
}

#[tokio::test]
async fn a_month_of_ours_that_is_used_up_books_nothing_and_asks_nobody() {
    let few = Allowance {
        a_minute: 100,
        a_month: 10,
    };
    served_with(few, async |server, stand_in, driver| {
        for number in 0..9 {
            crate::book(driver, &format!("key-of-{number}"), &request(server)).await;
        }
        let answer = try_book(driver, "key-of-one-more", &request(server)).await;
        let wait = answer.header("retry-after").map(str::parse::<i64>);
        let Some(Ok(wait)) = wait else {
            panic!("{}", answer.text);
        };
        assert_eq!((answer.status, stand_in.calls()), (429, 9));
        let next = server.clock().now().plus_seconds(wait).to_string();
        assert_eq!(next, "2025-07-01T00:00:00Z");
        assert_eq!(driver.get(path::BOOKINGS).await.value()["total"], 9);
    })
    .await;
}

#[tokio::test]
async fn a_system_that_is_not_there_books_nothing_and_says_so() {
    served(async |server, stand_in, _| {
        let mut gone = stand_in.clone();
        gone.url = "http://127.0.0.1:9".into();
        let mut app = server.app.clone();
        app.elsewhere = Some(elsewhere(server, &gone, KEY, Allowance::default()));
        let front = Server::of(app).await;
        let driver = front.signed_in("driver@example.com").await;
        let answer = try_book(&driver, "key-of-gone", &request(server)).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("5"))
        );
        assert!(surely_not(&answer), "{}", answer.text);
        assert_eq!(driver.get(path::BOOKINGS).await.value()["total"], 0);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_given_up_stays() {
    served(async |server, stand_in, driver| {
        let booked = crate::book(driver, "key-of-late", &request(server)).await;
        stand_in.say("status", "ATTENDING");
        let cancel = path::cancel_booking(&booked.id);
        let answer = driver.post(&cancel, &json!({})).await;
        let error: Value = answer.value();
        assert_eq!(
            (answer.status, &error["error"]),
            (400, &json!("Booking cannot be cancelled"))
        );
        // Given up by somebody else meanwhile, it is given up.
        stand_in.say("status", "CANCELLED");
        stand_in.next(self::error(400, "Booking is CANCELLED"));
        let answer = driver.post(&cancel, &json!({})).await;
        assert_eq!(
            (answer.status, &answer.value()["status"]),
            (200, &json!("CANCELLED"))
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_surely_not_given_up_is_told_from_what_may_have_been() {
    served(async |server, stand_in, driver| {
        let booked = crate::book(driver, "key-of-booked", &request(server)).await;
        let cancel = path::cancel_booking(&booked.id);
        let give_up = async || driver.post_once(&cancel, "key-of-cancel", &json!({})).await;
        stand_in.next(error(403, "Account suspended"));
        let answer = give_up().await;
        assert_eq!((answer.status, surely_not(&answer)), (403, true));
        stand_in.next(busy(&[("retry-after", "45")], "Rate limit exceeded"));
        let answer = give_up().await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (429, Some("45"))
        );
        server.clock().advance(45);
        for (quirk, status) in [
            (error(500, "Internal"), 502),
            (error(503, "Busy"), 503),
            (Quirk::Loses, 504),
        ] {
            stand_in.next(quirk);
            let answer = give_up().await;
            assert_eq!(
                (answer.status, surely_not(&answer)),
                (status, false),
                "{}",
                answer.text
            );
            server.clock().advance(1);
        }
        // It was given up when the answer got lost.
        let again = give_up().await;
        assert_eq!(
            (again.status, &again.value()["status"]),
            (200, &json!("CANCELLED"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_search_that_makes_no_sense_is_a_502() {
    served(async |_, stand_in: &StandIn, driver| {
        let search = format!("{}?lat=48.4&lng=9.98", path::SEARCH);
        for (quirk, status) in [
            (Quirk::Says(200, Vec::new(), json!("<html>")), 502),
            (Quirk::Says(200, Vec::new(), json!({ "results": 7 })), 502),
            (
                Quirk::Says(302, vec![("location", "/elsewhere".into())], json!({})),
                502,
            ),
            (Quirk::Hangs, 504),
        ] {
            stand_in.next(quirk);
            assert_eq!(driver.get(&search).await.status, status);
        }
        assert_eq!(driver.get(&search).await.status, 200);
    })
    .await;
}

/// What is logged, for as long as it is listened to.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn its_own_words_stand_in_no_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone());
    let _listening = tracing::subscriber::set_default(subscriber.finish());
    served(async |server, stand_in, driver| {
        groups::organisation(server).await;
        let group = groups::make(server, "lager_sued", (None, None)).await;
        groups::join(server, "usr_driver", Some((&group, true))).await;
        let booked = crate::book(driver, "key-of-booked", &request(server)).await;
        stand_in.always(Some(error(400, "CANARY of Erika Mustermann")));
        crate::later(server, driver, 5, &booked.id).await;
        assert_eq!(driver.get(&path::group(&group.id)).await.status, 200);
        // It says so in the middle of a table.
        let begins = json!({ "bookings": [] });
        stand_in.next(Quirk::Says(200, Vec::new(), begins));
        let table = report("2025-06-01", "2025-06-05");
        let table = driver.request(Method::GET, &table).send().await.unwrap();
        assert_eq!(table.status(), 200);
        assert!(table.text().await.is_err());
    })
    .await;
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for event in [
        "booking_not_followed",
        "quota_unknown",
        "group_not_refreshed",
        "export_broke_off",
    ] {
        let line = said.lines().find(|line| line.contains(event));
        assert!(line.is_some_and(|line| line.contains("refused")), "{event}");
    }
    assert!(!said.contains("CANARY"), "{said}");
}
