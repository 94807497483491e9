//! The words of OCPP 2.0.1. A connector of ours is an EVSE with one connector.

use serde_json::{Value, json};

use super::{instant, number};
use crate::message::{Condition, End, Message, Moment, Report, Reserve};

pub(super) fn say(message: &Message, who: &str) -> Option<(&'static str, Value)> {
    Some(match message {
        Message::Boot => (
            "BootNotification",
            json!({
                "reason": "PowerUp",
                "chargingStation": {
                    "vendorName": "Portal",
                    "model": "Simulator",
                    "serialNumber": who.get(..25).unwrap_or(who),
                    "firmwareVersion": env!("CARGO_PKG_VERSION"),
                },
            }),
        ),
        Message::Heartbeat => ("Heartbeat", json!({})),
        Message::Status {
            connector,
            condition,
            at,
        } => (
            "StatusNotification",
            json!({
                "timestamp": at,
                "connectorStatus": status(*condition),
                "evseId": connector,
                "connectorId": 1,
            }),
        ),
        Message::Authorize { tag } => ("Authorize", json!({ "idToken": token(tag) })),
        Message::Charge(report) => ("TransactionEvent", transaction_event(report)),
        Message::HoldOver { number, expired } => (
            "ReservationStatusUpdate",
            json!({
                "reservationId": number,
                "reservationUpdateStatus": if *expired { "Expired" } else { "Removed" },
            }),
        ),
    })
}

fn transaction_event(report: &Report) -> Value {
    let (kind, trigger, context) = match report.moment {
        Moment::Began { .. } => ("Started", "Authorized", "Transaction.Begin"),
        Moment::Sampled => ("Updated", "MeterValuePeriodic", "Sample.Periodic"),
        Moment::Ended(End::Unplugged) => ("Ended", "EVDeparted", "Transaction.End"),
        Moment::Ended(End::Refused) => ("Ended", "Deauthorized", "Transaction.End"),
        Moment::Ended(End::Broken) => ("Ended", "AbnormalCondition", "Transaction.End"),
        Moment::Ended(End::Stopped) => ("Ended", "RemoteStop", "Transaction.End"),
    };
    let sample = |measurand, value: u64, unit| {
        json!({
            "value": value,
            "context": context,
            "measurand": measurand,
            "unitOfMeasure": { "unit": unit },
        })
    };
    let mut event = json!({
        "eventType": kind,
        "timestamp": report.at,
        "triggerReason": trigger,
        "seqNo": report.number,
        "transactionInfo": { "transactionId": report.charge },
        "evse": { "id": report.connector, "connectorId": 1 },
        "idToken": token(&report.tag),
        "meterValue": [{
            "timestamp": report.at,
            "sampledValue": [
                sample("Energy.Active.Import.Register", report.meter_wh, "Wh"),
                sample("Power.Active.Import", report.power_w, "W"),
            ],
        }],
    });
    match report.moment {
        Moment::Began {
            reservation: Some(reservation),
        } => event["reservationId"] = reservation.into(),
        Moment::Ended(end) => event["transactionInfo"]["stoppedReason"] = reason(end).into(),
        _ => {
            let state = if report.power_w > 0 {
                "Charging"
            } else {
                "SuspendedEV"
            };
            event["transactionInfo"]["chargingState"] = state.into();
        }
    }
    event
}

/// A card's number or, from a server, any other kind of tag.
fn token(tag: &str) -> Value {
    json!({ "idToken": tag, "type": "ISO14443" })
}

pub(super) fn status(condition: Condition) -> &'static str {
    match condition {
        Condition::Available => "Available",
        Condition::Preparing | Condition::Charging | Condition::Full | Condition::Finishing => {
            "Occupied"
        }
        Condition::Reserved => "Reserved",
        Condition::Faulted => "Faulted",
    }
}

fn reason(end: End) -> &'static str {
    match end {
        End::Unplugged => "EVDisconnected",
        End::Refused => "DeAuthorized",
        End::Stopped => "Remote",
        End::Broken => "GroundFault",
    }
}

pub(super) fn reserve(payload: &Value) -> Option<Reserve> {
    let evse = payload.get("evseId");
    Some(Reserve {
        number: payload["id"].as_i64()?,
        connector: match evse {
            Some(evse) => Some(number(evse)?).filter(|connector| *connector > 0),
            None => None,
        },
        tag: payload["idToken"]["idToken"].as_str()?.to_owned(),
        until: instant(&payload["expiryDateTime"])?,
    })
}
