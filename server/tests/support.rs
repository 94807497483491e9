//! A whole server for a test: on a port of its own, with a store of its own
//! and a clock that the test moves.
//!
//! `both_stores(async |server| …)` runs a test on SQLite and, when
//! `PORTAL_TEST_PG` names a PostgreSQL server, there too.

#![allow(dead_code, unused_imports, reason = "no test needs all of it")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

pub mod bookings;
pub mod browser;
pub mod charge_point;
pub mod copies;
pub mod crash;
pub mod database;
pub mod disputes;
pub mod ground;
pub mod groups;
pub mod holds;
pub mod large_group;
pub mod owned;
pub mod people;
pub mod program;
pub mod python;
pub mod small_disk;
pub mod stock;
pub mod upstream;

use std::{net::SocketAddr, path::PathBuf};

use portal_api::time::Instant;
use portal_server::{
    App,
    clock::Clock,
    config::{Allowance, Config},
    embedded::Store,
    http::serve,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub use self::{
    browser::{Answer, Browser},
    database::Database,
};

/// When tests begin: a Saturday afternoon in June.
pub fn beginning() -> Instant {
    "2025-06-14T15:00:00Z".parse().unwrap()
}

/// A test asks at one moment what people ask in hours.
pub fn tireless() -> Config {
    Config {
        person_calls: Allowance {
            a_minute: 100_000,
            a_month: 100_000,
        },
        most_bookings: 1_000,
        ..Config::default()
    }
}

/// A server that runs until it is dropped.
pub struct Server {
    pub app: App,
    pub address: SocketAddr,
    pub folder: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
    charging: JoinHandle<()>,
}

impl Server {
    /// Serves `store` as `config` says.
    pub async fn start(config: Config, clock: Clock, store: Store) -> Self {
        Self::of(App::new(config, clock, store).unwrap()).await
    }

    /// Serves what was put together already.
    pub async fn of(app: App) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = portal_server::app(app.clone());
        // What it says of itself is there before a test looks.
        app.charging.live().await.unwrap();
        let charging = tokio::spawn({
            let (charging, database) = (app.charging.clone(), app.config.database.clone());
            async move { charging.run(database.as_ref()).await }
        });
        let running = tokio::spawn(serve::serve(listener, router, async {
            let _ = stopped.await;
        }));
        Self {
            folder: app.config.data.clone(),
            app,
            address,
            stop: Some(stop),
            running,
            charging,
        }
    }

    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    pub fn store(&self) -> &Store {
        &self.app.store
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser in which the person with this e-mail address is signed in.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(email, people::PASSWORD).await;
        assert_eq!(answer.status, 200, "{email}: {}", answer.text);
        browser
    }

    /// Ends at once, as far as others can tell: it says nothing more to the store.
    pub fn die(self) {
        self.charging.abort();
        self.running.abort();
    }

    /// Stops politely and waits for the last connection.
    pub async fn stop(mut self) {
        self.app.stop();
        self.charging.abort();
        drop(self.stop.take());
        self.running.await.unwrap();
        self.app.store.close().await;
    }
}

/// Runs a test against a server on each store that can be had.
pub async fn both_stores(test: impl AsyncFn(&Server)) {
    both_stores_with(|_| {}, test).await;
}

/// The same, with a configuration of one's own.
pub async fn both_stores_with(change: impl Fn(&mut Config), test: impl AsyncFn(&Server)) {
    for database in database::all().await {
        on(database, &change, &test).await;
    }
}

/// Runs a test that has nothing to do with the store on SQLite only.
pub async fn one_store(change: impl Fn(&mut Config), test: impl AsyncFn(&Server)) {
    on(Database::Sqlite, &change, &test).await;
}

async fn on(database: Database, change: &impl Fn(&mut Config), test: &impl AsyncFn(&Server)) {
    let folder = database::folder();
    let mut config = Config {
        data: folder.clone(),
        database: database.address(),
        ..tireless()
    };
    change(&mut config);
    let clock = Clock::standing_at(beginning());
    let store = database.open(&folder, &clock).await;
    let server = Server::start(config, clock, store).await;
    test(&server).await;
    server.stop().await;
    database.drop().await;
    std::fs::remove_dir_all(&folder).unwrap();
}
