//! OCPP 1.6.

use portal_api::time::Instant;
use serde_json::{Value, json};

use super::{
    answer::{self, shared},
    message::{Charge, ChargeId, Order, Outcome, Reply, Report, Sample, State, Step, Unread},
    read::{number, samples, tag, text, time},
};

/// Documented calls that are none of our business.
const OTHERS: [&str; 3] = [
    "DataTransfer",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
];

/// What a call reports.
pub(super) fn report(action: &str, payload: &Value, now: Instant) -> Result<Report, Unread> {
    let report = match action {
        "BootNotification" => Some(Report::Booted),
        "Heartbeat" => Some(Report::Heartbeat),
        "StatusNotification" => status(payload),
        "Authorize" => text(payload, &["idTag"])
            .and_then(tag)
            .map(|tag| Report::Authorize { tag }),
        "StartTransaction" => started(payload).map(Report::Charge),
        "MeterValues" => meter_values(payload, now),
        "StopTransaction" => stopped(payload).map(Report::Charge),
        other if OTHERS.contains(&other) => Some(Report::Other),
        _ => return Err(Unread::Unknown),
    };
    report.ok_or(Unread::Malformed)
}

fn status(payload: &Value) -> Option<Report> {
    let connector = number(payload, &["connectorId"])?;
    // The charge point as a whole.
    if connector == 0 {
        return Some(Report::Other);
    }
    let word = text(payload, &["status"])?;
    let state = match word {
        "Available" => State::Available,
        "Reserved" => State::Reserved,
        "Faulted" => State::Faulted,
        "Unavailable" => State::Unavailable,
        "Preparing" | "Charging" | "SuspendedEV" | "SuspendedEVSE" | "Finishing" => State::Occupied,
        _ => return None,
    };
    Some(Report::Status {
        connector,
        state,
        at: time(payload, &["timestamp"]),
        idle: match word {
            "Charging" => Some(false),
            "SuspendedEV" | "Finishing" => Some(true),
            _ => None,
        },
    })
}

fn started(payload: &Value) -> Option<Charge> {
    let connector = number(payload, &["connectorId"])?;
    let tag = tag(text(payload, &["idTag"])?)?;
    let at = time(payload, &["timestamp"])?;
    let meter_wh = number(payload, &["meterStart"])?;
    // It has no name for the charge; sent again, all of this is the same.
    let name = format!("{connector} {tag} {} {meter_wh}", at.millis());
    Some(Charge {
        id: ChargeId::Name(name),
        step: Step::Started,
        at,
        connector: Some(connector),
        tag: Some(tag),
        reservation: number(payload, &["reservationId"]),
        samples: vec![sample(at, meter_wh)],
    })
}

fn meter_values(payload: &Value, now: Instant) -> Option<Report> {
    // Without a charge it is the meter of the building.
    let Some(number) = number(payload, &["transactionId"]) else {
        return Some(Report::Other);
    };
    let samples = samples(&payload["meterValue"]);
    let at = samples.last().map_or(now, |last| last.at);
    Some(Report::Charge(Charge {
        id: ChargeId::Number(number),
        // It says what flowed, not whether the car wants more.
        step: Step::GoesOn { idle: None },
        at,
        connector: None,
        tag: None,
        reservation: None,
        samples,
    }))
}

fn stopped(payload: &Value) -> Option<Charge> {
    let at = time(payload, &["timestamp"])?;
    let mut samples = samples(&payload["transactionData"]);
    samples.push(sample(at, number(payload, &["meterStop"])?));
    let early = matches!(
        text(payload, &["reason"]),
        Some(
            "EmergencyStop"
                | "HardReset"
                | "PowerLoss"
                | "Reboot"
                // On our order: drivers end their charges themselves.
                | "Remote"
                | "SoftReset"
                | "UnlockCommand"
        )
    );
    Some(Charge {
        id: ChargeId::Number(number(payload, &["transactionId"])?),
        step: Step::Ended { early },
        at,
        connector: None,
        tag: None,
        reservation: None,
        samples,
    })
}

fn sample(at: Instant, meter_wh: i64) -> Sample {
    Sample {
        at,
        meter_wh,
        power_w: None,
    }
}

/// The answer to a call.
pub(super) fn answer(action: &str, reply: &Reply) -> Value {
    match action {
        "Authorize" => json!({ "idTagInfo": tag_info(reply) }),
        "StartTransaction" => {
            json!({ "idTagInfo": tag_info(reply), "transactionId": reply.number })
        }
        _ => shared(action, reply).unwrap_or_else(|| json!({})),
    }
}

fn tag_info(reply: &Reply) -> Value {
    answer::tag_info(reply, "Blocked", ("parentIdTag", |tag: &str| json!(tag)))
}

/// An order as a call.
pub(super) fn call(order: &Order) -> (&'static str, Value) {
    match order {
        Order::Hold {
            number,
            connector,
            tag,
            parent,
            until,
        } => {
            let mut payload = json!({ "connectorId": connector, "expiryDate": until.to_string(),
                "idTag": tag, "reservationId": number });
            if let Some(parent) = parent {
                payload["parentIdTag"] = parent.as_str().into();
            }
            ("ReserveNow", payload)
        }
        Order::Release { number } => ("CancelReservation", json!({ "reservationId": number })),
        Order::Stop { number, .. } => ("RemoteStopTransaction", json!({ "transactionId": number })),
    }
}

/// What a charge point says came of an order.
pub(super) fn outcome(payload: &Value) -> Outcome {
    match text(payload, &["status"]) {
        Some("Accepted") => Outcome::Accepted,
        Some("Occupied") => Outcome::Occupied,
        Some("Faulted") => Outcome::Faulted,
        Some("Unavailable") => Outcome::Unavailable,
        _ => Outcome::Rejected,
    }
}
