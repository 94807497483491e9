//! What happens because time passes.

use portal_api::time::Instant;

use super::{ChargePoint, Line, Manner, NEVER, Registration, SWITCHED_ON, after};
use crate::message::{Message, Moment};

/// How long the server may take to answer, in milliseconds.
const PATIENCE: i64 = 30_000;

impl ChargePoint {
    /// When something happens by itself next.
    pub fn wakes(&self) -> Instant {
        let line = match (self.outbox.sent_at(), self.line, self.registration) {
            (Some(sent), _, _) => after(sent, PATIENCE),
            (None, Line::Down, _) => NEVER,
            (None, Line::Up, Registration::Pending { boots }) => boots,
            (None, Line::Up, Registration::Accepted) => self.heartbeat.min(self.outbox.goes_on()),
        };
        let late = self.late.front().map_or(NEVER, |(due, _)| *due);
        let connectors = self.connectors.iter().flat_map(|connector| {
            [
                connector.hold.as_ref().map(|hold| hold.until),
                connector
                    .sampled()
                    .map(|at| after(at, self.habits.sample_every)),
                connector.holder_comes,
                connector.visitor_comes,
                connector.leaves,
            ]
        });
        let first = connectors.flatten().min().unwrap_or(NEVER);
        first.min(line).min(late).min(self.mishap)
    }

    /// Does what is due.
    pub fn passed(&mut self, now: Instant) {
        let sent = self.outbox.sent_at();
        if sent.is_some_and(|sent| after(sent, PATIENCE) <= now) {
            self.hang_up();
        }
        while let Some((_, call)) = self.late.pop_front_if(|(due, _)| *due <= now) {
            self.obey(now, call);
        }
        if self.mishap <= now {
            self.go_wrong(now);
        }
        for at in 0..self.connectors.len() {
            self.expire(now, at);
            self.sample(now, at);
            self.come_and_go(now, at);
        }
        self.go_on(now);
    }

    fn go_wrong(&mut self, now: Instant) {
        let mut away = 0;
        if self.manner == Manner::Rebooting {
            away = self.chance.between(2_000.0, 8_000.0) as i64;
            self.registration = SWITCHED_ON;
        }
        self.stay_away_until(after(now, away));
        self.plan_mishap(now);
    }

    fn expire(&mut self, now: Instant, at: usize) {
        let connector = &mut self.connectors[at];
        if let Some(hold) = connector.hold.take_if(|hold| hold.until <= now) {
            connector.holder_comes = None;
            self.outbox.put(Message::HoldOver {
                number: hold.number,
                expired: true,
            });
        }
    }

    fn sample(&mut self, now: Instant, at: usize) {
        let connector = &mut self.connectors[at];
        let every = self.habits.sample_every;
        if connector
            .sampled()
            .is_some_and(|last| after(last, every) <= now)
        {
            let report = connector.report(now, Moment::Sampled);
            self.outbox.extend(report.map(Message::Charge));
        }
    }

    fn come_and_go(&mut self, now: Instant, at: usize) {
        let is_due = |due: &mut Instant| *due <= now;
        let connector = &mut self.connectors[at];
        let number = connector.number;
        if connector.holder_comes.take_if(is_due).is_some() {
            let minutes = self.chance.between(15.0, 45.0);
            connector.leaves = Some(after(now, (minutes * 60_000.0) as i64));
            self.charge(now, number, None, None);
        }
        let connector = &mut self.connectors[at];
        if connector.visitor_comes.take_if(is_due).is_some() && connector.plug().is_ok() {
            let minutes = self.chance.between(5.0, 25.0);
            connector.leaves = Some(after(now, (minutes * 60_000.0) as i64));
        }
        if connector.leaves.take_if(is_due).is_some() {
            let report = connector.unplug(now);
            self.outbox.extend(report.map(Message::Charge));
        }
        let connector = &mut self.connectors[at];
        let often = self.habits.visitors_an_hour;
        if often > 0.0 && connector.visitor_comes.is_none() && connector.leaves.is_none() {
            connector.visitor_comes = Some(after(now, self.chance.pause(often)));
        }
    }
}
