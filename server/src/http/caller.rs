//! Who is asking.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};

use super::Refusal;
use crate::{
    App,
    embedded::{
        devices::{self, SignedIn},
        people::Person,
    },
    ids,
};

/// The name of the cookie with the session's secret. The prefix makes browsers
/// refuse it from a subdomain or without TLS; loopback addresses count as safe.
pub const COOKIE: &str = "__Host-sid";

/// The signed-in person; asking for it refuses everybody else with 401.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is.
    pub person: Person,
    /// The device it is, by its id.
    pub device_id: String,
    /// Whether what they read may be kept on it.
    pub keep_on_device: bool,
}

impl From<SignedIn> for Caller {
    fn from(who: SignedIn) -> Self {
        Self {
            person: who.person,
            device_id: who.device_id,
            keep_on_device: !who.shared,
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refusal> {
        // The guard of the route has put it there, or the route is for
        // everybody and its handler must not ask.
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(Refusal::signed_out)
    }
}

/// The hash of the secret that came with a request.
pub(super) fn presented(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| ids::hash(token))
}

/// Who sent a request, if they are signed in.
pub(super) async fn recognise(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, Refusal> {
    let Some(token_hash) = presented(headers) else {
        return Ok(None);
    };
    let now = app.clock.now();
    let Some(who) = devices::recognise(&app.store, &token_hash, now).await? else {
        return Ok(None);
    };
    // Where nothing can be written just now, there is still much to read.
    if let Err(error) = devices::note_use(&app.store, &who, now).await {
        tracing::warn!(event = "use_not_noted", %error);
    }
    Ok(Some(Caller::from(who)))
}

/// The cookie that brings a secret back: for so many seconds, or until the
/// browser is closed.
pub(super) fn cookie(token: &str, age: Option<i64>) -> Result<HeaderValue, Refusal> {
    let mut text = format!("{COOKIE}={token}; HttpOnly; Secure; SameSite=Strict; Path=/");
    if let Some(seconds) = age {
        text.push_str(&format!("; Max-Age={seconds}"));
    }
    let mut value = HeaderValue::try_from(text).map_err(|_| Refusal::internal())?;
    value.set_sensitive(true);
    Ok(value)
}
