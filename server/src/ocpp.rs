//! Charge points on WebSockets: OCPP 1.6 and 2.0.1, told in one language.
//!
//! - [`message`]: what charge points report and are ordered to do, whichever they speak.
//! - `frame`: calls and answers as they travel. `v16`, `v201`: the two dialects, `answer`
//!   what both say alike.
//! - [`link`]: one charge point's connection: it reports, it is given orders, one at a
//!   time.
//!
//! Who listens and who orders is a [`Central`]: this room knows no store.

mod answer;
mod frame;
pub mod link;
pub mod message;
mod read;
mod v16;
mod v201;

use std::pin::Pin;

use self::message::{Order, Outcome, Reply, Report};

/// Something that will be done.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whoever listens to a charge point and gives it orders.
pub trait Central: Send + Sync {
    /// Takes in what the charge point reports. What is answered is kept.
    fn report(&self, report: Report) -> Doing<'_, Result<Reply, Busy>>;

    /// What the charge point is to do next, if anything.
    fn next_order(&self) -> Doing<'_, Option<Order>>;

    /// What came of an order. What can't be kept now is not known: it is ordered again.
    fn outcome<'a>(&'a self, order: &'a Order, outcome: Outcome) -> Doing<'a, Result<(), Busy>>;
}

/// What a charge point says could not be taken in now; it is to say it again.
#[derive(Clone, Copy, Debug)]
pub struct Busy;

/// A dialect.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Protocol {
    /// OCPP 1.6 in JSON.
    V16,
    /// OCPP 2.0.1.
    V201,
}

impl Protocol {
    /// All of them, the newest first.
    pub const ALL: [Self; 2] = [Self::V201, Self::V16];

    /// The WebSocket's sub-protocol.
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::V16 => "ocpp1.6",
            Self::V201 => "ocpp2.0.1",
        }
    }

    /// Its word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V16 => "1.6",
            Self::V201 => "2.0.1",
        }
    }
}
