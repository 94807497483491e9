//! Serves the portal, and answers as the systems behind it do.
//!
//! - [`config`]: what it is told. [`clock`]: what time it is.
//! - [`http`]: routes, who may see what, errors in each system's own shape.
//! - [`provider`]: what each system can be asked: the seam between `http` and
//!   [`embedded`] (our own store) or [`upstream`] (the real system).
//! - [`mail`]: letters. [`documents`]: receipts. [`papers`]: photos and papers that people send.
//! - [`tasks`]: what it does on its own. [`logs`]: what it tells.
//! - [`passwords`]: how they are kept, which are too weak. [`ids`]: names and
//!   secrets for new things.
//!
//! [`app`] is the whole server as a value: a test calls it without a port.

pub mod clock;
pub mod config;
pub mod documents;
pub mod embedded;
pub mod http;
pub mod ids;
pub mod logs;
pub mod mail;
pub mod papers;
pub mod passwords;
pub mod provider;
pub mod tasks;
pub mod upstream;

use std::{sync::Arc, thread::available_parallelism};

use axum::Router;
use tokio::sync::Notify;

use crate::{
    clock::Clock,
    config::{Config, Dynamo},
    documents::press::Press,
    embedded::{Store, sessions::Embedded},
    http::{
        exports::turns::Turns,
        files::{self, Files},
    },
    mail::Post,
    passwords::Hasher,
    upstream::{client, dynamo},
};

/// What every handler can reach; clones are the same one.
#[derive(Clone)]
pub struct App {
    /// What the server was told.
    pub config: Arc<Config>,
    /// What time it is.
    pub clock: Clock,
    /// Our own store: people, and whatever is not asked upstream.
    pub store: Store,
    /// The system of sessions.
    pub sessions: Arc<dyn provider::Sessions>,
    /// The system that decides disputes; `None`: our own desk does.
    pub disputes: Option<Arc<dyn provider::Disputes>>,
    /// Hashes and checks passwords.
    pub hasher: Hasher,
    /// Who is being sent an export at this moment.
    pub exports: Turns,
    /// The built portal.
    pub files: Arc<Files>,
    /// Hands letters over.
    pub post: Post,
    /// Rung when a letter was put into the box.
    pub letters_waiting: Arc<Notify>,
}

/// Why the server's parts can't be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The folder of the built portal can't be read.
    #[error("the built portal cannot be read: {0}")]
    Bundle(#[from] std::io::Error),
    /// Letters would have no way out.
    #[error("letters cannot be sent: {0}")]
    Post(#[from] mail::post::PostError),
    /// The system of sessions can't be asked.
    #[error(transparent)]
    Upstream(#[from] client::Unusable),
    /// Passwords can't be hashed on this machine.
    #[error("{0}")]
    Passwords(#[from] passwords::Failure),
}

impl App {
    /// The server's parts, put together.
    pub fn new(config: Config, clock: Clock, store: Store) -> Result<Self, BuildError> {
        // Fails only if it was done before, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        let (sessions, disputes) = systems(&config, &clock, &store)?;
        Ok(Self {
            hasher: Hasher::new(cores())?,
            exports: Turns::default(),
            files: files::open(config.bundle.as_deref())?,
            post: Post::new(&config)?,
            letters_waiting: Arc::default(),
            config: Arc::new(config),
            clock,
            store,
            sessions,
            disputes,
        })
    }

    /// Where a session is in the portal.
    pub fn link_of_session(&self, id: &str) -> String {
        [&self.public_url(), "/sessions/", id].concat()
    }

    /// How people reach the portal, without a slash at the end.
    pub fn public_url(&self) -> String {
        match &self.config.public_url {
            Some(url) => url.to_string(),
            None => format!("http://{}:{}", self.config.host, self.config.port),
        }
    }
}

type Systems = (
    Arc<dyn provider::Sessions>,
    Option<Arc<dyn provider::Disputes>>,
);

/// Who answers for sessions and for disputes, as the configuration says.
fn systems(config: &Config, clock: &Clock, store: &Store) -> Result<Systems, client::Unusable> {
    Ok(match &config.dynamo {
        Dynamo::Embedded => {
            let press = Press::new(cores());
            let embedded = Embedded::new(store.clone(), clock.clone(), press);
            (Arc::new(embedded), None)
        }
        Dynamo::Upstream(upstream) => {
            let limits = client::Limits::default();
            let dynamo = Arc::new(dynamo::Dynamo::new(upstream, clock.clone(), limits)?);
            (dynamo.clone(), Some(dynamo))
        }
    })
}

/// How much work can be done at a time.
fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// The whole server.
pub fn app(app: App) -> Router {
    http::router(app)
}
