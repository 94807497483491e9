//! What the server answers.

use portal_api::time::Instant;
use serde_json::Value;

use super::{ChargePoint, Registration, after, told};
use crate::{
    message::{End, Message, Moment, Report},
    wire,
};

/// After so many seconds it says again that it has started.
const BOOT_AGAIN: i64 = 10;

impl ChargePoint {
    pub(super) fn heard(&mut self, now: Instant, message: Message, answer: &Value) {
        match message {
            Message::Boot => self.boot_answered(now, answer),
            Message::Authorize { tag } => self.authorized(now, &tag, answer),
            Message::Charge(report) => self.charge_answered(now, &report, answer),
            Message::Heartbeat | Message::Status { .. } | Message::HoldOver { .. } => {}
        }
    }

    fn boot_answered(&mut self, now: Instant, answer: &Value) {
        let seconds = answer["interval"].as_i64().filter(|seconds| *seconds > 0);
        if answer["status"] != "Accepted" {
            return self.boot_again(now.plus_seconds(seconds.unwrap_or(BOOT_AGAIN)));
        }
        self.registration = Registration::Accepted;
        self.heartbeat_every = seconds.unwrap_or(300) * 1000;
        self.heartbeat = after(now, self.heartbeat_every);
    }

    fn boot_again(&mut self, boots: Instant) {
        self.registration = Registration::Pending { boots };
    }

    fn authorized(&mut self, now: Instant, tag: &str, answer: &Value) {
        let Some(at) = self.visits.iter().position(|visit| visit.tag == tag) else {
            return;
        };
        let visit = self.visits.remove(at);
        let outcome = if wire::admits(answer) == Some(true) {
            self.begin(now, visit.connector, &visit.tag)
        } else {
            Err("the server refuses the tag")
        };
        told(visit.done, outcome);
    }

    fn charge_answered(&mut self, now: Instant, report: &Report, answer: &Value) {
        if matches!(report.moment, Moment::Ended(_)) {
            self.numbers.remove(&report.charge);
            return;
        }
        if let Some(number) = answer["transactionId"].as_i64() {
            self.numbers.insert(report.charge.clone(), number);
        }
        if wire::admits(answer) == Some(false) {
            let mut connectors = self.connectors.iter_mut();
            let there = connectors.find(|one| one.charge() == Some(&report.charge));
            let end = there.and_then(|connector| connector.finish(now, End::Refused));
            self.outbox.extend(end.map(Message::Charge));
        }
    }

    pub(super) fn not_understood(&mut self, now: Instant, id: &str) {
        match self.outbox.refused(id, now) {
            Some(Message::Boot) => self.boot_again(now.plus_seconds(BOOT_AGAIN)),
            Some(Message::Authorize { tag }) => self.authorized(now, &tag, &Value::Null),
            _ => {}
        }
    }
}
