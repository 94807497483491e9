//! Petit Monde's paths tell on every answer how often somebody may still ask, and answer
//! nobody who asks more often.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use portal_api::{problem::Code, time::Instant};

use super::Refusal;
use crate::{
    App,
    embedded::calls::{Full, Standing},
};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What is told on every answer.
pub(super) const HEADERS: [HeaderName; 3] = [LIMIT, REMAINING, RESET];

/// What Petit Monde says when a month has no more calls.
pub(super) const MONTH_IS_OVER: &str = "Monthly quota exceeded";

/// Counts a call, and gives its answer unless it is one too many.
pub(super) async fn within(
    app: &App,
    person_id: &str,
    answer: impl Future<Output = Response>,
) -> Response {
    let (standing, full) = match app.calls.take(person_id).await {
        Ok(taken) => taken,
        Err(error) => return Refusal::from(error).into_response(),
    };
    let mut response = match full {
        None => answer.await,
        Some(full) => refusal(full, app.clock.now()).into_response(),
    };
    tell(&standing, response.headers_mut());
    response
}

fn refusal(full: Full, now: Instant) -> Refusal {
    let seconds = |until: Instant| {
        let millis = u64::try_from(until.millis() - now.millis()).unwrap_or(0);
        millis.div_ceil(1_000).max(1)
    };
    match full {
        Full::Minute(until) => Refusal::too_many_tries(seconds(until)),
        Full::Month(until) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let refusal = Refusal::new(status, Code::TooManyTries, MONTH_IS_OVER);
            refusal.retry_after(seconds(until))
        }
    }
}

fn tell(standing: &Standing, headers: &mut HeaderMap) {
    headers.insert(LIMIT, standing.limit.into());
    headers.insert(REMAINING, standing.remaining.into());
    // ISO 8601, where others write seconds since 1970.
    if let Ok(reset) = HeaderValue::try_from(standing.reset_at.to_string()) {
        headers.insert(RESET, reset);
    }
}
