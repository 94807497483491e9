//! How a charge goes.

use serde_json::{Value, json};

use super::stage::{BOTH, NUMBER, Stage, names, quiet};
use crate::{
    charge_point::{Action, Habits, Manner},
    message::Condition,
    wire::{Frame, Protocol},
};

fn charge() -> Action {
    Action::Charge(1, Some("TAG".to_owned()))
}

#[test]
fn a_charge_of_1_6_from_the_card_to_the_plug() {
    let mut stage = Stage::new(Protocol::V16);
    let (outcome, said) = stage.act(charge());
    assert_eq!(outcome, Ok(()));
    let expected = ["Authorize", "Preparing", "StartTransaction", "Charging"];
    assert_eq!(names(&said), expected);
    assert_eq!(said[2].1["meterStart"], 5000);
    let said = stage.pass(30);
    assert_eq!(names(&said), ["MeterValues"]);
    assert_eq!(said[0].1["transactionId"], NUMBER);
    let samples = &said[0].1["meterValue"][0]["sampledValue"];
    assert_eq!(
        (&samples[0]["value"], &samples[1]["value"]),
        (&"5091".into(), &"11000".into())
    );
    let (_, said) = stage.act(Action::Unplug(1));
    assert_eq!(names(&said), ["StopTransaction", "Available"]);
    assert_eq!(said[0].1["meterStop"], 5091);
}

#[test]
fn a_charge_of_2_0_1_from_the_card_to_the_plug() {
    let mut stage = Stage::new(Protocol::V201);
    let (outcome, said) = stage.act(charge());
    assert_eq!(
        (outcome, names(&said)),
        (Ok(()), vec!["Authorize", "Occupied", "Started"])
    );
    let name = said[2].1["transactionInfo"]["transactionId"].clone();
    let said = [stage.pass(30), stage.act(Action::Unplug(1)).1].concat();
    assert_eq!(names(&said), ["Updated", "Ended", "Available"]);
    assert_eq!(
        (&said[0].1["seqNo"], &said[1].1["seqNo"]),
        (&1.into(), &2.into())
    );
    assert_eq!(said[1].1["transactionInfo"]["transactionId"], name);
}

#[test]
fn who_is_unknown_charges_nothing() {
    for protocol in BOTH {
        let mut stage = Stage::new(protocol);
        let (outcome, said) = stage.act(Action::Charge(1, Some("STRANGER".into())));
        assert_eq!(outcome, Err("the server refuses the tag"));
        assert_eq!(names(&said), ["Authorize"]);
    }
}

#[test]
fn a_charge_that_began_without_a_network_ends_when_its_tag_turns_out_unknown() {
    for protocol in BOTH {
        let mut stage = Stage::unconnected(protocol, quiet());
        stage.does(Action::Charge(1, Some("STRANGER".into())));
        stage.point.connected(stage.now);
        let said = stage.talk();
        assert_eq!(
            stage.point.condition(1),
            Some(Condition::Finishing),
            "{said:?}"
        );
        stage.does(Action::Unplug(1));
        assert_eq!(stage.point.condition(1), Some(Condition::Available));
    }
}

#[test]
fn a_full_car_draws_nothing_and_stays() {
    let mut stage = Stage::new(Protocol::V16);
    stage.does(charge());
    let said = stage.pass(12 * 3600);
    assert_eq!(names(&said)[..2], ["MeterValues", "SuspendedEV"]);
    let power = &said[0].1["meterValue"][0]["sampledValue"][1]["value"];
    assert_eq!(power, "0");
    assert_eq!(stage.act(charge()).0, Err("a car is charging"));
}

#[test]
fn a_connector_that_breaks_ends_its_charge() {
    let mut stage = Stage::new(Protocol::V16);
    stage.does(charge());
    let (_, said) = stage.act(Action::Break(1));
    assert_eq!(names(&said), ["StopTransaction", "Faulted"]);
    assert_eq!(stage.act(charge()).0, Err("it is broken"));
}

#[test]
fn a_charge_that_the_server_ends_is_over_and_the_car_stays() {
    for protocol in BOTH {
        let mut stage = Stage::new(protocol);
        let (_, said) = stage.act(charge());
        let began = said.iter().find(|(_, told)| told["eventType"] == "Started");
        let name = began.map_or(Value::Null, |(_, told)| {
            told["transactionInfo"]["transactionId"].clone()
        });
        stage.does(Action::Behave(Manner::Refusing));
        assert_eq!(stage.stop(&name).as_deref(), Some("Rejected"));
        stage.does(Action::Behave(Manner::Silent));
        assert_eq!(stage.stop(&name), None);
        assert_eq!(stage.point.condition(1), Some(Condition::Charging));
        stage.does(Action::Behave(Manner::Obeying));
        assert_eq!(stage.stop(&name).as_deref(), Some("Accepted"));
        let said = stage.talk();
        let (expected, told) = match protocol {
            Protocol::V16 => (&["StopTransaction", "Finishing"][..], &said[0].1["reason"]),
            Protocol::V201 => (
                &["Ended"][..],
                &said[0].1["transactionInfo"]["stoppedReason"],
            ),
        };
        assert_eq!((names(&said), told), (expected.to_vec(), &json!("Remote")));
        assert_eq!(stage.point.condition(1), Some(Condition::Finishing));
        assert_eq!(stage.stop(&name).as_deref(), Some("Rejected"));
    }
}

#[test]
fn what_the_server_never_understands_is_given_up_after_three_tries() {
    let mut stage = Stage::unconnected(Protocol::V201, quiet());
    stage.does(charge());
    stage.point.connected(stage.now);
    let mut calls = Vec::new();
    for _ in 0..8 {
        stage.now = stage.now.plus_seconds(3);
        stage.point.passed(stage.now);
        let frames = stage.frames();
        let [Frame::Call { id, action, .. }] = &frames[..] else {
            continue;
        };
        calls.push(action.clone());
        let answer = match action.as_str() {
            "TransactionEvent" => format!("[4,\"{id}\",\"InternalError\",\"\",{{}}]"),
            "BootNotification" => {
                format!("[3,\"{id}\",{{\"status\":\"Accepted\",\"interval\":9}}]")
            }
            _ => format!("[3,\"{id}\",{{}}]"),
        };
        stage.point.received(stage.now, &answer);
    }
    let tries = calls.iter().filter(|call| *call == "TransactionEvent");
    assert_eq!(tries.count(), 3, "{calls:?}");
}

#[test]
fn visitors_plug_in_charge_nothing_and_leave() {
    let habits = Habits {
        visitors_an_hour: 2.0,
        ..quiet()
    };
    let mut stage = Stage::with(Protocol::V16, habits);
    let mut seen = Vec::new();
    for _ in 0..(4 * 60) {
        seen.extend(stage.pass(60));
    }
    let names = names(&seen);
    for word in ["Preparing", "Available"] {
        let count = names.iter().filter(|name| **name == word).count();
        assert!((3..30).contains(&count), "{word}: {count}");
    }
    assert!(!names.contains(&"Authorize"));
}
