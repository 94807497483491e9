//! Every setting: its names, what it may be, and which go together.

use std::net::IpAddr;

use chrono_tz::Tz;

use super::{Config, ConfigError, DemoSize, Dynamo, DynamoUpstream, LogFormat, Secret, Url};

/// What is allowed, in English.
type Allowed = &'static str;

/// One setting.
pub(super) struct Setting {
    /// In `portal.toml`.
    pub key: &'static str,
    /// In the environment.
    pub variable: &'static str,
    /// On the command line, if it may stand there.
    pub flag: Option<&'static str>,
    /// Never shown, and may be read from a file.
    pub secret: bool,
    /// Puts a value in its place.
    pub set: fn(&mut Draft, &str) -> Result<(), Allowed>,
}

/// A configuration until all values are known.
#[derive(Default)]
pub(super) struct Draft {
    config: Config,
    demo: bool,
    demo_size: Option<DemoSize>,
    upstream: bool,
    dynamo_url: Option<Url>,
    dynamo_key: Option<Secret>,
    time_zone: Option<Tz>,
}

const PLAIN: Setting = Setting {
    key: "",
    variable: "",
    flag: None,
    secret: false,
    set: |_, _| Ok(()),
};

static SETTINGS: [Setting; 16] = [
    Setting {
        key: "host",
        variable: "PORTAL_HOST",
        flag: Some("--host"),
        set: |draft, value| {
            put(
                &mut draft.config.host,
                host(value),
                "an IP address or localhost",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "port",
        variable: "PORTAL_PORT",
        flag: Some("--port"),
        set: |draft, value| {
            put(
                &mut draft.config.port,
                value.parse().ok(),
                "a whole number from 0 to 65535",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "data",
        variable: "PORTAL_DATA",
        flag: Some("--data"),
        set: |draft, value| put(&mut draft.config.data, path(value), "the path of a folder"),
        ..PLAIN
    },
    Setting {
        key: "bundle",
        variable: "PORTAL_BUNDLE",
        flag: Some("--bundle"),
        set: |draft, value| {
            put(
                &mut draft.config.bundle,
                path(value).map(Some),
                "the path of a folder",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "demo",
        variable: "PORTAL_DEMO",
        flag: Some("--demo"),
        set: |draft, value| put(&mut draft.demo, value.parse().ok(), "true or false"),
        ..PLAIN
    },
    Setting {
        key: "demo_size",
        variable: "PORTAL_DEMO_SIZE",
        flag: Some("--demo-size"),
        set: |draft, value| {
            put(
                &mut draft.demo_size,
                demo_size(value).map(Some),
                "small or large",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "log",
        variable: "PORTAL_LOG",
        flag: Some("--log"),
        set: |draft, value| put(&mut draft.config.log, log(value), "json or text"),
        ..PLAIN
    },
    Setting {
        key: "database_url",
        variable: "DATABASE_URL",
        secret: true,
        set: |draft, value| {
            put(
                &mut draft.config.database,
                database(value).map(Some),
                "an address such as postgres://user:password@host/database",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "public_url",
        variable: "PORTAL_PUBLIC_URL",
        set: |draft, value| {
            put(
                &mut draft.config.public_url,
                origin(value).map(Some),
                "an address such as https://portal.example, without a path",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "trusted_proxies",
        variable: "PORTAL_TRUSTED_PROXIES",
        set: |draft, value| {
            let networks = value
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty());
            put(
                &mut draft.config.trusted_proxies,
                networks.map(|item| item.parse().ok()).collect(),
                "IP addresses or networks such as 10.0.0.0/8, separated by commas",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "smtp_url",
        variable: "PORTAL_SMTP_URL",
        secret: true,
        set: |draft, value| {
            put(
                &mut draft.config.smtp,
                smtp(value).map(Some),
                "an address such as smtp://user:password@host:587?tls=required or smtps://…",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "mail_from",
        variable: "PORTAL_MAIL_FROM",
        set: |draft, value| {
            put(
                &mut draft.config.mail_from,
                mailbox(value),
                "a sender such as Driver Portal <portal@example.com>",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "dynamo.provider",
        variable: "PORTAL_DYNAMO_PROVIDER",
        set: |draft, value| {
            let known = matches!(value, "embedded" | "upstream");
            let upstream = known.then_some(value == "upstream");
            put(&mut draft.upstream, upstream, "embedded or upstream")
        },
        ..PLAIN
    },
    Setting {
        key: "dynamo.url",
        variable: "PORTAL_DYNAMO_URL",
        set: |draft, value| {
            put(
                &mut draft.dynamo_url,
                upstream_url(value).map(Some),
                "an https address (http only on a loopback address), without a query",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "dynamo.key",
        variable: "PORTAL_DYNAMO_KEY",
        secret: true,
        set: |draft, value| {
            put(
                &mut draft.dynamo_key,
                key(value).map(Some),
                "the operator's key",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "dynamo.time_zone",
        variable: "PORTAL_DYNAMO_TIME_ZONE",
        set: |draft, value| {
            put(
                &mut draft.time_zone,
                value.parse().ok().map(Some),
                "an IANA time zone such as Europe/Berlin",
            )
        },
        ..PLAIN
    },
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter()
}

/// The secret with this key.
pub(super) fn secret(key: &str) -> Option<&'static Setting> {
    all().find(|setting| setting.secret && setting.key == key)
}

fn put<T>(place: &mut T, value: Option<T>, allowed: Allowed) -> Result<(), Allowed> {
    *place = value.ok_or(allowed)?;
    Ok(())
}

fn host(value: &str) -> Option<IpAddr> {
    match value {
        "localhost" => Some(IpAddr::from([127, 0, 0, 1])),
        value => value.parse().ok(),
    }
}

fn path(value: &str) -> Option<std::path::PathBuf> {
    (!value.is_empty()).then(|| value.into())
}

fn demo_size(value: &str) -> Option<DemoSize> {
    match value {
        "small" => Some(DemoSize::Small),
        "large" => Some(DemoSize::Large),
        _ => None,
    }
}

fn log(value: &str) -> Option<LogFormat> {
    match value {
        "json" => Some(LogFormat::Json),
        "text" => Some(LogFormat::Text),
        _ => None,
    }
}

fn database(value: &str) -> Option<Secret> {
    let known = value.starts_with("postgres://") || value.starts_with("postgresql://");
    known.then(|| Secret::new(value))
}

/// The cookie is for the whole host: the portal can't live under a path.
fn origin(value: &str) -> Option<Url> {
    value
        .parse()
        .ok()
        .filter(|url: &Url| url.origin() == url.as_str())
}

fn smtp(value: &str) -> Option<Secret> {
    let secret = Secret::new(value);
    crate::mail::post::is_address(&secret).then_some(secret)
}

fn mailbox(value: &str) -> Option<String> {
    let parsed: Result<lettre::message::Mailbox, _> = value.parse();
    parsed.is_ok().then(|| value.to_owned())
}

fn upstream_url(value: &str) -> Option<Url> {
    value
        .parse()
        .ok()
        .filter(|url: &Url| url.is_https() || url.is_loopback())
}

/// Whatever can stand in a header.
fn key(value: &str) -> Option<Secret> {
    let fits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| Secret::new(value))
}

impl Draft {
    /// The configuration, if its values go together.
    pub(super) fn finish(mut self) -> Result<Config, ConfigError> {
        if self.demo {
            if !self.config.host.is_loopback() {
                return Err(ConfigError::PublicDemo(self.config.host));
            }
            self.config.demo = Some(self.demo_size.unwrap_or(DemoSize::Small));
        }
        if self.upstream {
            let needed = |name: &str| {
                ConfigError::Missing(format!("{name} (with dynamo.provider = upstream)"))
            };
            self.config.dynamo = Dynamo::Upstream(DynamoUpstream {
                url: self.dynamo_url.ok_or_else(|| needed("dynamo.url"))?,
                key: self.dynamo_key.ok_or_else(|| needed("dynamo.key"))?,
                time_zone: self.time_zone.unwrap_or(Tz::UTC),
            });
        }
        Ok(self.config)
    }
}
