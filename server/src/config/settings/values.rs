//! What a setting may be.

use std::{net::IpAddr, path::PathBuf};

use crate::config::{DemoSize, LogFormat, Secret, Url};

/// The most minutes of a hold.
pub(super) const DAY: u32 = 24 * 60;

/// A whole number of a range.
pub(super) fn within(value: &str, least: u32, most: u32) -> Option<u32> {
    value
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
}

pub(super) fn host(value: &str) -> Option<IpAddr> {
    match value {
        "localhost" => Some(IpAddr::from([127, 0, 0, 1])),
        value => value.parse().ok(),
    }
}

pub(super) fn path(value: &str) -> Option<PathBuf> {
    (!value.is_empty()).then(|| value.into())
}

pub(super) fn demo_size(value: &str) -> Option<DemoSize> {
    match value {
        "small" => Some(DemoSize::Small),
        "large" => Some(DemoSize::Large),
        _ => None,
    }
}

pub(super) fn log(value: &str) -> Option<LogFormat> {
    match value {
        "json" => Some(LogFormat::Json),
        "text" => Some(LogFormat::Text),
        _ => None,
    }
}

pub(super) fn database(value: &str) -> Option<Secret> {
    let known = value.starts_with("postgres://") || value.starts_with("postgresql://");
    known.then(|| Secret::new(value))
}

/// The cookie is for the whole host: the portal can't live under a path.
pub(super) fn origin(value: &str) -> Option<Url> {
    value
        .parse()
        .ok()
        .filter(|url: &Url| url.origin() == url.as_str())
}

pub(super) fn smtp(value: &str) -> Option<Secret> {
    let secret = Secret::new(value);
    crate::mail::post::is_address(&secret).then_some(secret)
}

pub(super) fn mailbox(value: &str) -> Option<String> {
    let parsed: Result<lettre::message::Mailbox, _> = value.parse();
    parsed.is_ok().then(|| value.to_owned())
}

pub(super) fn upstream_url(value: &str) -> Option<Url> {
    value
        .parse()
        .ok()
        .filter(|url: &Url| url.is_https() || url.is_loopback())
}

/// Whatever can stand in a header.
pub(super) fn key(value: &str) -> Option<Secret> {
    let fits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| Secret::new(value))
}
