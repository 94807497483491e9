//! A charge point's connection to the server, made again whenever it is lost.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::{SinkExt, StreamExt};
use portal_api::time::Instant;
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        handshake::client::Request,
        http::{HeaderValue, header},
        protocol::WebSocketConfig,
    },
};

use crate::{
    chance::Chance,
    charge_point::{Action, ChargePoint, Done, Effect},
    clock,
    server::Server,
};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How long making a connection may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pause after a first failure, and the longest one, in milliseconds.
const PAUSES: (f64, f64) = (500.0, 15_000.0);

/// Small, since there are many.
const BUFFER: usize = 4096;

/// What somebody wants done at a charge point.
pub struct Order {
    /// What.
    pub action: Action,
    /// Told what came of it.
    pub done: Done,
}

/// A charge point and where it connects to.
pub struct Link {
    /// Whose.
    pub point: ChargePoint,
    /// Where to.
    pub server: Server,
    /// What it signs in with.
    pub key: String,
    /// How long it waits between tries.
    pub chance: Chance,
    /// What is wanted.
    pub orders: mpsc::Receiver<Order>,
    /// How many charge points have told the server everything.
    pub up: watch::Sender<usize>,
}

impl Link {
    /// Stays connected as long as orders may come.
    pub async fn run(mut self) {
        let mut failures = 0;
        loop {
            let pause = self.pause(failures);
            if !self.stay_away(pause).await {
                return;
            }
            let Some(socket) = self.connect().await else {
                failures += 1;
                continue;
            };
            self.point.connected(clock::now());
            let up = self.talk(socket).await;
            if up {
                self.up.send_modify(|count| *count -= 1);
            }
            self.point.disconnected();
            failures = if up { 1 } else { failures + 1 };
        }
    }

    /// Longer after each failure, and not everybody at the same time.
    fn pause(&mut self, failures: i32) -> f64 {
        let (first, longest) = PAUSES;
        match failures {
            0 => 0.0,
            _ => (first * 2_f64.powi(failures - 1)).min(longest) * self.chance.between(0.5, 1.0),
        }
    }

    /// Lives on without a connection, so many milliseconds at least; `false` when
    /// nobody gives orders any more.
    async fn stay_away(&mut self, millis: f64) -> bool {
        let earliest = clock::now().millis() + millis as i64;
        loop {
            // There is nobody to send anything to.
            self.point.effects();
            let until = self.point.away_until().millis().max(earliest);
            if until <= clock::now().millis() {
                return true;
            }
            let wakes = self.point.wakes().millis().min(until);
            tokio::select! {
                order = self.orders.recv() => match order {
                    Some(Order { action, done }) => self.point.act(clock::now(), action, done),
                    None => return false,
                },
                () = sleep(clock::until(Instant::from_millis(wakes))) => {
                    self.point.passed(clock::now());
                }
            }
        }
    }

    async fn connect(&self) -> Option<Socket> {
        let request = self.request().ok()?;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(BUFFER);
        let connecting = connect_async_with_config(request, Some(config), true);
        let (socket, _) = timeout(PATIENCE, connecting).await.ok()?.ok()?;
        Some(socket)
    }

    fn request(&self) -> Result<Request, tungstenite::Error> {
        let id = &self.point.id;
        let mut request = self.server.ocpp(id).into_client_request()?;
        let credentials = STANDARD.encode(format!("{id}:{}", self.key));
        let headers = request.headers_mut();
        headers.insert(
            header::AUTHORIZATION,
            HeaderValue::try_from(format!("Basic {credentials}"))?,
        );
        headers.insert(
            header::SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(self.point.protocol.name()),
        );
        Ok(request)
    }

    /// Talks until the connection ends; gives whether the charge point was up.
    async fn talk(&mut self, mut socket: Socket) -> bool {
        let mut up = false;
        loop {
            if !up && self.point.is_up_to_date() {
                up = true;
                self.up.send_modify(|count| *count += 1);
            }
            for effect in self.point.effects() {
                let sent = match effect {
                    Effect::Send(text) => socket.send(Message::text(text)).await,
                    Effect::HangUp => return up,
                };
                if sent.is_err() {
                    return up;
                }
            }
            tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(Message::Text(text))) => self.point.received(clock::now(), &text),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return up,
                    Some(Ok(_)) => {}
                },
                order = self.orders.recv() => match order {
                    Some(Order { action, done }) => self.point.act(clock::now(), action, done),
                    None => return up,
                },
                () = sleep(clock::until(self.point.wakes())) => self.point.passed(clock::now()),
            }
        }
    }
}
