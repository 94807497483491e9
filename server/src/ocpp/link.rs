//! One charge point's connection. Its reports are taken in one after the other, and it
//! is given one order at a time: the next when the last was answered or given up.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use serde_json::Value;
use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, MissedTickBehavior, interval_at, sleep_until},
};

use super::{
    Busy, Central, Protocol,
    frame::{self, Frame, NotAFrame},
    message::{Order, Outcome, Unread},
    v16, v201,
};
use crate::clock::Clock;

/// The most bytes of a message.
pub const LARGEST: usize = 64 * 1024;

/// How often it is asked whether the other side lives.
const PING: Duration = Duration::from_secs(30);

/// After so long without a sign of life the connection is dead.
const SILENCE: Duration = Duration::from_secs(75);

/// After an order whose answer did not come or could not be kept, the next one waits a little.
const REST: Duration = Duration::from_secs(2);

/// A charge point's connection.
pub struct Link {
    /// The socket.
    pub socket: WebSocket,
    /// What is spoken.
    pub protocol: Protocol,
    /// Who listens and gives orders.
    pub central: Arc<dyn Central>,
    /// What time it is.
    pub clock: Clock,
    /// Rung when there may be an order.
    pub wake: Arc<Notify>,
    /// Done when another connection has taken this one's place.
    pub replaced: oneshot::Receiver<()>,
    /// How long an answer may take.
    pub patience: Duration,
}

/// An order that was sent.
struct UnderWay {
    id: String,
    order: Order,
    deadline: Instant,
}

/// The connection has ended.
struct Gone;

impl Link {
    /// Listens and gives orders until the connection ends.
    pub async fn run(mut self) {
        let mut orders = Orders::default();
        let mut pings = interval_at(Instant::now() + PING, PING);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silence = Instant::now() + SILENCE;
        let wake = Arc::clone(&self.wake);
        loop {
            if self.give_order(&mut orders).await.is_err() {
                break;
            }
            let done = tokio::select! {
                _ = &mut self.replaced => Err(Gone),
                message = self.socket.recv() => {
                    silence = Instant::now() + SILENCE;
                    self.take(message, &mut orders).await
                }
                () = wake.notified() => { orders.look_now(); Ok(()) }
                () = sleep_until(orders.next_look()) => self.look_again(&mut orders).await,
                _ = pings.tick() => self.ping().await,
                () = sleep_until(silence) => Err(Gone),
            };
            if done.is_err() {
                break;
            }
        }
        // Whoever gave the last order must not wait for its answer any more.
        if let Some(sent) = orders.under_way.take() {
            // Unless that can be kept, whoever connects next is given it again.
            let _ = self.central.outcome(&sent.order, Outcome::Unknown).await;
        }
        drop(self.socket.send(Message::Close(None)).await);
    }

    async fn give_order(&mut self, orders: &mut Orders) -> Result<(), Gone> {
        if orders.under_way.is_some() || !orders.due {
            return Ok(());
        }
        orders.due = false;
        let Some(order) = self.central.next_order().await else {
            return Ok(());
        };
        orders.sent += 1;
        let id = orders.sent.to_string();
        let (action, payload) = match self.protocol {
            Protocol::V16 => v16::call(&order),
            Protocol::V201 => v201::call(&order),
        };
        let text = frame::call(&id, action, &payload);
        orders.under_way = Some(UnderWay {
            id,
            order,
            deadline: Instant::now() + self.patience,
        });
        self.send(text).await
    }

    /// An order was not answered in time, or one that waited may go now.
    async fn look_again(&mut self, orders: &mut Orders) -> Result<(), Gone> {
        match orders.under_way.take() {
            Some(sent) => {
                // It rests either way.
                let _ = self.central.outcome(&sent.order, Outcome::Unknown).await;
                orders.rest();
            }
            None => orders.look_now(),
        }
        Ok(())
    }

