//! What becomes of a hold.

use serde_json::json;

use super::stage::{BOTH, Stage, names, quiet};
use crate::{
    charge_point::{Action, Habits, Manner},
    message::Condition,
    wire::Protocol,
};

fn condition(stage: &Stage) -> Condition {
    stage.point.condition(1).unwrap()
}

#[test]
fn a_free_connector_is_held_and_says_so() {
    for protocol in BOTH {
        let mut stage = Stage::new(protocol);
        assert_eq!(stage.reserve(5).as_deref(), Some("Accepted"));
        assert_eq!(names(&stage.talk()), ["Reserved"]);
    }
}

#[test]
fn a_connector_that_is_not_free_is_not_held() {
    for protocol in BOTH {
        let mut stage = Stage::new(protocol);
        stage.does(Action::Plug(1));
        assert_eq!(stage.reserve(5).as_deref(), Some("Occupied"));
        stage.does(Action::Unplug(1));
        stage.does(Action::Break(1));
        assert_eq!(stage.reserve(5).as_deref(), Some("Faulted"));
        stage.does(Action::Mend(1));
        stage.does(Action::Behave(Manner::Refusing));
        assert_eq!(stage.reserve(5).as_deref(), Some("Rejected"));
        stage.does(Action::Behave(Manner::Obeying));
        assert_eq!(stage.reserve_at(5, 9, 600).as_deref(), Some("Rejected"));
        assert_eq!(stage.reserve_at(5, 1, -1).as_deref(), Some("Rejected"));
        assert_eq!(stage.reserve(5).as_deref(), Some("Accepted"));
    }
}

#[test]
fn another_hold_is_refused_and_the_same_number_replaces_it() {
    for protocol in BOTH {
        let mut stage = Stage::new(protocol);
        stage.reserve(5);
        assert_eq!(stage.reserve(6).as_deref(), Some("Occupied"));
        assert_eq!(stage.reserve_at(5, 1, 1200).as_deref(), Some("Accepted"));
        stage.pass(601);
        assert_eq!(condition(&stage), Condition::Reserved);
        assert_eq!(stage.reserve_at(5, 2, 600).as_deref(), Some("Accepted"));
        assert_eq!(condition(&stage), Condition::Available);
        assert_eq!(stage.point.condition(2), Some(Condition::Reserved));
    }
}

#[test]
fn a_hold_that_is_cancelled_is_gone_once() {
    for protocol in BOTH {
        let mut stage = Stage::new(protocol);
        stage.reserve(5);
        stage.talk();
        assert_eq!(stage.cancel(4).as_deref(), Some("Rejected"));
        assert_eq!(stage.cancel(5).as_deref(), Some("Accepted"));
        assert_eq!(names(&stage.talk()), ["Available"]);
        assert_eq!(stage.cancel(5).as_deref(), Some("Rejected"));
    }
}

#[test]
fn a_hold_lapses_by_itself() {
    for (protocol, expected) in [
        (Protocol::V16, &["Available"][..]),
        (Protocol::V201, &["Expired", "Available"]),
    ] {
        let mut stage = Stage::new(protocol);
        stage.reserve_at(5, 1, 45);
        stage.talk();
        assert_eq!(stage.point.wakes(), stage.now.plus_seconds(45));
        assert_eq!(stage.pass(44), []);
        assert_eq!(names(&stage.pass(1)), expected);
    }
}

#[test]
fn a_hold_at_a_connector_that_breaks_is_gone() {
    for (protocol, expected) in [
        (Protocol::V16, &["Faulted"][..]),
        (Protocol::V201, &["Removed", "Faulted"]),
    ] {
        let mut stage = Stage::new(protocol);
        stage.reserve(5);
        stage.talk();
        let (outcome, said) = stage.act(Action::Break(1));
        assert_eq!((outcome, names(&said)), (Ok(()), expected.to_vec()));
        assert_eq!(names(&stage.act(Action::Mend(1)).1), ["Available"]);
    }
}

#[test]
fn only_the_holder_can_use_it_and_that_uses_it_up() {
    for protocol in BOTH {
        let mut stage = Stage::new(protocol);
        stage.reserve(5);
        stage.talk();
        let (outcome, said) = stage.act(Action::Charge(1, Some("OTHER".into())));
        assert_eq!(
            (outcome, said.len()),
            (Err("it is held for somebody else"), 0)
        );
        assert_eq!(stage.act(Action::Plug(1)).0, Err("it is held"));
        let (outcome, said) = stage.act(Action::Charge(1, Some("holder".into())));
        assert_eq!(outcome, Ok(()));
        let start = said
            .iter()
            .find(|(_, payload)| payload["reservationId"] == 5);
        assert!(start.is_some(), "{said:?}");
        assert_eq!(condition(&stage), Condition::Charging);
        assert_eq!(stage.cancel(5).as_deref(), Some("Rejected"));
        assert_eq!(stage.reserve(6).as_deref(), Some("Occupied"));
    }
}

#[test]
fn the_holder_comes_by_themselves_if_wished_and_leaves_again() {
    let habits = Habits {
        holder_comes_after: Some(20_000),
        ..quiet()
    };
    let mut stage = Stage::with(Protocol::V16, habits);
    stage.reserve(5);
    stage.talk();
    assert_eq!(names(&stage.pass(20))[..2], ["Authorize", "Preparing"]);
    assert_eq!(condition(&stage), Condition::Charging);
    let said = stage.pass(45 * 60);
    assert!(names(&said).contains(&"StopTransaction"), "{said:?}");
    assert_eq!(condition(&stage), Condition::Available);
}

#[test]
fn a_silent_one_hears_nothing_and_a_slow_one_obeys_late() {
    let mut stage = Stage::new(Protocol::V16);
    stage.does(Action::Behave(Manner::Silent));
    assert_eq!(stage.reserve(5), None);
    assert_eq!(condition(&stage), Condition::Available);
    stage.does(Action::Behave(Manner::Slow(5000)));
    assert_eq!(stage.reserve(5), None);
    assert_eq!(condition(&stage), Condition::Available);
    assert_eq!(stage.point.wakes(), stage.now.plus_seconds(5));
    assert_eq!(names(&stage.pass(5)), ["Reserved"]);
}

#[test]
fn one_that_drops_obeys_and_hangs_up_instead_of_answering() {
    let mut stage = Stage::new(Protocol::V201);
    stage.does(Action::Behave(Manner::Dropping));
    assert_eq!(stage.reserve(5), None);
    assert!(stage.hung_up);
    assert_eq!(condition(&stage), Condition::Reserved);
}

#[test]
fn what_is_not_understood_is_said_to_be_so() {
    let mut stage = Stage::new(Protocol::V16);
    let unknown = stage.ask("Fly", json!({}));
    assert_eq!(unknown.as_deref(), Some("NotImplemented"));
    let broken = stage.ask("ReserveNow", json!({ "connectorId": "one" }));
    assert_eq!(broken.as_deref(), Some("FormationViolation"));
}
