//! A charge point as far as a server can tell: it says what a test lets it say.

use std::{net::SocketAddr, pin::pin, time::Duration};

use futures_util::{SinkExt, StreamExt};
use portal_api::time::Instant;
use portal_server::embedded::{
    Write,
    charging::{points, tags},
    sites,
};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{Server, ground::Ground};

pub const KEY: &str = "a-key-for-tests-1";

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A charge point's end of its connection.
pub struct ChargePoint {
    socket: WebSocketStream<TcpStream>,
    new: bool,
    calls: u64,
    /// Orders that came while an answer was awaited.
    orders: Vec<(String, String, Value)>,
}

/// Where charge points stand: `CP-BGO` with four connectors of 22 kW.
pub async fn lay(server: &Server) {
    Ground::new().lay(server).await;
    let mut write = server.store().write().await.unwrap();
    for (site, tariff) in [("AKL", "tariff_AKL"), ("BGO", "tariff_BGO")] {
        make_ready(&mut write, &format!("CP-{site}"), 4, tariff).await;
    }
    write.commit().await.unwrap();
}

/// Gives a charge point a key, and its connectors a tariff.
pub async fn make_ready(write: &mut Write, id: &str, connectors: i64, tariff: &str) {
    points::set_key(write, id, KEY).await.unwrap();
    for number in 1..=connectors {
        sites::set_tariff(write, id, number, tariff).await.unwrap();
    }
}

/// Gives somebody a card.
pub async fn give_card(server: &Server, person_id: &str, id_tag: &str) {
    let mut write = server.store().write().await.unwrap();
    tags::put(&mut write, person_id, id_tag).await.unwrap();
    write.commit().await.unwrap();
}

impl ChargePoint {
    /// Connects as somebody, in some dialect; the status if it may not.
    pub async fn try_connect(
        server: &Server,
        id: &str,
        user: &str,
        key: &str,
        protocol: &str,
    ) -> Result<Self, u16> {
        Self::connect_to(server.address, (id, user, key), protocol).await
    }

    /// Connects to a server wherever it is.
    pub async fn connect_to(
        server: SocketAddr,
        (id, user, key): (&str, &str, &str),
        protocol: &str,
    ) -> Result<Self, u16> {
        let address = format!("ws://{server}/ocpp/{id}");
        let mut request = address.into_client_request().unwrap();
        let basic = base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            format!("{user}:{key}"),
        );
        let headers = request.headers_mut();
        headers.insert(
            "authorization",
            HeaderValue::try_from(format!("Basic {basic}")).unwrap(),
        );
        headers.insert(
            "sec-websocket-protocol",
            HeaderValue::try_from(protocol).unwrap(),
        );
        let stream = TcpStream::connect(server).await.unwrap();
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Self {
                socket,
                new: protocol == "ocpp2.0.1",
                calls: 0,
                orders: Vec::new(),
            }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Connects in 1.6.
    pub async fn connect(server: &Server, id: &str) -> Self {
        Self::try_connect(server, id, id, KEY, "ocpp1.6")
            .await
            .unwrap()
    }

    /// Connects in 2.0.1.
    pub async fn connect_new(server: &Server, id: &str) -> Self {
        Self::try_connect(server, id, id, KEY, "ocpp2.0.1")
            .await
            .unwrap()
    }

    /// Says something and waits for the answer.
    pub async fn call(&mut self, action: &str, payload: Value) -> Value {
        self.calls += 1;
        let id = format!("c{}", self.calls);
        self.say(json!([2, id, action, payload])).await;
        loop {
            let frame = self.hear().await.expect("an answer");
            match frame[0].as_i64() {
                Some(2) => self.keep(&frame),
                _ if frame[1] == id.as_str() => {
                    return if frame[0] == 3 {
                        frame[2].clone()
                    } else {
                        frame[2].as_str().unwrap().into()
                    };
                }
                _ => {}
            }
        }
    }

    /// Says what a connector is doing.
    pub async fn status(&mut self, connector: i64, status: &str, at: &str) {
        let (action, payload) = if self.new {
            let payload = json!({ "evseId": connector, "connectorId": 1,
                "connectorStatus": status, "timestamp": at });
            ("StatusNotification", payload)
        } else {
            let payload = json!({ "connectorId": connector, "status": status,
                "errorCode": "NoError", "timestamp": at });
            ("StatusNotification", payload)
        };
        assert_eq!(self.call(action, payload).await, json!({}));
    }

    /// Whether an order came while an answer was awaited.
    pub fn has_order(&self) -> bool {
        !self.orders.is_empty()
    }

