//! The words of OCPP 1.6.

use serde_json::{Value, json};

use super::{instant, number};
use crate::message::{Condition, End, Message, Moment, Report, Reserve};

pub(super) fn say(
    message: &Message,
    who: &str,
    transaction: Option<i64>,
) -> Option<(&'static str, Value)> {
    Some(match message {
        Message::Boot => (
            "BootNotification",
            json!({
                "chargePointVendor": "Portal",
                "chargePointModel": "Simulator",
                "chargePointSerialNumber": who.get(..25).unwrap_or(who),
                "firmwareVersion": env!("CARGO_PKG_VERSION"),
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
                "connectorId": connector,
                "errorCode": error_code(*condition),
                "status": status(*condition),
                "timestamp": at,
            }),
        ),
        Message::Authorize { tag } => ("Authorize", json!({ "idTag": tag })),
        Message::Charge(report) => return charge(report, transaction),
        Message::HoldOver { .. } => return None,
    })
}

fn charge(report: &Report, transaction: Option<i64>) -> Option<(&'static str, Value)> {
    Some(match report.moment {
        Moment::Began { reservation } => {
            let mut start = json!({
                "connectorId": report.connector,
                "idTag": report.tag,
                "meterStart": report.meter_wh,
                "timestamp": report.at,
            });
            if let Some(reservation) = reservation {
                start["reservationId"] = reservation.into();
            }
            ("StartTransaction", start)
        }
        Moment::Sampled => ("MeterValues", meter_values(report, transaction?)),
        Moment::Ended(end) => (
            "StopTransaction",
            json!({
                "transactionId": transaction?,
                "idTag": report.tag,
                "meterStop": report.meter_wh,
                "timestamp": report.at,
                "reason": reason(end),
            }),
        ),
    })
}

fn meter_values(report: &Report, transaction: i64) -> Value {
    let sample = |measurand, value: u64, unit| {
        json!({
            "value": value.to_string(),
            "context": "Sample.Periodic",
            "measurand": measurand,
            "unit": unit,
        })
    };
    json!({
        "connectorId": report.connector,
        "transactionId": transaction,
        "meterValue": [{
            "timestamp": report.at,
            "sampledValue": [
                sample("Energy.Active.Import.Register", report.meter_wh, "Wh"),
                sample("Power.Active.Import", report.power_w, "W"),
            ],
        }],
    })
}

pub(super) fn status(condition: Condition) -> &'static str {
    match condition {
        Condition::Available => "Available",
        Condition::Preparing => "Preparing",
        Condition::Charging => "Charging",
        Condition::Full => "SuspendedEV",
        Condition::Finishing => "Finishing",
        Condition::Reserved => "Reserved",
        Condition::Faulted => "Faulted",
    }
}

fn error_code(condition: Condition) -> &'static str {
    match condition {
        Condition::Faulted => "GroundFailure",
        _ => "NoError",
    }
}

fn reason(end: End) -> &'static str {
    match end {
        End::Unplugged => "EVDisconnected",
        End::Refused => "DeAuthorized",
        End::Stopped => "Remote",
        End::Broken => "Other",
    }
}

pub(super) fn reserve(payload: &Value) -> Option<Reserve> {
    Some(Reserve {
        number: payload["reservationId"].as_i64()?,
        connector: Some(number(&payload["connectorId"])?).filter(|connector| *connector > 0),
        tag: payload["idTag"].as_str()?.to_owned(),
        until: instant(&payload["expiryDate"])?,
    })
}
