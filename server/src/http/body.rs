//! What somebody sent: JSON, not too much of it, and not too slowly.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use portal_api::problem::Code;
use serde::de::DeserializeOwned;

use super::Refusal;
use crate::App;

/// The most bytes of a body.
const LARGEST: usize = 16 * 1024;

/// How long a body may take in all: a byte now and then does not help.
const LONGEST: Duration = Duration::from_secs(10);

/// A body of this shape; anything else is refused.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &App) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::InvalidRequest,
                "the body must be application/json",
            ));
        }
        let bytes = read(request.into_body()).await?;
        // The parser's own words would quote what was sent.
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|_| Refusal::invalid("the body is not as documented"))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let essence = kind
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    let collected = tokio::time::timeout(LONGEST, Limited::new(body, LARGEST).collect()).await;
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
