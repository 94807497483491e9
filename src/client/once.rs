//! What is done once, however often it is sent, and what came of that.

use gloo_net::http::{Headers, Method};
use portal_api::petit_monde::ErrorBody;

use super::{Limit, Problem, Result, WRITE_TIME, request};
use crate::json;

/// What came back, to the last byte.
pub(super) struct Said {
    pub(super) status: u16,
    headers: Headers,
    pub(super) body: String,
}

impl Said {
    pub(super) fn is_yes(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(super) fn wait(&self) -> Option<u32> {
        self.headers.get("retry-after")?.parse().ok()
    }

    pub(super) fn problem(&self) -> Problem {
        Problem::of(self.status, &self.headers, &self.body)
    }
}

/// Sends what is done once, however often it is sent; nothing: no answer came, and it may
/// have got there all the same.
pub(super) async fn once(path: &str, key: &str, body: String) -> Result<Option<Said>> {
    let limit = Limit::new(WRITE_TIME);
    let request = request(Method::POST, path)
        .header("idempotency-key", key)
        .header("content-type", "application/json")
        .abort_signal(limit.signal().as_ref())
        .body(body)
        .map_err(|_| Problem::Unreadable)?;
    let Ok(response) = request.send().await else {
        return Ok(None);
    };
    let (status, headers) = (response.status(), response.headers());
    let body = response.text().await.ok();
    Ok(body.map(|body| Said {
        status,
        headers,
        body,
    }))
}

/// Whether the system behind the server surely did nothing.
pub(super) fn is_nothing_done(body: &str) -> bool {
    json::read::<ErrorBody>(body).is_ok_and(|told| told.says_nothing_was_done())
}
