//! What the server is told: flags, environment, `portal.toml`, defaults, in
//! this order. A value that makes no sense never starts a server.

mod net;
mod read;
mod secret;
mod settings;

use std::{net::IpAddr, path::PathBuf, time::Duration};

use chrono_tz::Tz;
use portal_api::portal::holds::HoldRules;

pub use self::{
    net::{Network, Url},
    read::{Command, Import, problem_in_toml, read},
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
    /// Where bookings are made.
    pub petit_monde: PetitMonde,
    /// How often one person may ask Petit Monde's paths, on all copies of the server together.
    pub person_calls: Allowance,
    /// What drivers may hold.
    pub holds: HoldRules,
    /// How often one driver may try to hold a plug within an hour.
    pub hold_tries: i64,
    /// How many bookings with their own token one driver may have at a time.
    pub most_bookings: i64,
    /// How long a charge point may take to answer.
    pub charge_point_answer: Duration,
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
            petit_monde: PetitMonde::Embedded,
            person_calls: Allowance::default(),
            holds: HoldRules {
                shortest_minutes: 1,
                longest_minutes: 24 * 60,
                most: 2,
            },
            hold_tries: 10,
            most_bookings: 10,
            charge_point_answer: Duration::from_secs(5),
        }
    }
}

impl Config {
    /// How people reach the portal, without a slash at the end.
    pub fn portal_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.to_string(),
            None => format!("http://{}:{}", self.host, self.port),
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

/// Who answers for Petit Monde's paths.
#[derive(Clone, Debug)]
pub enum PetitMonde {
    /// Our own store.
    Embedded,
    /// The real system.
    Upstream(PetitMondeUpstream),
}

/// How to reach a real Petit Monde.
#[derive(Clone, Debug)]
pub struct PetitMondeUpstream {
    /// Without a slash at the end; https, or http on a loopback address.
    pub url: Url,
    /// The operator's key.
    pub key: Secret,
    /// How often it may be asked.
    pub allowance: Allowance,
}

/// How often something may be asked, on all copies of the server together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Allowance {
    /// Within any minute.
    pub a_minute: i64,
    /// Within a month of the calendar (UTC).
    pub a_month: i64,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            a_minute: 100,
            a_month: 10_000,
        }
    }
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
    /// It isn't said what is to be imported.
    #[error("import needs one FILE; see portal-server import --help")]
    OneFile,
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
