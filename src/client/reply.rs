//! What came back.

use gloo_net::http::Response;
use portal_api::time::Instant;
use serde::de::DeserializeOwned;

use super::{Problem, Result};
use crate::json;

/// The header by which the service worker says that an answer was kept on this
/// device, and since when.
const KEPT_AT: &str = "x-kept-at";

/// A successful answer, not read yet.
#[derive(Debug)]
pub struct Reply {
    body: String,
    kept_at: Option<Instant>,
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// The thing itself.
    pub value: T,
    /// From when it is, if it was kept on this device and there is no network.
    pub kept_at: Option<Instant>,
}

impl Reply {
    /// The reply of a response, or the problem it tells of.
    pub(super) async fn of(response: Response) -> Result<Self> {
        let headers = response.headers();
        let kept_at = headers
            .get(KEPT_AT)
            .and_then(|millis| millis.parse().ok())
            .map(Instant::from_millis);
        let body = response.text().await.map_err(|_| Problem::Offline)?;
        if !response.ok() {
            return Err(Problem::of(response.status(), &headers, &body));
        }
        Ok(Self { body, kept_at })
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Reads the body.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<Answer<T>> {
        let value = json::read(&self.body).map_err(|_| Problem::Unreadable)?;
        Ok(Answer {
            value,
            kept_at: self.kept_at,
        })
    }
}
