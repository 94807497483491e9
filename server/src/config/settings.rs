//! Every setting: its names, what it may be (`values`), and which go together. `systems`:
//! those of the systems behind the server.

mod systems;
mod values;

use std::time::Duration;

use self::{
    systems::{SYSTEMS, Systems},
    values::{DAY, database, demo_size, host, log, mailbox, origin, path, smtp, within},
};
use super::{Config, ConfigError, DemoSize};

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
    systems: Systems,
}

const PLAIN: Setting = Setting {
    key: "",
    variable: "",
    flag: None,
    secret: false,
    set: |_, _| Ok(()),
};

static SETTINGS: [Setting; 18] = [
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
        key: "holds.shortest_minutes",
        variable: "PORTAL_HOLDS_SHORTEST_MINUTES",
        set: |draft, value| {
            let place = &mut draft.config.holds.shortest_minutes;
            put(place, within(value, 1, DAY), "whole minutes from 1 to 1440")
        },
        ..PLAIN
    },
    Setting {
        key: "holds.longest_minutes",
        variable: "PORTAL_HOLDS_LONGEST_MINUTES",
        set: |draft, value| {
            let place = &mut draft.config.holds.longest_minutes;
            put(place, within(value, 1, DAY), "whole minutes from 1 to 1440")
        },
        ..PLAIN
    },
    Setting {
        key: "holds.most",
        variable: "PORTAL_HOLDS_MOST",
        set: |draft, value| {
            let place = &mut draft.config.holds.most;
            put(place, within(value, 0, 100), "a whole number from 0 to 100")
        },
        ..PLAIN
    },
    Setting {
        key: "holds.tries_an_hour",
        variable: "PORTAL_HOLDS_TRIES_AN_HOUR",
        set: |draft, value| {
            let tries = within(value, 1, 100_000).map(i64::from);
            put(
                &mut draft.config.hold_tries,
                tries,
                "a whole number from 1 to 100000",
            )
        },
        ..PLAIN
    },
    Setting {
        key: "bookings.most",
        variable: "PORTAL_BOOKINGS_MOST",
        set: |draft, value| {
            let most = within(value, 0, 1_000).map(i64::from);
            let place = &mut draft.config.most_bookings;
            put(place, most, "a whole number from 0 to 1000")
        },
        ..PLAIN
    },
    Setting {
        key: "charge_points.answer_seconds",
        variable: "PORTAL_CHARGE_POINTS_ANSWER_SECONDS",
        set: |draft, value| {
            let time = within(value, 1, 60).map(|seconds| Duration::from_secs(seconds.into()));
            put(
                &mut draft.config.charge_point_answer,
                time,
                "whole seconds from 1 to 60",
            )
        },
        ..PLAIN
    },
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().chain(&SYSTEMS)
}

/// The secret with this key.
pub(super) fn secret(key: &str) -> Option<&'static Setting> {
    all().find(|setting| setting.secret && setting.key == key)
}

fn put<T>(place: &mut T, value: Option<T>, allowed: Allowed) -> Result<(), Allowed> {
    *place = value.ok_or(allowed)?;
    Ok(())
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
        let holds = &self.config.holds;
        if holds.shortest_minutes > holds.longest_minutes {
            return Err(ConfigError::Value {
                name: "holds.shortest_minutes".to_owned(),
                value: Some(holds.shortest_minutes.to_string()),
                allowed: "no more than holds.longest_minutes".to_owned(),
            });
        }
        self.config.dynamo = self.systems.dynamo()?;
        self.config.petit_monde = self.systems.petit_monde()?;
        Ok(self.config)
    }
}
