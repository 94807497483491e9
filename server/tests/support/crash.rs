//! A server that is killed, and a charge point that outlives it.

use std::{collections::BTreeSet, path::Path, time::Duration};

use portal_server::{clock::Clock, config::Config};
use serde_json::json;
use tokio::sync::watch;

use super::{
    Browser, Database, Server,
    charge_point::{self, ChargePoint, KEY},
    people,
    program::{self, Program},
};

/// What the charge point holds, by number; it forgets nothing when the server dies.
pub type Table = watch::Sender<BTreeSet<i64>>;

pub fn start(database: &Database, folder: &Path) -> Program {
    let mut command = program::command(folder);
    command.env("PORTAL_HOLDS_TRIES_AN_HOUR", "100000");
    command.env("PORTAL_BOOKINGS_MOST", "1000");
    if let Some(address) = database.address() {
        command.env("DATABASE_URL", address.expose());
    }
    Program::start_command(command, folder, &[])
}

/// A driver and a charge point in a store that no server has open.
pub async fn prepare(database: &Database, folder: &Path) {
    prepare_with(database, folder, async |_| {}).await;
}

/// The same, with more in it.
pub async fn prepare_with(database: &Database, folder: &Path, more: impl AsyncFn(&Server)) {
    let config = Config {
        data: folder.to_owned(),
        database: database.address(),
        ..Config::default()
    };
    let clock = Clock::system();
    let store = database.open(folder, &clock).await;
    let server = Server::start(config, clock, store).await;
    charge_point::lay(&server).await;
    people::driver(&server).await;
    more(&server).await;
    server.stop().await;
}

/// Obeys until the server is gone; `before` is done when an order has come and before
/// it is answered, `after` when it was answered.
pub async fn serve(
    mut point: ChargePoint,
    table: &Table,
    before: impl AsyncFn(),
    after: impl AsyncFn(),
) {
    while let Some(frame) = point.hear_for(Duration::from_secs(120)).await {
        if frame[0] != 2 {
            continue;
        }
        let id = frame[1].as_str().unwrap();
        let number = |name: &str| frame[3][name].as_i64().unwrap();
        table.send_modify(|held| {
            if frame[2] == "ReserveNow" {
                held.insert(number("reservationId"));
            } else {
                held.remove(&number("reservationId"));
            }
        });
        before().await;
        let answer = json!([3, id, { "status": "Accepted" }]).to_string();
        if point.say_text(&answer).await.is_err() {
            return;
        }
        after().await;
    }
}

pub async fn connect(program: &Program) -> ChargePoint {
    let point = ("CP-BGO", "CP-BGO", KEY);
    let connected = ChargePoint::connect_to(program.address, point, "ocpp1.6").await;
    connected.map_err(|status| status.to_string()).unwrap()
}

/// The driver, signed in.
pub async fn driver(program: &Program) -> Browser {
    let mut browser = Browser::new(program.address);
    browser
        .sign_in("driver@example.com", people::PASSWORD)
        .await;
    browser
}

pub fn browser_at(program: &Program, cookie: &Option<String>) -> Browser {
    let mut browser = Browser::new(program.address);
    browser.cookie.clone_from(cookie);
    browser
}
