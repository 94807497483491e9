use serde_json::{Value, json};

use super::*;
use crate::message::{End, Moment, Report, Reserve, Which};

const BOTH: [Protocol; 2] = [Protocol::V16, Protocol::V201];

fn at() -> Instant {
    "2026-03-02T16:05:00Z".parse().unwrap()
}

fn report(moment: Moment) -> Message {
    Message::Charge(Report {
        charge: "c-1".to_owned(),
        connector: 2,
        tag: "TAG".to_owned(),
        at: at(),
        meter_wh: 1500,
        power_w: 11_000,
        number: 4,
        moment,
    })
}

fn said(protocol: Protocol, message: &Message) -> (&'static str, Value) {
    protocol.say(message, "CP", Some(7)).unwrap()
}

#[test]
fn a_frame_is_read_as_it_was_written() {
    for frame in [
        Frame::Call {
            id: "1".to_owned(),
            action: "Heartbeat".to_owned(),
            payload: json!({}),
        },
        Frame::Answer {
            id: "1".to_owned(),
            payload: json!({ "status": "Accepted" }),
        },
        Frame::Error {
            id: "1".to_owned(),
            code: "InternalError".to_owned(),
        },
    ] {
        assert_eq!(Frame::read(&frame.text()), Some(frame));
    }
    for text in ["", "{}", "[]", "[2,\"1\"]", "[9,\"1\",{}]", "[3,1,{}]"] {
        assert_eq!(Frame::read(text), None, "{text}");
    }
}

#[test]
fn a_charge_is_told_in_three_calls_of_1_6() {
    let began = report(Moment::Began {
        reservation: Some(3),
    });
    let (action, start) = said(Protocol::V16, &began);
    assert_eq!(action, "StartTransaction");
    assert_eq!(
        start,
        json!({
            "connectorId": 2, "idTag": "TAG", "meterStart": 1500,
            "timestamp": "2026-03-02T16:05:00Z", "reservationId": 3,
        })
    );
    let (action, values) = said(Protocol::V16, &report(Moment::Sampled));
    assert_eq!(
        (action, &values["transactionId"]),
        ("MeterValues", &json!(7))
    );
    let samples = &values["meterValue"][0]["sampledValue"];
    assert_eq!(samples[0]["value"], "1500");
    assert_eq!(samples[1]["measurand"], "Power.Active.Import");
    let (action, stop) = said(Protocol::V16, &report(Moment::Ended(End::Unplugged)));
    assert_eq!(
        (action, &stop["meterStop"]),
        ("StopTransaction", &json!(1500))
    );
    assert_eq!(stop["reason"], "EVDisconnected");
}

#[test]
fn a_charge_that_the_server_never_took_has_no_number_in_1_6() {
    for moment in [Moment::Sampled, Moment::Ended(End::Broken)] {
        assert_eq!(Protocol::V16.say(&report(moment), "CP", None), None);
        assert!(Protocol::V201.say(&report(moment), "CP", None).is_some());
    }
}

#[test]
fn a_charge_is_told_in_events_of_2_0_1() {
    let moments = [
        Moment::Began {
            reservation: Some(3),
        },
        Moment::Sampled,
        Moment::Ended(End::Unplugged),
    ];
    let events = moments.map(|moment| said(Protocol::V201, &report(moment)));
    let kinds = events.clone().map(|(_, event)| event["eventType"].clone());
    assert_eq!(kinds, ["Started", "Updated", "Ended"]);
    let (action, started) = &events[0];
    assert_eq!(*action, "TransactionEvent");
    assert_eq!(started["reservationId"], 3);
    assert_eq!(started["evse"], json!({ "id": 2, "connectorId": 1 }));
    assert_eq!(started["seqNo"], 4);
    assert_eq!(started["transactionInfo"]["transactionId"], "c-1");
    assert_eq!(events[1].1["reservationId"], Value::Null);
    assert_eq!(
        events[2].1["transactionInfo"]["stoppedReason"],
        "EVDisconnected"
    );
}

#[test]
fn what_a_connector_does_has_fewer_words_in_2_0_1() {
    let status = |protocol: Protocol, condition| {
        let message = Message::Status {
            connector: 1,
            condition,
            at: at(),
        };
        said(protocol, &message).1
    };
    let old = status(Protocol::V16, Condition::Full);
    assert_eq!(old["status"], "SuspendedEV");
    assert_eq!(old["errorCode"], "NoError");
    let new = status(Protocol::V201, Condition::Full);
    assert_eq!(new["connectorStatus"], "Occupied");
    assert_eq!(
        (&new["evseId"], &new["connectorId"]),
        (&json!(1), &json!(1))
    );
    let reserved = BOTH.map(|protocol| protocol.status(Condition::Reserved));
    assert_eq!(reserved, ["Reserved", "Reserved"]);
}

#[test]
fn only_2_0_1_can_say_that_a_hold_is_over() {
    let over = Message::HoldOver {
        number: 3,
        expired: true,
    };
    assert_eq!(Protocol::V16.say(&over, "CP", None), None);
    let (action, update) = said(Protocol::V201, &over);
    assert_eq!(action, "ReservationStatusUpdate");
    assert_eq!(update["reservationUpdateStatus"], "Expired");
}

#[test]
fn both_ways_to_ask_for_a_hold_are_understood() {
    let expected = Command::Reserve(Reserve {
        number: 3,
        connector: Some(2),
        tag: "TAG".to_owned(),
        until: at(),
    });
    let old = json!({
        "connectorId": 2, "expiryDate": "2026-03-02T16:05:00.000Z", "idTag": "TAG",
        "reservationId": 3,
    });
    let new = json!({
        "id": 3, "expiryDateTime": "2026-03-02T16:05:00Z", "evseId": 2,
        "idToken": { "idToken": "TAG", "type": "Central" },
    });
    for (protocol, payload) in [(Protocol::V16, old), (Protocol::V201, new)] {
        assert_eq!(
            protocol.command("ReserveNow", &payload),
            Ok(expected.clone())
        );
        let cancel = protocol.command("CancelReservation", &json!({ "reservationId": 3 }));
        assert_eq!(cancel, Ok(Command::Cancel { number: 3 }));
    }
    let stop = json!({ "transactionId": 7 });
    assert_eq!(
        Protocol::V16.command("RemoteStopTransaction", &stop),
        Ok(Command::Stop(Which::Number(7)))
    );
    assert_eq!(
        Protocol::V201.command("RequestStopTransaction", &stop),
        Err("FormatViolation")
    );
    let stop = json!({ "transactionId": "c-1" });
    assert_eq!(
        Protocol::V201.command("RequestStopTransaction", &stop),
        Ok(Command::Stop(Which::Name("c-1".to_owned())))
    );
}

#[test]
fn what_is_not_understood_is_answered_in_the_protocols_own_word() {
    for (protocol, word) in [
        (Protocol::V16, "FormationViolation"),
        (Protocol::V201, "FormatViolation"),
    ] {
        assert_eq!(protocol.command("ReserveNow", &json!({})), Err(word));
        assert_eq!(protocol.command("CancelReservation", &json!([])), Err(word));
        assert_eq!(protocol.command("Fly", &json!({})), Err("NotImplemented"));
    }
}

#[test]
fn both_ways_to_let_a_tag_in_are_understood() {
    assert_eq!(
        admits(&json!({ "idTagInfo": { "status": "Accepted" } })),
        Some(true)
    );
    assert_eq!(
        admits(&json!({ "idTokenInfo": { "status": "Invalid" } })),
        Some(false)
    );
    assert_eq!(admits(&json!({})), None);
}
