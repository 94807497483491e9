//! Charge points that somebody else wrote: Python's package `ocpp` speaks both dialects
//! and checks whatever it is told against their schemas.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "ocpp_peer/dialect.rs"]
mod dialect;
#[path = "ocpp_peer/peer.rs"]
mod peer;
mod support;

use std::time::Duration;

use dialect::{Dialect, Said};
use peer::Peer;
use portal_api::{
    dynamo::{Session, reservation::Reservation},
    path,
    portal::holds::{HoldEnd, HoldStage},
};
use portal_server::config::Config;
use serde_json::{Value, json};
use support::{Browser, Server, charge_point, holds, one_store, people};

const NOW: &str = "2025-06-14T15:00:00Z";

/// Longer than any answer takes that comes.
const PATIENT: Duration = Duration::from_secs(20);

/// Runs a test in each dialect, with a charge point whose first connector is free and
/// that may take so long to answer.
async fn in_both_dialects(
    patience: Duration,
    test: impl AsyncFn(&Server, &Browser, &mut Peer, Dialect),
) {
    let Some(packages) = peer::packages() else {
        return;
    };
    for dialect in Dialect::ALL {
        let change = |config: &mut Config| config.charge_point_answer = patience;
        one_store(change, async |server| {
            charge_point::lay(server).await;
            people::driver(server).await;
            let browser = server.signed_in("driver@example.com").await;
            let mut peer = Peer::start(server, &packages, dialect.subprotocol());
            assert_eq!(peer.connect().await, dialect.subprotocol());
            assert_eq!(say(&mut peer, dialect.boot()).await["status"], "Accepted");
            say(&mut peer, dialect.status(1, "Available", NOW)).await;
            test(server, &browser, &mut peer, dialect).await;
        })
        .await;
    }
}

async fn say(peer: &mut Peer, (action, details): Said) -> Value {
    peer.say(action, &details).await
}

/// Asks for connector 1 while the charge point answers so; gives the answer and the order.
async fn ask(server: &Server, browser: &Browser, peer: &mut Peer) -> (support::Answer, Value) {
    let request = holds::request(server, 1, 30);
    let asked = browser.post(path::RESERVATIONS, &request);
    let (answer, (action, order)) = tokio::join!(asked, peer.order());
    assert_eq!(action, "ReserveNow");
    (answer, order)
}

async fn sessions(browser: &Browser) -> Vec<Session> {
    let page = browser.get(path::SESSIONS).await.value();
    serde_json::from_value(page["sessions"].clone()).unwrap()
}

#[tokio::test]
async fn a_hold_is_accepted_used_and_becomes_a_session() {
    in_both_dialects(PATIENT, async |server, browser, peer, dialect| {
        let (answer, order) = ask(server, browser, peer).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        say(peer, dialect.status(1, "Reserved", NOW)).await;
        let tag = dialect.tag(&order);
        let known = say(peer, dialect.authorize(&tag)).await;
        let info = known.get("id_tag_info").or(known.get("id_token_info"));
        assert_eq!(info.unwrap()["status"], "Accepted");
        server.clock().advance(60 * 60);
        let number = Some(dialect.number(&order));
        let begins = dialect.begins("2025-06-14T15:01:00Z", 5_000, &tag, number);
        say(peer, begins).await;
        assert_eq!(holds::newest(browser).await.end, Some(HoldEnd::Used));
        say(peer, dialect.goes_on("2025-06-14T15:20:00Z", 9_000)).await;
        say(peer, dialect.ends("2025-06-14T15:40:00Z", 12_000)).await;
        let [session] = &sessions(browser).await[..] else {
            panic!("one session");
        };
        assert_eq!(session.energy_kwh.unwrap().units_at(3), Some(7_000));
        let used = holds::newest(browser).await.session_id;
        assert_eq!(used.as_ref(), Some(&session.session_id));
    })
    .await;
}