    async fn take(
        &mut self,
        message: Option<Result<Message, axum::Error>>,
        orders: &mut Orders,
    ) -> Result<(), Gone> {
        match message {
            Some(Ok(Message::Text(text))) => self.read(text.as_str(), orders).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => Err(Gone),
        }
    }

    async fn read(&mut self, text: &str, orders: &mut Orders) -> Result<(), Gone> {
        match Frame::read(text) {
            Ok(Frame::Call {
                id,
                action,
                payload,
            }) => {
                let answer = self.answer(&id, &action, &payload).await;
                self.send(answer).await
            }
            Ok(Frame::Result { id, payload }) => {
                self.settle(&id, v16::outcome(&payload), orders).await;
                Ok(())
            }
            Ok(Frame::Error { id, code }) => {
                let unsupported = matches!(&code[..], "NotImplemented" | "NotSupported");
                let outcome = if unsupported {
                    Outcome::Unsupported
                } else {
                    Outcome::Rejected
                };
                self.settle(&id, outcome, orders).await;
                Ok(())
            }
            Err(NotAFrame(Some(id))) => self.send(frame::error(&id, self.malformed())).await,
            Err(NotAFrame(None)) => Ok(()),
        }
    }

    /// Takes in a report.
    async fn answer(&mut self, id: &str, action: &str, payload: &Value) -> String {
        let report = match self.protocol {
            Protocol::V16 => v16::report(action, payload, self.clock.now()),
            Protocol::V201 => v201::report(action, payload),
        };
        let report = match report {
            Ok(report) => report,
            Err(Unread::Unknown) => return frame::error(id, "NotImplemented"),
            Err(Unread::Malformed) => return frame::error(id, self.malformed()),
        };
        let Ok(reply) = self.central.report(report).await else {
            return frame::error(id, "InternalError");
        };
        let answer = match self.protocol {
            Protocol::V16 => v16::answer(action, &reply),
            Protocol::V201 => v201::answer(action, payload, &reply),
        };
        frame::result(id, &answer)
    }

    /// How each dialect spells it.
    const fn malformed(&self) -> &'static str {
        match self.protocol {
            Protocol::V16 => "FormationViolation",
            Protocol::V201 => "FormatViolation",
        }
    }

    /// What came of the order under way; answers to others are too late or twice.
    async fn settle(&mut self, id: &str, outcome: Outcome, orders: &mut Orders) {
        if let Some(sent) = orders.under_way.take_if(|sent| sent.id == id) {
            match self.central.outcome(&sent.order, outcome).await {
                Ok(()) => orders.look_now(),
                Err(Busy) => orders.rest(),
            }
        }
    }

    async fn ping(&mut self) -> Result<(), Gone> {
        let ping = Message::Ping(Vec::new().into());
        self.socket.send(ping).await.map_err(|_| Gone)
    }

    async fn send(&mut self, text: String) -> Result<(), Gone> {
        self.socket
            .send(Message::Text(text.into()))
            .await
            .map_err(|_| Gone)
    }
}

/// What is known of the orders.
struct Orders {
    under_way: Option<UnderWay>,
    /// Whether to look for the next one.
    due: bool,
    rest_until: Option<Instant>,
    sent: u64,
}

impl Default for Orders {
    fn default() -> Self {
        Self {
            under_way: None,
            // Whatever was ordered while there was no connection.
            due: true,
            rest_until: None,
            sent: 0,
        }
    }
}

impl Orders {
    fn look_now(&mut self) {
        self.due = true;
        self.rest_until = None;
    }

    fn rest(&mut self) {
        self.rest_until = Some(Instant::now() + REST);
    }

    /// When something is to be done about orders though nothing happens.
    fn next_look(&self) -> Instant {
        let far = || Instant::now() + SILENCE;
        match &self.under_way {
            Some(sent) => sent.deadline,
            None => self.rest_until.unwrap_or_else(far),
        }
    }
}
