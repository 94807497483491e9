//! What somebody sent: JSON, not too much of it, and not too slowly.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, OptionalFromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use portal_api::problem::Code;
use serde::de::DeserializeOwned;

use super::Refusal;
use crate::App;

/// The most bytes of a body.
pub const LARGEST: usize = 16 * 1024;

/// The most bytes of a body with a long text, each sign of it escaped.
pub const TEXT: usize = 32 * 1024;

/// How long a body may take in all: a byte now and then does not help.
const LONGEST: Duration = Duration::from_secs(10);

/// How long a file may take: a photo, where there is hardly a signal.
pub const LONGEST_FILE: Duration = Duration::from_secs(180);

/// A body of this shape; anything else is refused.
pub struct Sent<T, const MOST: usize = LARGEST>(pub T);

impl<T: DeserializeOwned, const MOST: usize> FromRequest<App> for Sent<T, MOST> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &App) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::InvalidRequest,
                "the body must be application/json",
            ));
        }
        let bytes = read(request.into_body(), MOST, LONGEST).await?;
        // The parser's own words would quote what was sent.
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| Refusal::invalid("the body is not as documented"))
    }
}

impl<T: DeserializeOwned, const MOST: usize> OptionalFromRequest<App> for Sent<T, MOST> {
    type Rejection = Refusal;

    /// Where nothing need be said, nothing may be sent.
    async fn from_request(request: Request, app: &App) -> Result<Option<Self>, Refusal> {
        if !request.headers().contains_key(header::CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<App>>::from_request(request, app)
            .await
            .map(Some)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let essence = kind
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// A whole body of so many bytes at most, if it comes in time.
pub async fn read(body: Body, most: usize, longest: Duration) -> Result<Bytes, Refusal> {
    let collected = tokio::time::timeout(longest, Limited::new(body, most).collect()).await;
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            Code::TooLarge,
            "the body is too large",
        )),
        Ok(Err(_)) => Err(Refusal::invalid("the body ended too early")),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            Code::InvalidRequest,
            "the body came too slowly",
        )),
    }
}
