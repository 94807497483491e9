//! A charge point, a clock that is turned by hand, and a server that agrees.

use portal_api::{portal::Current, time::Instant};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::{
    car::Outlet,
    chance::Chance,
    charge_point::{Action, ChargePoint, Effect, Habits},
    connector::Connector,
    wire::{Frame, Protocol},
};

pub const BOTH: [Protocol; 2] = [Protocol::V16, Protocol::V201];

/// What the server calls every charge.
pub const NUMBER: i64 = 77;

pub struct Stage {
    pub point: ChargePoint,
    pub now: Instant,
    /// Tags that the server doesn't know.
    pub unknown: &'static str,
    pub hung_up: bool,
}

impl Stage {
    /// A charge point with two connectors that has yet to be connected.
    pub fn unconnected(protocol: Protocol, habits: Habits) -> Self {
        let outlet = Outlet {
            current: Current::Ac,
            most_w: 11_000.0,
        };
        let connectors = [1, 2].map(|number| Connector::new(number, outlet.clone(), 5000.0, false));
        let chance = Chance::of(1, "CP");
        Self {
            point: ChargePoint::new("CP".into(), protocol, connectors.into(), habits, chance),
            now: "2026-03-02T16:00:00Z".parse().unwrap(),
            unknown: "STRANGER",
            hung_up: false,
        }
    }

    /// One that the server has accepted, and that has said what is to be said then.
    pub fn with(protocol: Protocol, habits: Habits) -> Self {
        let mut stage = Self::unconnected(protocol, habits);
        stage.point.connected(stage.now);
        stage.talk();
        stage
    }

    pub fn new(protocol: Protocol) -> Self {
        Self::with(protocol, quiet())
    }

    /// Answers everything until the charge point has nothing more to say; gives what
    /// it said.
    pub fn talk(&mut self) -> Vec<(String, Value)> {
        let mut said = Vec::new();
        loop {
            let frames = self.frames();
            if frames.is_empty() {
                return said;
            }
            for frame in frames {
                let Frame::Call {
                    id,
                    action,
                    payload,
                } = frame
                else {
                    continue;
                };
                let answer = Frame::Answer {
                    id,
                    payload: self.answer(&action, &payload),
                };
                said.push((action, payload));
                self.point.received(self.now, &answer.text());
            }
        }
    }

    /// What is sent now, unanswered.
    pub fn frames(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        for effect in self.point.effects() {
            match effect {
                Effect::Send(text) => frames.push(Frame::read(&text).unwrap()),
                Effect::HangUp => self.hung_up = true,
            }
        }
        frames
    }

    fn answer(&self, action: &str, payload: &Value) -> Value {
        let tag = payload["idTag"].as_str();
        let tag = tag.or(payload["idToken"]["idToken"].as_str());
        let known = if tag == Some(self.unknown) {
            "Invalid"
        } else {
            "Accepted"
        };
        match action {
            "BootNotification" => json!({ "status": "Accepted", "interval": 60 }),
            "Authorize" | "StartTransaction" | "TransactionEvent" => json!({
                "idTagInfo": { "status": known },
                "transactionId": NUMBER,
            }),
            _ => json!({}),
        }
    }

    /// Turns the clock, and gives what the charge point says.
    pub fn pass(&mut self, seconds: i64) -> Vec<(String, Value)> {
        self.now = self.now.plus_seconds(seconds);
        self.point.passed(self.now);
        self.talk()
    }

    /// Has the server ask for something; gives the answer's status, and the rest that
    /// is said.
    pub fn ask(&mut self, action: &str, payload: Value) -> Option<String> {
        let call = Frame::Call {
            id: "s".to_owned(),
            action: action.to_owned(),
            payload,
        };
        self.point.received(self.now, &call.text());
        let frames = self.frames();
        let status = frames.iter().find_map(|frame| match frame {
            Frame::Answer { id, payload } if id == "s" => payload["status"].as_str(),
            Frame::Error { id, code } if id == "s" => Some(code),
            _ => None,
        });
        let status = status.map(str::to_owned);
        self.put_back(frames);
        status
    }

    fn put_back(&mut self, frames: Vec<Frame>) {
        let calls = frames
            .into_iter()
            .filter(|frame| matches!(frame, Frame::Call { .. }));
        let calls = calls.map(|call| Effect::Send(call.text()));
        self.point.effects.extend(calls);
    }

    /// Asks to hold connector 1 for ten minutes.
    pub fn reserve(&mut self, number: i64) -> Option<String> {
        self.reserve_at(number, 1, 600)
    }

    pub fn reserve_at(&mut self, number: i64, connector: u32, seconds: i64) -> Option<String> {
        let until = self.now.plus_seconds(seconds);
        let payload = match self.point.protocol {
            Protocol::V16 => json!({
                "connectorId": connector, "expiryDate": until, "idTag": "HOLDER",
                "reservationId": number,
            }),
            Protocol::V201 => json!({
                "id": number, "expiryDateTime": until, "evseId": connector,
                "idToken": { "idToken": "HOLDER", "type": "Central" },
            }),
        };
        self.ask("ReserveNow", payload)
    }

    pub fn cancel(&mut self, number: i64) -> Option<String> {
        self.ask("CancelReservation", json!({ "reservationId": number }))
    }

    /// Asks to end the charge that began last.
    pub fn stop(&mut self, name: &Value) -> Option<String> {
        let (action, charge) = match self.point.protocol {
            Protocol::V16 => ("RemoteStopTransaction", json!(NUMBER)),
            Protocol::V201 => ("RequestStopTransaction", name.clone()),
        };
        self.ask(action, json!({ "transactionId": charge }))
    }

    /// Does something, lets both talk, and gives what came of it and what was said.
    pub fn act(&mut self, action: Action) -> (Result<(), &'static str>, Vec<(String, Value)>) {
        let (done, mut outcome) = oneshot::channel();
        self.point.act(self.now, action, done);
        let said = self.talk();
        (outcome.try_recv().unwrap(), said)
    }

    /// As [`act`](Self::act), for what nobody talks about.
    pub fn does(&mut self, action: Action) {
        assert_eq!(self.act(action).0, Ok(()));
    }
}

/// Nothing happens by itself.
pub fn quiet() -> Habits {
    Habits {
        sample_every: 30_000,
        visitors_an_hour: 0.0,
        holder_comes_after: None,
    }
}

/// What was said: what a connector or a charge does, else the call's name.
pub fn names(said: &[(String, Value)]) -> Vec<&str> {
    said.iter()
        .map(|(action, payload)| {
            let told = [
                "connectorStatus",
                "status",
                "eventType",
                "reservationUpdateStatus",
            ];
            let word = told.iter().find_map(|name| payload[*name].as_str());
            word.unwrap_or(action)
        })
        .collect()
}
