//! What happens around every request: it gets an id, its panic stays its own,
//! its answer gets the headers, and one line goes into the log.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use portal_api::problem::Code;
use tracing::{Instrument, info_span};

use super::{
    Refusal, receipts,
    refusal::{self, System},
};
use crate::{App, ids};

/// The most bytes of an address.
const LONGEST_ADDRESS: usize = 8 * 1024;

/// On every answer, whatever it is.
const ALWAYS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        "require-corp",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    ),
];

/// Once seen over https, never again without, for two years.
const ONLY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Wraps every request.
pub(super) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = ids::new_id("req").unwrap_or_default();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let system = System::of(request.uri().path());
    let page = receipts::page_instead(&request);
    let span = info_span!("request", request_id = id);
    async {
        let response = answer(request, next).await;
        let mut response = match page {
            Some(page) => refusal::led_to(response, page),
            None => refusal::shaped(response, system, &id),
        };
        add_headers(&app, response.headers_mut(), &id);
        tracing::info!(
            event = "request",
            method = method.as_str(),
            route = route.as_ref().map_or("-", MatchedPath::as_str),
            status = response.status().as_u16(),
            ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        );
        response
    }
    .instrument(span)
    .await
}

async fn answer(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query();
    if address.is_some_and(|address| address.as_str().len() > LONGEST_ADDRESS) {
        return Refusal::new(
            StatusCode::URI_TOO_LONG,
            Code::TooLarge,
            "the address is too long",
        )
        .into_response();
    }
    // Nothing is shared with the handler but pools, which survive its panic.
    AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Refusal::internal().into_response())
}

fn add_headers(app: &App, headers: &mut HeaderMap, id: &str) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, app.files.policy());
    if app
        .config
        .public_url
        .as_ref()
        .is_some_and(|url| url.is_https())
    {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONLY_HTTPS);
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert("x-request-id", id);
    }
}
