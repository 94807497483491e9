//! The other program: what it is told, and what it tells.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

use crate::support::{Server, charge_point::KEY};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the Python packages are, if anybody has fetched them.
pub fn packages() -> Option<OsString> {
    let packages = std::env::var_os("PORTAL_TEST_OCPP");
    if packages.is_none() {
        eprintln!("NOT TESTED: PORTAL_TEST_OCPP names no folder with Python's package ocpp");
    }
    packages
}

/// A charge point that another program plays; dropped, it is killed.
pub struct Peer {
    child: Child,
    input: ChildStdin,
    lines: UnboundedReceiver<Value>,
    /// Orders that came while something else was awaited.
    orders: Vec<(String, Value)>,
}

impl Peer {
    /// `CP-BGO`, which has yet to connect.
    pub fn start(server: &Server, packages: &OsString, subprotocol: &str) -> Self {
        let mut child = Command::new("python3")
            .args(["-X", "utf8"])
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/ocpp_peer/charge_point.py"
            ))
            .arg(format!("ws://{}/ocpp/CP-BGO", server.address))
            .args(["CP-BGO", KEY, subprotocol])
            .env("PYTHONPATH", packages)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is needed (on Debian: apt install python3)");
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                // Nobody may be listening any more, which is fine.
                let _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        Self {
            input: child.stdin.take().unwrap(),
            child,
            lines,
            orders: Vec::new(),
        }
    }

    async fn line(&mut self) -> Value {
        let line = timeout(PATIENCE, self.lines.recv()).await.expect("in time");
        let line = line.expect("the other program goes on");
        assert!(line.get("failed").is_none(), "{line}");
        line
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// What it tells next that is no order.
    pub async fn news(&mut self, name: &str) -> Value {
        loop {
            let mut line = self.line().await;
            if let Some(news) = line.get_mut(name) {
                return news.take();
            }
            let order = line["order"].as_str().map(str::to_owned);
            let order = order.unwrap_or_else(|| panic!("{name} was awaited, not {line}"));
            self.orders.push((order, line["details"].take()));
        }
    }

    /// The order that it is given next.
    pub async fn order(&mut self) -> (String, Value) {
        if !self.orders.is_empty() {
            return self.orders.remove(0);
        }
        let mut line = self.line().await;
        let order = line["order"].as_str().map(str::to_owned);
        let order = order.unwrap_or_else(|| panic!("an order was awaited, not {line}"));
        (order, line["details"].take())
    }

    /// Connects; what was said without a connection is said then.
    pub async fn connect(&mut self) -> Value {
        self.tell("connect");
        self.news("connected").await
    }

    /// Ends the connection.
    pub async fn drop_line(&mut self) {
        self.tell("drop");
        self.news("dropped").await;
    }

    /// How it answers orders from now on.
    pub async fn behave(&mut self, says: &str) {
        self.tell(&format!("behave {says}"));
        self.news("says").await;
    }

    /// Says something; gives the answer.
    pub async fn say(&mut self, action: &str, details: &Value) -> Value {
        self.tell(&format!("{action} {details}"));
        self.news("answer").await
    }

    /// Says something once there is a connection.
    pub async fn say_later(&mut self, action: &str, details: &Value) {
        self.tell(&format!("{action} {details}"));
        self.news("queued").await;
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended already, which is what this is for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