    /// A charge begins with a card; gives what it is called, and what is said of the card.
    pub async fn begin(&mut self, connector: i64, card: &str, at: Instant) -> (Value, Value) {
        if !self.new {
            let began = json!({ "connectorId": connector, "idTag": card, "meterStart": 0,
                "timestamp": at });
            let told = self.call("StartTransaction", began).await;
            return (told["transactionId"].clone(), told["idTagInfo"].clone());
        }
        let name = json!(format!("{connector}-{}", at.millis()));
        let mut began = event("Started", "Authorized", (&name, 0), at);
        began["evse"] = json!({ "id": connector });
        began["idToken"] = json!({ "idToken": card, "type": "ISO14443" });
        let told = self.call("TransactionEvent", began).await;
        (name, told["idTokenInfo"].clone())
    }

    /// The meter of a charge is read.
    pub async fn read(&mut self, charge: &Value, meter_wh: i64, at: Instant) {
        let told = if self.new {
            let event = event("Updated", "MeterValuePeriodic", (charge, meter_wh), at);
            self.call("TransactionEvent", event).await
        } else {
            let sampled = json!([{ "value": meter_wh.to_string() }]);
            let values = json!({ "connectorId": 1, "transactionId": charge,
                "meterValue": [{ "timestamp": at, "sampledValue": sampled }] });
            self.call("MeterValues", values).await
        };
        assert_eq!(told, json!({}));
    }

    /// A charge ends because of an order.
    pub async fn end(&mut self, charge: &Value, meter_wh: i64, at: Instant) {
        if self.new {
            let mut event = event("Ended", "RemoteStop", (charge, meter_wh), at);
            event["transactionInfo"]["stoppedReason"] = "Remote".into();
            self.call("TransactionEvent", event).await;
        } else {
            let ended = json!({ "transactionId": charge, "meterStop": meter_wh, "timestamp": at,
                "reason": "Remote" });
            self.call("StopTransaction", ended).await;
        }
    }

    /// The next order: its id, what, and the details.
    pub async fn order(&mut self) -> (String, String, Value) {
        if !self.orders.is_empty() {
            return self.orders.remove(0);
        }
        loop {
            let frame = self.hear().await.expect("an order");
            if frame[0] == 2 {
                self.keep(&frame);
                return self.orders.remove(0);
            }
        }
    }

    /// Does what it is told next, with this answer; gives what it was told.
    pub async fn obey(&mut self, status: &str) -> (String, Value) {
        let (id, action, payload) = self.order().await;
        self.answer(&id, status).await;
        (action, payload)
    }

    /// Does all that it is told, with this answer, until something else is done: where no
    /// answer is waited for long, one may come too late and be asked for again.
    pub async fn obey_until<T>(&mut self, status: &str, done: impl Future<Output = T>) -> T {
        let mut done = pin!(done);
        loop {
            tokio::select! {
                done = &mut done => return done,
                (id, ..) = self.order() => self.answer(&id, status).await,
            }
        }
    }

    pub async fn answer(&mut self, id: &str, status: &str) {
        self.say(json!([3, id, { "status": status }])).await;
    }

    pub async fn fail(&mut self, id: &str, code: &str) {
        self.say(json!([4, id, code, "", {}])).await;
    }

    pub async fn say(&mut self, frame: Value) {
        self.say_text(&frame.to_string()).await.unwrap();
    }

    pub async fn say_text(&mut self, text: &str) -> Result<(), Error> {
        self.socket.send(Message::text(text)).await
    }

    /// The next frame; `None` if the connection has ended.
    pub async fn hear(&mut self) -> Option<Value> {
        self.hear_for(PATIENCE).await
    }

    /// The same, if it comes in time.
    pub async fn hear_for(&mut self, time: Duration) -> Option<Value> {
        loop {
            let next = tokio::time::timeout(time, self.socket.next()).await;
            match next.expect("something in time") {
                Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).ok(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    fn keep(&mut self, frame: &Value) {
        let text = |index: usize| frame[index].as_str().unwrap().to_owned();
        self.orders.push((text(1), text(2), frame[3].clone()));
    }
}

fn event(kind: &str, trigger: &str, (name, meter_wh): (&Value, i64), at: Instant) -> Value {
    json!({ "eventType": kind, "timestamp": at, "triggerReason": trigger, "seqNo": 0,
        "transactionInfo": { "transactionId": name },
        "meterValue": [{ "timestamp": at, "sampledValue": [{ "value": meter_wh }] }] })
}
