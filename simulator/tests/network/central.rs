//! A server that agrees with everything and tells what it heard.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
    },
};

/// What it calls every charge.
pub const TRANSACTION: i64 = 4711;

/// What a charge point said.
#[derive(Clone, Debug)]
pub struct Call {
    pub action: String,
    pub payload: Value,
}

/// What a charge point is asked, and whom its answer goes to: `null` when the
/// connection is lost.
type Question = (String, Value, oneshot::Sender<Value>);

#[derive(Default)]
struct Shared {
    entries: Vec<String>,
    lines: HashMap<String, mpsc::Sender<Question>>,
}

pub struct Central {
    pub address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    heard: mpsc::UnboundedReceiver<Call>,
}

impl Central {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared::default()));
        let (hears, heard) = mpsc::unbounded_channel();
        let all = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&all), hears.clone()));
            }
        });
        Self {
            address,
            shared,
            heard,
        }
    }

    /// Where each connection went, and how it signed in.
    pub fn entries(&mut self) -> Vec<String> {
        self.shared.lock().unwrap().entries.clone()
    }

    /// Ends every connection.
    pub fn hang_up(&mut self) {
        self.shared.lock().unwrap().lines.clear();
    }

    /// Waits for such a call.
    pub async fn hears(&mut self, such: impl Fn(&Call) -> bool) -> Call {
        loop {
            let call = self.heard.recv().await.expect("charge points go on");
            if such(&call) {
                return call;
            }
        }
    }

    /// What a charge point answers.
    pub async fn ask(&mut self, id: &str, action: &str, payload: Value) -> Value {
        let line = self.shared.lock().unwrap().lines[id].clone();
        let (answers, answer) = oneshot::channel();
        line.send((action.to_owned(), payload, answers))
            .await
            .unwrap();
        answer.await.unwrap_or(Value::Null)
    }
}

async fn serve(stream: TcpStream, shared: Arc<Mutex<Shared>>, hears: mpsc::UnboundedSender<Call>) {
    let mut path = String::new();
    let entry = &mut path;
    #[expect(clippy::result_large_err, reason = "the library wants it so")]
    let greet = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        let header = |name| request.headers()[name].clone();
        let protocol = header("sec-websocket-protocol");
        let text = [header("authorization"), protocol.clone()];
        let [key, spoken] = text.map(|value| value.to_str().unwrap().to_owned());
        *entry = format!("{} {key} {spoken}", request.uri().path());
        response
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        Ok(response)
    };
    let mut socket = accept_hdr_async(stream, greet).await.unwrap();
    let (sender, mut questions) = mpsc::channel::<Question>(1);
    let id = path.split([' ', '/']).nth(2).unwrap().to_owned();
    {
        let mut shared = shared.lock().unwrap();
        shared.entries.push(path);
        shared.lines.insert(id, sender);
    }
    let mut waiting: Option<oneshot::Sender<Value>> = None;
    loop {
        tokio::select! {
            question = questions.recv() => {
                let Some((action, payload, answers)) = question else { return };
                waiting = Some(answers);
                let call = json!([2, "q", action, payload]).to_string();
                socket.send(Message::text(call)).await.unwrap();
            }
            frame = socket.next() => {
                let Some(Ok(Message::Text(text))) = frame else { return };
                let frame: Vec<Value> = serde_json::from_str(&text).unwrap();
                if frame[0] == 3 {
                    if let Some(answers) = waiting.take() {
                        let _ = answers.send(frame[2].clone());
                    }
                    continue;
                }
                let answer = json!([3, frame[1], agree(&frame[2])]).to_string();
                if socket.send(Message::text(answer)).await.is_err() {
                    return;
                }
                let action = frame[2].as_str().unwrap().to_owned();
                let _ = hears.send(Call { action, payload: frame[3].clone() });
            }
        }
    }
}

fn agree(action: &Value) -> Value {
    match action.as_str() {
        Some("BootNotification") => json!({ "status": "Accepted", "interval": 60 }),
        Some("StartTransaction") => {
            json!({ "transactionId": TRANSACTION, "idTagInfo": { "status": "Accepted" } })
        }
        Some("Authorize") => json!({
            "idTagInfo": { "status": "Accepted" }, "idTokenInfo": { "status": "Accepted" },
        }),
        _ => json!({}),
    }
}