#[tokio::test]
async fn whatever_it_says_reaches_the_driver() {
    in_both_dialects(PATIENT, async |server, browser, peer, _| {
        for (says, word) in [
            ("Rejected", "rejected"),
            ("Occupied", "occupied"),
            ("Faulted", "faulted"),
            ("Unavailable", "unavailable"),
        ] {
            peer.behave(says).await;
            let (answer, _) = ask(server, browser, peer).await;
            assert_eq!(holds::reason(&answer), (409, word.to_owned()));
        }
        peer.behave("Accepted").await;
        assert_eq!(ask(server, browser, peer).await.0.status, 201);
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_is_given_up_is_given_up_there() {
    in_both_dialects(PATIENT, async |server, browser, peer, dialect| {
        let (answer, order) = ask(server, browser, peer).await;
        let id = answer.json::<Reservation>().reservation_id;
        let path = path::reservation(&id);
        let (answer, (action, cancelled)) = tokio::join!(browser.delete(&path), peer.order());
        assert_eq!((answer.status, &action[..]), (204, "CancelReservation"));
        assert_eq!(dialect.number(&cancelled), dialect.number(&order));
        let over = holds::newest(browser).await;
        assert_eq!(over.stage, HoldStage::Over);
        assert_eq!(over.end, Some(HoldEnd::Cancelled));
    })
    .await;
}

#[tokio::test]
async fn silence_is_asked_again_with_the_same_number() {
    in_both_dialects(
        Duration::from_secs(3),
        async |server, browser, peer, dialect| {
            peer.behave("silence").await;
            let request = holds::request(server, 1, 30);
            let asked = holds::ask_until_known(browser, &request, "key-for-python");
            let (answer, ()) = tokio::join!(asked, async {
                let (_, first) = peer.order().await;
                peer.behave("Accepted").await;
                let (_, second) = peer.order().await;
                assert_eq!(dialect.number(&first), dialect.number(&second));
            });
            assert_eq!(answer.status, 201, "{}", answer.text);
            assert_eq!(holds::all(browser).await.holds.len(), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn one_that_hangs_up_in_the_middle_is_asked_again_when_it_is_back() {
    in_both_dialects(PATIENT, async |server, browser, peer, dialect| {
        peer.behave("hang up").await;
        let request = holds::request(server, 1, 30);
        let asked = holds::ask_until_known(browser, &request, "key-for-python");
        let (answer, ()) = tokio::join!(asked, async {
            let (_, first) = peer.order().await;
            peer.behave("Accepted").await;
            peer.connect().await;
            let (action, second) = peer.order().await;
            assert_eq!(action, "ReserveNow");
            assert_eq!(dialect.number(&first), dialect.number(&second));
        });
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(holds::newest(browser).await.stage, HoldStage::Held);
    })
    .await;
}

#[tokio::test]
async fn what_it_kept_while_it_was_away_counts_once_and_with_its_own_times() {
    in_both_dialects(PATIENT, async |server, browser, peer, dialect| {
        peer.drop_line().await;
        server.clock().advance(2 * 60 * 60);
        let kept = [
            dialect.begins("2025-06-14T15:01:00Z", 5_000, "driver@example.com", None),
            dialect.goes_on("2025-06-14T15:31:00Z", 9_000),
            dialect.ends("2025-06-14T16:01:00Z", 15_000),
        ];
        let mut settled = Vec::new();
        // The second time, no answer had arrived.
        for _ in 0..2 {
            for (action, details) in &kept {
                peer.say_later(action, details).await;
            }
            peer.connect().await;
            for _ in &kept {
                peer.news("answer").await;
            }
            settled.push(sessions(browser).await);
            peer.drop_line().await;
        }
        let [session] = &settled[0][..] else {
            panic!("one session");
        };
        assert_eq!(session.energy_kwh.unwrap().units_at(3), Some(10_000));
        assert_eq!(json!(session.started_at), json!("2025-06-14T15:01:00Z"));
        assert_eq!(json!(session.ended_at), json!("2025-06-14T16:01:00Z"));
        assert_eq!(settled[0], settled[1]);
    })
    .await;
}
