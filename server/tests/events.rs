//! What is told to whoever looks.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod support;

use std::time::Duration;

use portal_api::path;
use portal_server::embedded::people::Role;
use reqwest::Method;
use serde_json::Value;
use support::{
    Browser, Server, both_stores,
    charge_point::{self, ChargePoint},
    groups, people,
};

const NOW: &str = "2025-06-14T15:00:00Z";

/// A stream of events under way.
struct Stream {
    response: reqwest::Response,
    text: String,
}

#[derive(Debug, Default, PartialEq)]
struct Event {
    id: Option<i64>,
    name: String,
    data: Value,
}

impl Stream {
    async fn open(browser: &Browser, last: Option<i64>) -> Self {
        let mut request = browser.request(Method::GET, path::EVENTS);
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/event-stream"), "{kind}");
        assert!(response.headers().get("content-encoding").is_none());
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next event, comments left out; `None` if the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        let next = tokio::time::timeout(Duration::from_secs(20), self.read_on());
        next.await.expect("an event within 20 s")
    }

    async fn read_on(&mut self) -> Option<Event> {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let event = read(&block);
                if !event.name.is_empty() || event.id.is_some() {
                    return Some(event);
                }
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event of that name.
    async fn next_of(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.expect("an event");
            if event.name == name {
                return event;
            }
        }
    }
}

fn read(block: &str) -> Event {
    let mut event = Event::default();
    for line in block.lines() {
        match line.split_once(": ").or_else(|| line.split_once(':')) {
            Some(("id", id)) => event.id = id.parse().ok(),
            Some(("event", name)) => event.name = name.to_owned(),
            Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
            _ => {}
        }
    }
    event
}

async fn ready(server: &Server) -> (Browser, ChargePoint) {
    charge_point::lay(server).await;
    people::driver(server).await;
    let browser = server.signed_in("driver@example.com").await;
    let mut point = ChargePoint::connect(server, "CP-BGO").await;
    point.status(1, "Available", NOW).await;
    (browser, point)
}

async fn hold(server: &Server, browser: &Browser, point: &mut ChargePoint) {
    let request = serde_json::json!({ "charge_point_id": "CP-BGO", "connector_id": 1,
        "expires_at": server.clock().now().plus_seconds(600), "id_tag": "driver@example.com" });
    let (answer, _) = tokio::join!(
        browser.post(path::RESERVATIONS, &request),
        point.obey("Accepted")
    );
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn everybody_learns_what_a_plug_is_doing_and_only_its_driver_of_a_hold() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        people::add(server, "other@example.com", &[Role::Driver]).await;
        let other = server.signed_in("other@example.com").await;
        let mut mine = Stream::open(&browser, None).await;
        let mut theirs = Stream::open(&other, None).await;
        assert_eq!(mine.next().await.unwrap().data["now"], NOW);
        hold(server, &browser, &mut point).await;
        let asking = mine.next_of("hold").await;
        assert_eq!(asking.data["stage"], "asking");
        let held = mine.next_of("hold").await;
        assert_eq!(held.data["stage"], "held");
        assert_eq!(held.data["reservation"]["id_tag"], "driver@example.com");
        loop {
            let event = theirs.next().await.unwrap();
            assert_ne!(event.name, "hold");
            assert!(!event.data.to_string().contains("driver@example.com"));
            if event.data["state"] == "reserved" {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_broken_stream_goes_on_where_it_broke() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let mut stream = Stream::open(&browser, None).await;
        point.status(1, "Faulted", NOW).await;
        let seen = stream.next_of("connector").await;
        assert_eq!(seen.data["state"], "faulted");
        drop(stream);
        point.status(1, "Available", NOW).await;
        point.status(2, "Faulted", NOW).await;
        let mut stream = Stream::open(&browser, seen.id).await;
        let first = stream.next_of("connector").await;
        assert_eq!(
            (&first.data["connector_id"], &first.data["state"]),
            (&1.into(), &"available".into())
        );
        assert_eq!(stream.next_of("connector").await.data["connector_id"], 2);
        point.status(2, "Available", NOW).await;
        assert_eq!(stream.next_of("connector").await.data["state"], "available");
    })
    .await;
}

#[tokio::test]
async fn whoever_missed_too_much_reads_anew() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let mut stream = Stream::open(&browser, None).await;
        point.status(1, "Faulted", NOW).await;
        let seen = stream.next_of("connector").await.id;
        drop(stream);
        point.status(1, "Available", NOW).await;
        server.clock().advance(2 * 60 * 60);
        portal_server::tasks::clean(&server.app).await.unwrap();
        let mut stream = Stream::open(&browser, seen).await;
        assert_eq!(stream.next().await.unwrap().name, "hello");
        assert_eq!(stream.next().await.unwrap().name, "reset");
        // From the future, too.
        let mut stream = Stream::open(&browser, Some(9_999_999)).await;
        assert_eq!(stream.next().await.unwrap().name, "hello");
        assert_eq!(stream.next().await.unwrap().name, "reset");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_ends_ends_its_streams() {
    both_stores(async |server| {
        let (browser, mut point) = ready(server).await;
        let mut stream = Stream::open(&browser, None).await;
        assert_eq!(stream.next().await.unwrap().name, "hello");
        server.app.stop();
        while stream.next().await.is_some() {}
        assert_eq!(point.hear().await, None);
    })
    .await;
}

#[tokio::test]
async fn nobody_has_streams_without_end() {
    both_stores(async |server| {
        let (browser, _point) = ready(server).await;
        let mut streams = Vec::new();
        for _ in 0..8 {
            streams.push(Stream::open(&browser, None).await);
        }
        assert_eq!(browser.get(path::EVENTS).await.status, 429);
        streams.clear();
        while browser
            .request(Method::GET, path::EVENTS)
            .send()
            .await
            .unwrap()
            .status()
            != 200
        {}
    })
    .await;
}

#[tokio::test]
async fn who_comes_into_a_group_or_is_taken_out_reads_anew() {
    both_stores(async |server| {
        groups::organisation(server).await;
        let group = groups::make(server, "van", (None, None)).await;
        for name in ["boss", "member", "colleague"] {
            people::add(server, &format!("{name}@example.com"), &[Role::Driver]).await;
            groups::join(server, &format!("usr_{name}"), None).await;
        }
        groups::join(server, "usr_boss", Some((&group, true))).await;
        let boss = server.signed_in("boss@example.com").await;
        let member = server.signed_in("member@example.com").await;
        let colleague = server.signed_in("colleague@example.com").await;
        let mut theirs = Stream::open(&member, None).await;
        let mut elsewhere = Stream::open(&colleague, None).await;

        let take_in = async |email: &str| {
            let new = serde_json::json!({ "email": email, "admin": false });
            let taken = boss.post(&path::group_members(&group.id), &new).await;
            assert_eq!(taken.status, 201, "{}", taken.text);
        };
        take_in("member@example.com").await;
        let told = theirs.next_of("reset").await;
        let place = path::group_member(&group.id, "usr_member");
        assert_eq!(boss.delete(&place).await.status, 204);
        assert!(theirs.next_of("reset").await.id > told.id);

        // Nobody else is told: the first that this one hears is about themselves.
        take_in("colleague@example.com").await;
        let own = elsewhere.next_of("reset").await;
        assert!(own.id > told.id.map(|number| number + 1), "{own:?}");
    })
    .await;
}
