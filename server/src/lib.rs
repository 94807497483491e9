//! Serves the portal, and answers as the systems behind it do.
//!
//! - [`config`]: what it is told. [`clock`]: what time it is.
//! - [`http`]: routes, who may see what, errors in each system's own shape.
//! - [`provider`]: what each system can be asked: the seam between `http` and
//!   [`embedded`] (our own store) or [`upstream`] (the real system).
//! - [`mail`]: letters. [`ids`]: names and secrets for new things.
//!
//! [`app`] is the whole server as a value: a test calls it without a port.

pub mod clock;
pub mod config;
pub mod embedded;
pub mod http;
pub mod ids;
pub mod mail;
pub mod provider;
pub mod upstream;

use std::sync::Arc;

use axum::Router;

use crate::{
    clock::Clock,
    config::Config,
    embedded::{Store, sessions::Embedded},
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
}

impl App {
    /// The server's parts, put together.
    pub fn new(config: Config, clock: Clock, store: Store) -> Self {
        // Fails only if it was done before, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        let sessions = Embedded::new(store.clone(), clock.clone());
        Self {
            config: Arc::new(config),
            clock,
            store,
            sessions: Arc::new(sessions),
        }
    }
}

/// The whole server.
pub fn app(app: App) -> Router {
    http::router(app)
}
