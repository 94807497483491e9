//! Registering, staying in touch, and what is kept for the next connection.

use serde_json::json;

use super::stage::{BOTH, NUMBER, Stage, names, quiet};
use crate::{
    charge_point::{Action, Manner},
    wire::{Frame, Protocol},
};

#[test]
fn it_registers_and_says_what_every_connector_does() {
    for protocol in BOTH {
        let mut stage = Stage::unconnected(protocol, quiet());
        stage.point.connected(stage.now);
        assert!(!stage.point.is_up_to_date());
        let said = stage.talk();
        assert_eq!(names(&said), ["BootNotification", "Available", "Available"]);
        assert!(stage.point.is_up_to_date());
    }
}

#[test]
fn it_says_nothing_before_the_server_accepts_it_and_asks_again_when_told() {
    let mut stage = Stage::unconnected(Protocol::V16, quiet());
    stage.point.connected(stage.now);
    let [Frame::Call { id, .. }] = &stage.frames()[..] else {
        panic!("one call");
    };
    let wait = Frame::Answer {
        id: id.clone(),
        payload: json!({ "status": "Pending", "interval": 20 }),
    };
    stage.point.received(stage.now, &wait.text());
    assert_eq!(stage.pass(19), []);
    assert_eq!(names(&stage.pass(1))[0], "BootNotification");
}

#[test]
fn it_gives_a_sign_of_life_as_often_as_it_was_told() {
    let mut stage = Stage::new(Protocol::V201);
    assert_eq!(stage.point.wakes(), stage.now.plus_seconds(60));
    assert_eq!(stage.pass(59), []);
    assert_eq!(names(&stage.pass(1)), ["Heartbeat"]);
    assert_eq!(stage.point.wakes(), stage.now.plus_seconds(60));
}

#[test]
fn only_one_call_is_on_its_way() {
    let mut stage = Stage::new(Protocol::V16);
    let (done, _) = tokio::sync::oneshot::channel();
    stage.point.act(stage.now, Action::Plug(1), done);
    let (done, _) = tokio::sync::oneshot::channel();
    stage.point.act(stage.now, Action::Plug(2), done);
    assert_eq!(stage.frames().len(), 1);
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut stage = Stage::new(Protocol::V16);
    for text in [
        "[3,\"999\",{\"status\":\"Rejected\"}]",
        "[4,\"999\",\"X\",\"\",{}]",
        "?",
    ] {
        stage.point.received(stage.now, text);
    }
    assert!(stage.point.is_up_to_date());
    assert_eq!(stage.talk(), []);
}

#[test]
fn it_hangs_up_when_the_server_has_not_answered_for_long() {
    let mut stage = Stage::new(Protocol::V16);
    stage.now = stage.now.plus_seconds(60);
    stage.point.passed(stage.now);
    assert_eq!(stage.frames().len(), 1);
    stage.now = stage.now.plus_seconds(30);
    stage.point.passed(stage.now);
    stage.frames();
    assert!(stage.hung_up);
}

#[test]
fn a_charge_without_a_network_is_told_in_order_and_with_its_own_times() {
    for protocol in BOTH {
        let mut stage = Stage::new(protocol);
        stage.reserve(5);
        stage.talk();
        stage.does(Action::Offline);
        assert!(stage.hung_up);
        stage.point.disconnected();
        stage.does(Action::Charge(1, Some("HOLDER".into())));
        let began = stage.now;
        assert_eq!(stage.pass(30), []);
        stage.now = stage.now.plus_seconds(10);
        stage.does(Action::Unplug(1));
        let ended = stage.now;
        stage.now = stage.now.plus_seconds(3600);
        stage.point.connected(stage.now);
        let said = stage.talk();
        let (start, sample, stop) = (&said[0].1, &said[1].1, &said[2].1);
        assert_eq!(
            (&start["timestamp"], &stop["timestamp"]),
            (&json!(began), &json!(ended))
        );
        assert_eq!(start["reservationId"], 5);
        assert_eq!(
            sample["meterValue"][0]["timestamp"],
            json!(began.plus_seconds(30))
        );
        if protocol == Protocol::V16 {
            assert_eq!(stop["transactionId"], NUMBER);
        }
        assert_eq!(names(&said)[3..5], ["Available", "Available"]);
    }
}

#[test]
fn what_was_on_its_way_when_the_connection_broke_is_told_again() {
    let mut stage = Stage::new(Protocol::V201);
    stage.does(Action::Charge(1, Some("TAG".into())));
    stage.now = stage.now.plus_seconds(30);
    stage.point.passed(stage.now);
    let sent = stage.frames();
    stage.point.disconnected();
    stage.point.connected(stage.now);
    let again = stage.talk();
    let [Frame::Call { payload, .. }] = &sent[..] else {
        panic!("one call");
    };
    assert_eq!(&again[0].1, payload);
}

#[test]
fn one_that_reboots_or_drops_goes_away_by_itself_and_comes_back() {
    for (manner, first) in [
        (Manner::Rebooting, "BootNotification"),
        (Manner::Dropping, "Available"),
    ] {
        let mut stage = Stage::new(Protocol::V16);
        stage.does(Action::Behave(manner));
        assert!(!stage.hung_up);
        stage.pass(90);
        assert!(stage.hung_up, "{manner:?}");
        assert!(stage.point.away_until() <= stage.now.plus_seconds(8));
        stage.point.disconnected();
        stage.point.connected(stage.now);
        assert_eq!(names(&stage.talk())[0], first);
    }
}

#[test]
fn coming_back_is_done_when_the_server_was_told_everything() {
    let mut stage = Stage::new(Protocol::V16);
    stage.does(Action::Offline);
    stage.point.disconnected();
    let (done, mut outcome) = tokio::sync::oneshot::channel();
    stage.point.act(stage.now, Action::Online, done);
    assert_eq!(stage.point.away_until(), stage.now);
    assert!(outcome.try_recv().is_err());
    stage.point.connected(stage.now);
    stage.talk();
    assert_eq!(outcome.try_recv(), Ok(Ok(())));
}
