//! What a charge point has to say: one message at a time, each answered before
//! the next.

use std::collections::VecDeque;

use portal_api::time::Instant;

use super::NEVER;
use crate::message::Message;

/// How often a message is sent that the server cannot take in.
const TRIES: u8 = 3;

/// How many seconds it waits then.
const REST: i64 = 3;

/// Messages in their order, and the one that waits for its answer.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    waiting: VecDeque<Letter>,
    sent: Option<Sent>,
    rests_until: Option<Instant>,
    count: u64,
}

/// A message and how often it was sent.
#[derive(Debug)]
pub(super) struct Letter {
    pub message: Message,
    tries: u8,
}

#[derive(Debug)]
struct Sent {
    id: String,
    letter: Letter,
    at: Instant,
}

impl From<Message> for Letter {
    fn from(message: Message) -> Self {
        Self { message, tries: 0 }
    }
}

impl Extend<Message> for Outbox {
    fn extend<T: IntoIterator<Item = Message>>(&mut self, messages: T) {
        self.waiting.extend(messages.into_iter().map(Letter::from));
    }
}

impl Outbox {
    /// Puts a message behind the others.
    pub fn put(&mut self, message: Message) {
        self.waiting.push_back(message.into());
    }

    /// Takes the next message.
    pub fn take(&mut self) -> Option<Letter> {
        self.waiting.pop_front()
    }

    /// Whether everything was said and answered.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.sent.is_none()
    }

    /// Whether nothing may be said now.
    pub fn waits(&self, now: Instant) -> bool {
        self.sent.is_some() || self.rests_until.is_some_and(|until| until > now)
    }

    /// When a message that waits is to be sent.
    pub fn goes_on(&self) -> Instant {
        match self.rests_until {
            Some(until) if !self.waiting.is_empty() => until,
            _ => NEVER,
        }
    }

    /// Since when the message that is on its way has been.
    pub fn sent_at(&self) -> Option<Instant> {
        self.sent.as_ref().map(|sent| sent.at)
    }

    /// Notes that a message is on its way; gives what its call is called.
    pub fn sent(&mut self, mut letter: Letter, now: Instant) -> String {
        self.rests_until = None;
        self.count += 1;
        letter.tries += 1;
        let id = self.count.to_string();
        self.sent = Some(Sent {
            id: id.clone(),
            letter,
            at: now,
        });
        id
    }

    /// The message that this call was; `None` if it is not on its way any more.
    pub fn answered(&mut self, id: &str) -> Option<Message> {
        let sent = self.sent.take_if(|sent| sent.id == id)?;
        Some(sent.letter.message)
    }

    /// The message that the server could not take in, unless it is tried again.
    pub fn refused(&mut self, id: &str, now: Instant) -> Option<Message> {
        let sent = self.sent.take_if(|sent| sent.id == id)?;
        if sent.letter.tries >= TRIES || !sent.letter.message.is_worth_a_try() {
            return Some(sent.letter.message);
        }
        self.waiting.push_front(sent.letter);
        self.rests_until = Some(now.plus_seconds(REST));
        None
    }

    /// Keeps only what must arrive; what was on its way may not have.
    pub fn connection_lost(&mut self) {
        if let Some(mut sent) = self.sent.take() {
            sent.letter.tries -= 1;
            self.waiting.push_front(sent.letter);
        }
        self.rests_until = None;
        self.waiting.retain(|letter| letter.message.must_arrive());
    }
}
