//! What the server asks for.

use portal_api::time::Instant;
use serde_json::json;

use super::{ChargePoint, Effect, Manner, after};
use crate::{
    connector::Hold,
    message::{Command, Condition, End, Message, Reserve, Verdict, Which},
    wire::Frame,
};

impl ChargePoint {
    pub(super) fn asked(&mut self, now: Instant, call: Frame) {
        match self.manner {
            Manner::Silent => {}
            Manner::Slow(millis) => self.late.push_back((after(now, millis), call)),
            _ => self.obey(now, call),
        }
    }

    /// Does what the call asks for, and answers it.
    pub(super) fn obey(&mut self, now: Instant, call: Frame) {
        let Frame::Call {
            id,
            action,
            payload,
        } = call
        else {
            return;
        };
        let answer = match self.protocol.command(&action, &payload) {
            Ok(command) => Frame::Answer {
                id,
                payload: json!({ "status": self.carry_out(now, command).word() }),
            },
            Err(code) => Frame::Error {
                id,
                code: code.to_owned(),
            },
        };
        match self.manner {
            Manner::Dropping => self.hang_up(),
            _ => self.effects.push(Effect::Send(answer.text())),
        }
    }

    fn carry_out(&mut self, now: Instant, command: Command) -> Verdict {
        match command {
            Command::Reserve(_) | Command::Stop(_) if self.manner == Manner::Refusing => {
                Verdict::Rejected
            }
            Command::Reserve(reserve) => self.reserve(now, reserve),
            Command::Cancel { number } => self.cancel(number),
            Command::Stop(which) => self.stop(now, &which),
        }
    }

    /// The number of a hold that is there already replaces that one.
    fn reserve(&mut self, now: Instant, reserve: Reserve) -> Verdict {
        let comes_after = self.habits.holder_comes_after;
        let Some(connector) = reserve.connector else {
            return Verdict::Rejected;
        };
        let Ok(connector) = self.connector(connector) else {
            return Verdict::Rejected;
        };
        let same = |hold: &Hold| hold.number == reserve.number;
        let verdict = match connector.condition() {
            _ if reserve.until <= now => Verdict::Rejected,
            Condition::Available => Verdict::Accepted,
            Condition::Reserved if connector.hold.as_ref().is_some_and(same) => Verdict::Accepted,
            Condition::Faulted => Verdict::Faulted,
            _ => Verdict::Occupied,
        };
        if verdict != Verdict::Accepted {
            return verdict;
        }
        connector.hold = Some(Hold {
            number: reserve.number,
            tag: reserve.tag,
            until: reserve.until,
        });
        connector.holder_comes = comes_after.map(|millis| after(now, millis));
        let here = connector.number;
        let elsewhere = self.connectors.iter_mut().filter(|one| one.number != here);
        for connector in elsewhere {
            connector.hold.take_if(|hold| hold.number == reserve.number);
        }
        Verdict::Accepted
    }

    fn cancel(&mut self, number: i64) -> Verdict {
        for connector in &mut self.connectors {
            let gone = connector.hold.take_if(|hold| hold.number == number);
            if gone.is_some() {
                connector.holder_comes = None;
                return Verdict::Accepted;
            }
        }
        Verdict::Rejected
    }
    /// Ends a charge, the car stays plugged in.
    fn stop(&mut self, now: Instant, which: &Which) -> Verdict {
        let name = match which {
            Which::Name(name) => Some(name),
            Which::Number(number) => {
                let mut numbers = self.numbers.iter();
                let known = numbers.find(|(_, known)| *known == number);
                known.map(|(name, _)| name)
            }
        };
        let mut connectors = self.connectors.iter_mut();
        let there = connectors.find(|one| name.is_some_and(|name| one.charge() == Some(name)));
        match there.and_then(|connector| connector.finish(now, End::Stopped)) {
            Some(report) => {
                self.outbox.put(Message::Charge(report));
                Verdict::Accepted
            }
            None => Verdict::Rejected,
        }
    }
}
