//! The server is killed while a plug is booked, again and again: what it said yes to is
//! there, once, and goes on its way.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::{cell::RefCell, collections::BTreeSet, path::Path, time::Duration};

use portal_api::{
    path,
    petit_monde::booking::{AHEAD_MINUTES, BookingRequest, BookingStatus, Bookings},
};
use portal_server::{clock::Clock, ids};
use serde_json::json;
use support::{
    Browser, Database, bookings,
    browser::Answer,
    crash::{Table, browser_at, connect, driver, prepare, serve, start},
    database,
    program::Program,
};

const ROUNDS: u64 = 12;

/// Where the server is to be killed.
#[derive(Clone, Copy, PartialEq)]
enum Kill {
    WhileItIsAsked,
    AfterItSaidYes,
    WhenThePlugIsToBeHeld,
}

/// A booking that somebody asked for.
struct Asked {
    key: String,
    request: BookingRequest,
    /// Whether the answer was yes.
    answered: bool,
}

impl Asked {
    /// One whose plug is to be held in a moment.
    fn new() -> Self {
        let start = Clock::system().now().plus_seconds(AHEAD_MINUTES * 60 + 2);
        Self {
            key: ids::new_token().unwrap(),
            request: bookings::request_from(start, 1, 60),
            answered: false,
        }
    }

    async fn ask(&self, browser: &Browser) -> Answer {
        loop {
            let asked = browser.post_once(path::BOOKINGS, &self.key, &self.request);
            let answer = asked.await;
            if answer.status != 503 {
                return answer;
            }
        }
    }

    /// Asks for it until it is booked; anew where a slow machine makes it too late.
    async fn book(mut self, browser: &Browser) -> (Self, String) {
        loop {
            let answer = self.ask(browser).await;
            if answer.status == 202 {
                let id = answer.value()["id"].as_str().unwrap().to_owned();
                self.answered = true;
                return (self, id);
            }
            assert!(!self.answered, "forgotten: {}", answer.text);
            assert!(answer.text.contains("minutes ahead"), "{}", answer.text);
            self = Self::new();
        }
    }
}

/// Books, and kills the server meanwhile or afterwards; gives what is known of it.
async fn interrupted(
    number: u64,
    program: Program,
    browser: &Browser,
    table: &Table,
) -> (Asked, Option<String>) {
    use Kill::{AfterItSaidYes, WhenThePlugIsToBeHeld, WhileItIsAsked};
    let kill = [WhileItIsAsked, AfterItSaidYes, WhenThePlugIsToBeHeld][number as usize % 3];
    let mut point = connect(&program).await;
    point.status(1, "Available", "2025-06-14T15:00:00Z").await;
    if kill == WhileItIsAsked {
        let mut asked = Asked::new();
        let sent = browser.request(reqwest::Method::POST, path::BOOKINGS);
        let sent = sent
            .header("content-type", "application/json")
            .header("idempotency-key", &asked.key)
            .body(serde_json::to_vec(&asked.request).unwrap());
        let answer = tokio::spawn(sent.send());
        tokio::time::sleep(Duration::from_millis(number * 7 % 23)).await;
        program.kill();
        let answer = answer.await.unwrap();
        asked.answered = answer.is_ok_and(|answer| answer.status() == 202);
        return (asked, None);
    }
    let (asked, id) = Asked::new().book(browser).await;
    if kill == AfterItSaidYes {
        program.kill();
    } else {
        let dying = RefCell::new(Some(program));
        let die = async || drop(dying.borrow_mut().take());
        serve(point, table, die, async || {}).await;
    }
    (asked, Some(id))
}

async fn round(
    number: u64,
    (database, folder): (&Database, &Path),
    program: Program,
    cookie: &Option<String>,
    table: &Table,
) -> Program {
    let browser = browser_at(&program, cookie);
    let (asked, known) = interrupted(number, program, &browser, table).await;
    let program = start(database, folder);
    let browser = browser_at(&program, cookie);
    let point = connect(&program).await;
    let goes_on = async {
        let (_, id) = asked.book(&browser).await;
        assert!(known.is_none_or(|known| known == id));
        goes_on(&browser, &id, table).await;
    };
    tokio::select! {
        () = serve(point, table, async || {}, async || {}) => panic!("the server is gone"),
        () = goes_on => {}
    }
    program
}

/// It is the only one, the charge point holds its plug, and is told when it is given up.
async fn goes_on(browser: &Browser, id: &str, table: &Table) {
    while !bookings::detail(browser, id).await.held {}
    let all: Bookings = browser.get(path::BOOKINGS).await.json();
    let live = all.bookings.iter().filter(|one| !one.status.is_over());
    let live: Vec<_> = live.map(|one| (&one.id[..], one.status.clone())).collect();
    assert_eq!(live, [(id, BookingStatus::Confirmed)]);
    assert_eq!(table.borrow().len(), 1, "{:?}", table.borrow());
    let cancel = path::cancel_booking(id);
    assert_eq!(browser.post(&cancel, &json!({})).await.status, 200);
    let mut held = table.subscribe();
    held.wait_for(BTreeSet::is_empty).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_booked_is_there_after_every_kill_and_goes_on_its_way() {
    for database in database::all().await {
        let folder = database::folder();
        prepare(&database, &folder).await;
        let mut program = start(&database, &folder);
        let browser = driver(&program).await;
        let table = Table::new(BTreeSet::new());
        for number in 0..ROUNDS {
            let store = (&database, folder.as_path());
            program = round(number, store, program, &browser.cookie, &table).await;
        }
        drop(program);
        database.drop().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
