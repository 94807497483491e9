//! A charge point without a network: it is told what comes and what time it is,
//! and says what is to be sent.

mod act;
mod answers;
mod commands;
mod manner;
mod outbox;
mod tick;

use std::collections::{HashMap, VecDeque};

use portal_api::time::Instant;
use tokio::sync::oneshot;

use self::outbox::Outbox;
pub use self::{act::Action, manner::Manner};
use crate::{
    chance::Chance,
    connector::Connector,
    message::{Condition, Message},
    wire::{Frame, Protocol},
};

/// When nothing is due.
const NEVER: Instant = Instant::from_millis(i64::MAX);

const SWITCHED_ON: Registration = Registration::Pending {
    boots: Instant::from_millis(0),
};

/// A charge point.
pub struct ChargePoint {
    /// What stands on its sticker.
    pub id: String,
    /// What it speaks.
    pub protocol: Protocol,
    habits: Habits,
    manner: Manner,
    chance: Chance,
    connectors: Vec<Connector>,
    line: Line,
    registration: Registration,
    outbox: Outbox,
    /// What the server calls the charges that it was told of.
    numbers: HashMap<String, i64>,
    charges: u64,
    heartbeat_every: i64,
    heartbeat: Instant,
    /// Commands that a slow one has yet to look at.
    late: VecDeque<(Instant, Frame)>,
    /// When something goes wrong by itself.
    mishap: Instant,
    away_until: Instant,
    visits: Vec<Visit>,
    returning: Vec<Done>,
    effects: Vec<Effect>,
}

/// What goes on at a charge point by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Habits {
    /// How often a charge is reported, in milliseconds.
    pub sample_every: i64,
    /// How often an hour somebody plugs in at a connector without charging.
    pub visitors_an_hour: f64,
    /// After how many milliseconds a hold's driver comes; `None`: never.
    pub holder_comes_after: Option<i64>,
}

/// What is to be done on the network.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send a frame.
    Send(String),
    /// End the connection.
    HangUp,
}

/// Told what came of an action, or why nothing did.
pub type Done = oneshot::Sender<Result<(), &'static str>>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Line {
    Down,
    Up,
}

/// Whether the server has accepted it since it was switched on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Registration {
    Pending { boots: Instant },
    Accepted,
}

/// Somebody whose tag the server was asked about.
struct Visit {
    connector: u32,
    tag: String,
    done: Option<Done>,
}

impl ChargePoint {
    /// One that has just been switched on.
    pub fn new(
        id: String,
        protocol: Protocol,
        connectors: Vec<Connector>,
        habits: Habits,
        chance: Chance,
    ) -> Self {
        Self {
            id,
            protocol,
            habits,
            manner: Manner::Obeying,
            chance,
            connectors,
            line: Line::Down,
            registration: SWITCHED_ON,
            outbox: Outbox::default(),
            numbers: HashMap::new(),
            charges: 0,
            heartbeat_every: NEVER.millis(),
            heartbeat: NEVER,
            late: VecDeque::new(),
            mishap: NEVER,
            away_until: Instant::from_millis(0),
            visits: Vec::new(),
            returning: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Whether the server has accepted it and was told everything.
    pub fn is_up_to_date(&self) -> bool {
        self.is_registered() && self.outbox.is_empty()
    }

    fn is_registered(&self) -> bool {
        self.line == Line::Up && self.registration == Registration::Accepted
    }

    /// Until when it wants no connection.
    pub fn away_until(&self) -> Instant {
        self.away_until
    }

    /// What is to be done now, each told once.
    pub fn effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// There is a connection: the server is told what each connector does, and before
    /// that, once, that there is a charge point.
    pub fn connected(&mut self, now: Instant) {
        self.line = Line::Up;
        for connector in &mut self.connectors {
            connector.told = None;
        }
        self.go_on(now);
    }

    /// The connection is gone. Only how charges go is kept for the next one; what
    /// connectors do is told there anew.
    pub fn disconnected(&mut self) {
        self.line = Line::Down;
        self.outbox.connection_lost();
        self.effects.clear();
        for visit in self.visits.drain(..) {
            told(visit.done, Err("the connection was lost"));
        }
    }

    /// A text has come.
    pub fn received(&mut self, now: Instant, text: &str) {
        match Frame::read(text) {
            Some(call @ Frame::Call { .. }) => self.asked(now, call),
            Some(Frame::Answer { id, payload }) => {
                if let Some(message) = self.outbox.answered(&id) {
                    self.heard(now, message, &payload);
                }
            }
            Some(Frame::Error { id, .. }) => self.not_understood(now, &id),
            None => {}
        }
        self.go_on(now);
    }

    /// Tells what has changed, and sends the next message if none is on its way.
    fn go_on(&mut self, now: Instant) {
        self.tell_conditions(now);
        while let Some(letter) = self.next_letter(now) {
            let number = match &letter.message {
                Message::Charge(report) => self.numbers.get(&report.charge).copied(),
                _ => None,
            };
            let said = self.protocol.say(&letter.message, &self.id, number);
            if let Some((action, payload)) = said {
                let call = Frame::Call {
                    id: self.outbox.sent(letter, now),
                    action: action.to_owned(),
                    payload,
                };
                self.effects.push(Effect::Send(call.text()));
            }
        }
        if self.is_up_to_date() {
            for done in self.returning.drain(..) {
                told(Some(done), Ok(()));
            }
        }
    }

    fn tell_conditions(&mut self, now: Instant) {
        if !self.is_registered() {
            return;
        }
        for connector in &mut self.connectors {
            let condition = connector.condition();
            let word = self.protocol.status(condition);
            if connector.told.replace(word) != Some(word) {
                self.outbox.put(Message::Status {
                    connector: connector.number,
                    condition,
                    at: now,
                });
            }
        }
    }

    fn next_letter(&mut self, now: Instant) -> Option<outbox::Letter> {
        if self.line == Line::Down || self.outbox.waits(now) {
            return None;
        }
        match self.registration {
            Registration::Pending { boots } => (boots <= now).then(|| Message::Boot.into()),
            Registration::Accepted => self.outbox.take().or_else(|| self.heartbeat(now)),
        }
    }

    fn heartbeat(&mut self, now: Instant) -> Option<outbox::Letter> {
        let due = self.heartbeat <= now;
        due.then(|| {
            self.heartbeat = after(now, self.heartbeat_every);
            Message::Heartbeat.into()
        })
    }

    fn connector(&mut self, number: u32) -> Result<&mut Connector, &'static str> {
        let mut connectors = self.connectors.iter_mut();
        let found = connectors.find(|connector| connector.number == number);
        found.ok_or("there is no such connector")
    }

    /// What a connector is doing.
    pub fn condition(&self, number: u32) -> Option<Condition> {
        let mut connectors = self.connectors.iter();
        let found = connectors.find(|connector| connector.number == number);
        found.map(Connector::condition)
    }
}

/// That many milliseconds later.
fn after(now: Instant, millis: i64) -> Instant {
    Instant::from_millis(now.millis().saturating_add(millis))
}

/// Tells who wants to know; nobody may be waiting any more, which is fine.
fn told(done: Option<Done>, outcome: Result<(), &'static str>) {
    if let Some(done) = done {
        let _ = done.send(outcome);
    }
}

#[cfg(test)]
mod tests;
