//! The settings of the systems behind the server.

use chrono_tz::Tz;

use super::{
    PLAIN, Setting, put,
    values::{key, upstream_url, within},
};
use crate::config::{
    Allowance, ConfigError, Dynamo, DynamoUpstream, PetitMonde, PetitMondeUpstream, Secret, Url,
};

/// What is said of them so far.
#[derive(Default)]
pub(super) struct Systems {
    dynamo: Reach,
    time_zone: Option<Tz>,
    petit_monde: Reach,
    allowance: Allowance,
}

/// How one is reached.
#[derive(Clone, Default)]
struct Reach {
    upstream: bool,
    url: Option<Url>,
    key: Option<Secret>,
}

impl Reach {
    /// Where a real one is, and the key to it; `None` if our own store stands in for it.
    fn known(&self, name: &str) -> Result<Option<(Url, Secret)>, ConfigError> {
        if !self.upstream {
            return Ok(None);
        }
        let needed = |what: &str| {
            ConfigError::Missing(format!("{name}.{what} (with {name}.provider = upstream)"))
        };
        let url = self.url.clone().ok_or_else(|| needed("url"))?;
        let key = self.key.clone().ok_or_else(|| needed("key"))?;
        Ok(Some((url, key)))
    }
}

impl Systems {
    pub(super) fn dynamo(&self) -> Result<Dynamo, ConfigError> {
        let reach = self.dynamo.known("dynamo")?;
        Ok(reach.map_or(Dynamo::Embedded, |(url, key)| {
            Dynamo::Upstream(DynamoUpstream {
                url,
                key,
                time_zone: self.time_zone.unwrap_or(Tz::UTC),
            })
        }))
    }

    pub(super) fn petit_monde(&self) -> Result<PetitMonde, ConfigError> {
        let reach = self.petit_monde.known("petit_monde")?;
        Ok(reach.map_or(PetitMonde::Embedded, |(url, key)| {
            PetitMonde::Upstream(PetitMondeUpstream {
                url,
                key,
                allowance: self.allowance,
            })
        }))
    }
}

/// `embedded` or `upstream`.
fn upstream(place: &mut bool, value: &str) -> Result<(), &'static str> {
    let known = matches!(value, "embedded" | "upstream");
    let upstream = known.then_some(value == "upstream");
    put(place, upstream, "embedded or upstream")
}

fn url(place: &mut Option<Url>, value: &str) -> Result<(), &'static str> {
    let allowed = "an https address (http only on a loopback address), without a query";
    put(place, upstream_url(value).map(Some), allowed)
}

fn secret(place: &mut Option<Secret>, value: &str) -> Result<(), &'static str> {
    put(place, key(value).map(Some), "the operator's key")
}

fn calls(place: &mut i64, value: &str) -> Result<(), &'static str> {
    let calls = within(value, 10, 100_000_000).map(i64::from);
    put(place, calls, "a whole number from 10 to 100000000")
}

pub(super) static SYSTEMS: [Setting; 11] = [
    Setting {
        key: "dynamo.provider",
        variable: "PORTAL_DYNAMO_PROVIDER",
        set: |draft, value| upstream(&mut draft.systems.dynamo.upstream, value),
        ..PLAIN
    },
    Setting {
        key: "dynamo.url",
        variable: "PORTAL_DYNAMO_URL",
        set: |draft, value| url(&mut draft.systems.dynamo.url, value),
        ..PLAIN
    },
    Setting {
        key: "dynamo.key",
        variable: "PORTAL_DYNAMO_KEY",
        secret: true,
        set: |draft, value| secret(&mut draft.systems.dynamo.key, value),
        ..PLAIN
    },
    Setting {
        key: "dynamo.time_zone",
        variable: "PORTAL_DYNAMO_TIME_ZONE",
        set: |draft, value| {
            put(
                &mut draft.systems.time_zone,
                value.parse().ok().map(Some),
                "an IANA time zone such as Europe/Berlin",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "petit_monde.provider",
        variable: "PORTAL_PETIT_MONDE_PROVIDER",
        set: |draft, value| upstream(&mut draft.systems.petit_monde.upstream, value),
        ..PLAIN
    },
    Setting {
        key: "petit_monde.url",
        variable: "PORTAL_PETIT_MONDE_URL",
        set: |draft, value| url(&mut draft.systems.petit_monde.url, value),
        ..PLAIN
    },
    Setting {
        key: "petit_monde.key",
        variable: "PORTAL_PETIT_MONDE_KEY",
        secret: true,
        set: |draft, value| secret(&mut draft.systems.petit_monde.key, value),
        ..PLAIN
    },
    Setting {
        key: "petit_monde.calls_a_minute",
        variable: "PORTAL_PETIT_MONDE_CALLS_A_MINUTE",
        set: |draft, value| calls(&mut draft.systems.allowance.a_minute, value),
        ..PLAIN
    },
    Setting {
        key: "petit_monde.calls_a_month",
        variable: "PORTAL_PETIT_MONDE_CALLS_A_MONTH",
        set: |draft, value| calls(&mut draft.systems.allowance.a_month, value),
        ..PLAIN
    },
    Setting {
        key: "petit_monde.person_calls_a_minute",
        variable: "PORTAL_PETIT_MONDE_PERSON_CALLS_A_MINUTE",
        set: |draft, value| calls(&mut draft.config.person_calls.a_minute, value),
        ..PLAIN
    },
    Setting {
        key: "petit_monde.person_calls_a_month",
        variable: "PORTAL_PETIT_MONDE_PERSON_CALLS_A_MONTH",
        set: |draft, value| calls(&mut draft.config.person_calls.a_month, value),
        ..PLAIN
    },
];
