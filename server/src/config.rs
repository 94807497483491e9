//! What the server is told: flags, environment, `portal.toml`, defaults, in
//! this order. A value that makes no sense never starts a server.

mod net;
mod read;
mod secret;
mod settings;

use std::{net::IpAddr, path::PathBuf};

use chrono_tz::Tz;

pub use self::{
    net::{Network, Url},
    read::{Command, read},
    secret::Secret,
};

/// Everything the server is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub host: IpAddr,
    /// Where to listen; 0 takes any free port.
    pub port: u16,
    /// The folder for the store's file and the letters.
    pub data: PathBuf,
    /// The folder of the built portal; without it only the API answers.
    pub bundle: Option<PathBuf>,
    /// Fill an empty store with demo people.
    pub demo: Option<DemoSize>,
    /// What a line of the log looks like.
    pub log: LogFormat,
    /// `postgres://…`; without it the store is a file in `data`.
    pub database: Option<Secret>,
    /// How people reach the portal, without a slash at the end.
    pub public_url: Option<Url>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// `smtp://…` or `smtps://…`; without it letters go to a folder in `data`.
    pub smtp: Option<Secret>,
    /// Who letters are from.
    pub mail_from: String,
    /// Where sessions come from.
    pub dynamo: Dynamo,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: IpAddr::from([127, 0, 0, 1]),
            port: 8080,
            data: PathBuf::from("data"),
            bundle: None,
            demo: None,
            log: LogFormat::Json,
            database: None,
            public_url: None,
            trusted_proxies: Vec::new(),
            smtp: None,
            mail_from: "Driver Portal <portal@localhost>".to_owned(),
            dynamo: Dynamo::Embedded,
        }
    }
}

/// How much demo data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DemoSize {
    /// One driver with two years of sessions, and one person for each role.
    Small,
    /// Also a driver with 10,000 sessions and a company of 500 employees.
    Large,
}

/// What a line of the log looks like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LogFormat {
    /// One JSON object.
    Json,
    /// For people.
    Text,
}

/// Who answers for Dynamo's paths.
#[derive(Clone, Debug)]
pub enum Dynamo {
    /// Our own store.
    Embedded,
    /// The real system.
    Upstream(DynamoUpstream),
}

/// How to reach a real Dynamo.
#[derive(Clone, Debug)]
pub struct DynamoUpstream {
    /// Without a slash at the end; https, or http on a loopback address.
    pub url: Url,
    /// The operator's key.
    pub key: Secret,
    /// Whose calendar its days and months are counted by.
    pub time_zone: Tz,
}

/// Why a configuration starts no server: the name, the value unless it is a
/// secret, and what is allowed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value makes no sense.
    #[error("{name}{} is not allowed; it must be {allowed}", shown(.value))]
    Value {
        /// The setting, as it was given.
        name: String,
        /// `None` for a secret.
        value: Option<String>,
        /// In English.
        allowed: String,
    },
    /// There is no such setting.
    #[error("{0} is no setting of this program; see --help")]
    Unknown(String),
    /// A setting without its value, or without another one it needs.
    #[error("{0} needs a value")]
    Missing(String),
    /// The file can't be read.
    #[error("the configuration {file} cannot be read: {problem}")]
    File {
        /// Its path.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Everybody knows the demo people's password.
    #[error(
        "--demo signs anybody in with a published password, so it serves only on this machine; \
         host {0} can be reached from elsewhere, use 127.0.0.1 or leave --demo out"
    )]
    PublicDemo(IpAddr),
}

fn shown(value: &Option<String>) -> String {
    value
        .as_ref()
        .map_or(String::new(), |value| format!(" = {value:?}"))
}
