//! What a charge point says in each dialect, named as Python does.

use serde_json::{Value, json};

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dialect {
    Old,
    New,
}

/// A call: what, and the details.
pub type Said = (&'static str, Value);

impl Dialect {
    pub const ALL: [Self; 2] = [Self::Old, Self::New];

    pub fn subprotocol(self) -> &'static str {
        match self {
            Self::Old => "ocpp1.6",
            Self::New => "ocpp2.0.1",
        }
    }

    pub fn boot(self) -> Said {
        let details = match self {
            Self::Old => json!({ "charge_point_model": "P", "charge_point_vendor": "Python" }),
            Self::New => json!({ "charging_station": { "model": "P", "vendor_name": "Python" },
                "reason": "PowerUp" }),
        };
        ("BootNotification", details)
    }

    pub fn status(self, connector: i64, status: &str, at: &str) -> Said {
        let details = match self {
            Self::Old => json!({ "connector_id": connector, "error_code": "NoError",
                "status": status, "timestamp": at }),
            Self::New => json!({ "evse_id": connector, "connector_id": 1,
                "connector_status": status, "timestamp": at }),
        };
        ("StatusNotification", details)
    }

    pub fn authorize(self, tag: &str) -> Said {
        let details = match self {
            Self::Old => json!({ "id_tag": tag }),
            Self::New => json!({ "id_token": token(tag) }),
        };
        ("Authorize", details)
    }

    /// A charge at connector 1 begins.
    pub fn begins(self, at: &str, meter_wh: i64, tag: &str, hold: Option<i64>) -> Said {
        match self {
            Self::Old => {
                let details = json!({ "connector_id": 1, "id_tag": tag, "meter_start": meter_wh,
                    "timestamp": at, "reservation_id": hold });
                ("StartTransaction", details)
            }
            Self::New => {
                let mut event = event("Started", "Authorized", 0, at, meter_wh);
                event["id_token"] = token(tag);
                event["reservation_id"] = hold.into();
                ("TransactionEvent", event)
            }
        }
    }

    pub fn goes_on(self, at: &str, meter_wh: i64) -> Said {
        match self {
            Self::Old => {
                let sample = json!({ "value": meter_wh.to_string(), "unit": "Wh",
                    "measurand": "Energy.Active.Import.Register" });
                let details = json!({ "connector_id": 1, "transaction_id": null,
                    "meter_value": [{ "timestamp": at, "sampled_value": [sample] }] });
                ("MeterValues", details)
            }
            Self::New => {
                let event = event("Updated", "MeterValuePeriodic", 1, at, meter_wh);
                ("TransactionEvent", event)
            }
        }
    }

    pub fn ends(self, at: &str, meter_wh: i64) -> Said {
        match self {
            Self::Old => {
                let details = json!({ "transaction_id": null, "meter_stop": meter_wh,
                    "timestamp": at, "reason": "EVDisconnected" });
                ("StopTransaction", details)
            }
            Self::New => {
                let mut event = event("Ended", "EVDeparted", 2, at, meter_wh);
                event["transaction_info"]["stopped_reason"] = "EVDisconnected".into();
                ("TransactionEvent", event)
            }
        }
    }

    /// Which hold an order is about.
    pub fn number(self, order: &Value) -> i64 {
        let number = match self {
            Self::New if order.get("id").is_some() => &order["id"],
            _ => &order["reservation_id"],
        };
        number.as_i64().unwrap()
    }

    /// Whom an order holds a connector for.
    pub fn tag(self, order: &Value) -> String {
        let tag = match self {
            Self::Old => &order["id_tag"],
            Self::New => &order["id_token"]["id_token"],
        };
        tag.as_str().unwrap().to_owned()
    }
}

fn token(tag: &str) -> Value {
    json!({ "id_token": tag, "type": "Central" })
}

fn event(kind: &str, trigger: &str, number: i64, at: &str, meter_wh: i64) -> Value {
    json!({ "event_type": kind, "timestamp": at, "trigger_reason": trigger, "seq_no": number,
        "transaction_info": { "transaction_id": "python-1" },
        "evse": { "id": 1, "connector_id": 1 },
        "meter_value": [{ "timestamp": at, "sampled_value": [{ "value": meter_wh }] }] })
}
