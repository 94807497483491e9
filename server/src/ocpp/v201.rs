//! OCPP 2.0.1. An EVSE is what a driver calls a connector.

use serde_json::{Value, json};

use super::{
    answer::{self, shared},
    message::{Charge, ChargeId, Order, Reply, Report, State, Step, Unread},
    read::{number, samples, tag, text, time},
};

/// Documented calls that are none of our business.
const OTHERS: [&str; 13] = [
    "ClearedChargingLimit",
    "DataTransfer",
    "FirmwareStatusNotification",
    "LogStatusNotification",
    "MeterValues",
    "NotifyChargingLimit",
    "NotifyCustomerInformation",
    "NotifyDisplayMessages",
    "NotifyEVChargingNeeds",
    "NotifyEvent",
    "NotifyMonitoringReport",
    "NotifyReport",
    "SecurityEventNotification",
];

/// What a call reports.
pub(super) fn report(action: &str, payload: &Value) -> Result<Report, Unread> {
    let report = match action {
        "BootNotification" => Some(Report::Booted),
        "Heartbeat" => Some(Report::Heartbeat),
        "StatusNotification" => status(payload),
        "Authorize" => text(payload, &["idToken", "idToken"])
            .and_then(tag)
            .map(|tag| Report::Authorize { tag }),
        "TransactionEvent" => charge(payload).map(Report::Charge),
        "ReservationStatusUpdate" => hold_ended(payload),
        other if OTHERS.contains(&other) => Some(Report::Other),
        _ => return Err(Unread::Unknown),
    };
    report.ok_or(Unread::Malformed)
}

fn hold_ended(payload: &Value) -> Option<Report> {
    Some(Report::HoldEnded {
        number: number(payload, &["reservationId"])?,
        expired: text(payload, &["reservationUpdateStatus"])? == "Expired",
    })
}

fn status(payload: &Value) -> Option<Report> {
    let connector = number(payload, &["evseId"])?;
    if connector == 0 {
        return Some(Report::Other);
    }
    let state = match text(payload, &["connectorStatus"])? {
        "Available" => State::Available,
        "Occupied" => State::Occupied,
        "Reserved" => State::Reserved,
        "Faulted" => State::Faulted,
        "Unavailable" => State::Unavailable,
        _ => return None,
    };
    Some(Report::Status {
        connector,
        state,
        at: time(payload, &["timestamp"]),
        // It says so of the charge.
        idle: None,
    })
}

fn charge(payload: &Value) -> Option<Charge> {
    let info = &payload["transactionInfo"];
    let name = text(info, &["transactionId"])?;
    // It is said when it has changed.
    let idle = match text(info, &["chargingState"]) {
        Some("SuspendedEV" | "EVConnected" | "Idle") => Some(true),
        Some("Charging" | "SuspendedEVSE") => Some(false),
        _ => None,
    };
    let step = match text(payload, &["eventType"])? {
        "Started" => Step::Started,
        "Updated" => Step::GoesOn { idle },
        "Ended" => Step::Ended {
            early: ended_early(text(info, &["stoppedReason"])),
        },
        _ => return None,
    };
    let shown = text(payload, &["idToken", "idToken"]);
    Some(Charge {
        id: ChargeId::Name(tag(name).filter(|name| name.len() <= 36)?),
        step,
        at: time(payload, &["timestamp"])?,
        connector: number(payload, &["evse", "id"]),
        tag: shown.and_then(tag),
        reservation: number(payload, &["reservationId"]),
        samples: samples(&payload["meterValue"]),
    })
}

/// `Remote` is on our order: drivers end their charges themselves.
fn ended_early(reason: Option<&str>) -> bool {
    !matches!(
        reason,
        None | Some(
            "Local"
                | "EVDisconnected"
                | "StoppedByEV"
                | "SOCLimitReached"
                | "TimeLimitReached"
                | "EnergyLimitReached"
        )
    )
}

/// The answer to a call.
pub(super) fn answer(action: &str, payload: &Value, reply: &Reply) -> Value {
    match action {
        "Authorize" => json!({ "idTokenInfo": tag_info(reply) }),
        "TransactionEvent" if payload["idToken"].is_object() => {
            json!({ "idTokenInfo": tag_info(reply) })
        }
        "NotifyEVChargingNeeds" => json!({ "status": "Rejected" }),
        _ => shared(action, reply).unwrap_or_else(|| json!({})),
    }
}

fn tag_info(reply: &Reply) -> Value {
    let parent = |tag: &str| json!({ "idToken": tag, "type": "Central" });
    answer::tag_info(reply, "NoCredit", ("groupIdToken", parent))
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
            let mut payload = json!({ "id": number, "expiryDateTime": until.to_string(),
                "evseId": connector, "idToken": { "idToken": tag, "type": kind_of_tag(tag) } });
            if let Some(parent) = parent {
                payload["groupIdToken"] = json!({ "idToken": parent, "type": "Central" });
            }
            ("ReserveNow", payload)
        }
        Order::Release { number } => ("CancelReservation", json!({ "reservationId": number })),
        Order::Stop { name, .. } => ("RequestStopTransaction", json!({ "transactionId": name })),
    }
}

/// A card's number, or something that we made up.
fn kind_of_tag(tag: &str) -> &'static str {
    let card = matches!(tag.len(), 8 | 14 | 20) && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
    if card { "ISO14443" } else { "Central" }
}
