//! Serves the portal, and answers as the systems behind it do.
//!
//! - [`config`]: what it is told. [`clock`]: what time it is.
//! - [`http`]: routes, who may see what, errors in each system's own shape.
//! - [`provider`]: what each system can be asked: the seam between `http` and
//!   [`embedded`] (our own store) or [`upstream`] (the real system).
//! - [`ocpp`]: charge points on WebSockets.
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
pub mod ocpp;
pub mod papers;
pub mod passwords;
pub mod provider;
pub mod tasks;
pub mod upstream;

use std::{sync::Arc, thread::available_parallelism};

use axum::Router;
use tokio::sync::{Notify, watch};

use crate::{
    clock::Clock,
    config::{Config, Dynamo, PetitMonde},
    documents::press::Press,
    embedded::{
        Store,
        calls::Calls,
        charging::{Charging, Rules},
        quota::Quota,
        sessions::Embedded,
    },
    http::{
        files::{self, Files},
        turns::Turns,
    },
    mail::Post,
    passwords::Hasher,
    upstream::{client, dynamo, petit_monde},
};

/// How many browsers of one person are told what changes at a time.
const STREAMS: usize = 8;

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
    /// The system that holds plugs; `None`: our own charge points do.
    pub reservations: Option<Arc<dyn provider::Reservations>>,
    /// The system where plugs are booked; `None`: our own store.
    pub elsewhere: Option<Elsewhere>,
    /// How often each person may still ask Petit Monde's paths.
    pub calls: Calls,
    /// Charge points, and who holds which plug.
    pub charging: Charging,
    /// Whether the server is about to end.
    pub stopping: watch::Sender<bool>,
    /// Hashes and checks passwords.
    pub hasher: Hasher,
    /// Who is being sent an export at this moment.
    pub exports: Turns,
    /// Who is being told what changes.
    pub streams: Turns,
    /// The built portal.
    pub files: Arc<Files>,
    /// Hands letters over.
    pub post: Post,
    /// Rung when a letter was put into the box.
    pub letters_waiting: Arc<Notify>,
}

/// A real Petit Monde, and how often it may still be asked.
#[derive(Clone)]
pub struct Elsewhere {
    /// The system.
    pub system: Arc<dyn provider::bookings::Bookings>,
    /// The count of its calls.
    pub quota: Quota,
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
    /// This copy of the server can't be told from others.
    #[error(transparent)]
    Random(#[from] ids::NoRandomness),
    /// Passwords can't be hashed on this machine.
    #[error("{0}")]
    Passwords(#[from] passwords::Failure),
}

impl App {
    /// The server's parts, put together.
    pub fn new(config: Config, clock: Clock, store: Store) -> Result<Self, BuildError> {
        // Fails only if it was done before, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        let systems = systems(&config, &clock, &store)?;
        let elsewhere = elsewhere(&config, &clock, &store)?;
        let rules = Rules {
            holds: config.holds,
            tries: config.hold_tries,
            most_bookings: config.most_bookings,
            patience: config.charge_point_answer,
        };
        let portal = config.portal_url();
        let charging = Charging::new(store.clone(), clock.clone(), rules, &portal)?;
        let calls = Calls::new(store.clone(), clock.clone(), config.person_calls);
        Ok(Self {
            calls,
            charging,
            stopping: watch::Sender::default(),
            hasher: Hasher::new(cores())?,
            exports: Turns::of(1),
            streams: Turns::of(STREAMS),
            files: files::open(config.bundle.as_deref())?,
            post: Post::new(&config)?,
            letters_waiting: Arc::default(),
            config: Arc::new(config),
            clock,
            store,
            sessions: systems.sessions,
            disputes: systems.disputes,
            reservations: systems.reservations,
            elsewhere,
        })
    }

    /// Ends what would go on for ever: the server is about to end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        self.charging.links().end_all();
    }

    /// Where a session is in the portal.
    pub fn link_of_session(&self, id: &str) -> String {
        [&self.config.portal_url(), "/sessions/", id].concat()
    }
}

/// Who answers for what.
struct Systems {
    sessions: Arc<dyn provider::Sessions>,
    disputes: Option<Arc<dyn provider::Disputes>>,
    reservations: Option<Arc<dyn provider::Reservations>>,
}

/// Who answers for what, as the configuration says.
fn systems(config: &Config, clock: &Clock, store: &Store) -> Result<Systems, client::Unusable> {
    Ok(match &config.dynamo {
        Dynamo::Embedded => {
            let press = Press::new(cores());
            let embedded = Embedded::new(store.clone(), clock.clone(), press);
            Systems {
                sessions: Arc::new(embedded),
                disputes: None,
                reservations: None,
            }
        }
        Dynamo::Upstream(upstream) => {
            let limits = client::Limits::default();
            let dynamo = Arc::new(dynamo::Dynamo::new(upstream, clock.clone(), limits)?);
            Systems {
                sessions: dynamo.clone(),
                disputes: Some(dynamo.clone()),
                reservations: Some(dynamo),
            }
        }
    })
}

/// Where plugs are booked, if that isn't our own store.
fn elsewhere(
    config: &Config,
    clock: &Clock,
    store: &Store,
) -> Result<Option<Elsewhere>, client::Unusable> {
    let PetitMonde::Upstream(upstream) = &config.petit_monde else {
        return Ok(None);
    };
    let allowance = upstream.allowance;
    let quota = Quota::new(store.clone(), clock.clone(), "petit_monde", allowance);
    let (limits, meter) = (client::Limits::default(), Arc::new(quota.clone()));
    let system = petit_monde::PetitMonde::new(upstream, clock.clone(), limits, meter)?;
    Ok(Some(Elsewhere {
        system: Arc::new(system),
        quota,
    }))
}

/// How much work can be done at a time.
fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// The whole server.
pub fn app(app: App) -> Router {
    http::router(app)
}
