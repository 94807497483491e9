//! How a handler says no: one value, put into the shape of the path's system
//! at the very end, in one place.

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::{
    dynamo::{ErrorBody, ErrorDetail, FieldError},
    petit_monde,
    problem::{Code, Problem},
    query::BadParameter,
};

use super::rate_limit::{HEADERS, MONTH_IS_OVER};
use crate::{ids::NoRandomness, passwords};

/// A no, with what is to be done about it.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// What happened, for programs.
    pub code: Code,
    /// What happened, in English. Nothing of what was sent, nothing of our insides.
    pub message: Cow<'static, str>,
    /// The field it is about, and what is allowed there.
    pub field: Option<(Cow<'static, str>, Cow<'static, str>)>,
    /// How many seconds to wait before trying again.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// A no without more to say.
    pub fn new(status: StatusCode, code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            field: None,
            retry_after: None,
        }
    }

    /// What a library refused.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Self::method_not_allowed(),
            status if status.is_server_error() => Self::internal(),
            status => Self::new(
                status,
                Code::InvalidRequest,
                "the request is not as documented",
            ),
        }
    }

    /// The request is not as documented.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::InvalidRequest, message)
    }

    /// A field or parameter is not as documented.
    pub fn invalid_field(
        name: impl Into<Cow<'static, str>>,
        allowed: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (name, allowed) = (name.into(), allowed.into());
        let mut refusal = Self::invalid(format!("{name} must be {allowed}"));
        refusal.field = Some((name, allowed));
        refusal
    }

    /// A field is as documented and cannot be, as things are.
    pub fn unprocessable(
        name: impl Into<Cow<'static, str>>,
        allowed: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut refusal = Self::invalid_field(name, allowed);
        refusal.status = StatusCode::UNPROCESSABLE_ENTITY;
        refusal
    }

    /// Nobody is signed in, or no longer.
    pub fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            Code::SignedOut,
            "nobody is signed in",
        )
    }

    /// Signed in, but not somebody who may ask for this.
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            Code::NotFound,
            "this is not for this person",
        )
    }

    /// There is no such thing, or it isn't the caller's: nobody can tell which.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Code::NotFound,
            "there is no such thing",
        )
    }

    /// The path exists, but not for this method.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            Code::InvalidRequest,
            "this path does not take this method",
        )
    }

    /// Too much to do.
    pub fn busy(seconds: u64) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Busy,
            "the server is busy",
        )
        .retry_after(seconds)
    }

    /// A mistake of ours; what it was stands in the log only.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Code::Internal,
            "the server made a mistake",
        )
    }

    /// Tried too often.
    pub fn too_many_tries(seconds: u64) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            Code::TooManyTries,
            "too many tries",
        )
        .retry_after(seconds)
    }

    /// The system behind the server failed, with 502, 503 or 504.
    pub fn upstream(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(status, Code::Upstream, message)
    }

    /// The same, with how long to wait.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// As our own paths say it.
    fn problem(&self, request_id: &str) -> Response {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: self.message.to_string(),
            status: self.status.as_u16(),
            code: self.code,
            field: self.field.as_ref().map(|(name, _)| name.to_string()),
            request_id: Some(request_id.to_owned()),
        };
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }

    /// As Dynamo says it.
    fn dynamo(&self) -> Response {
        let details = self.field.as_ref().map(|(field, message)| {
            vec![FieldError {
                field: field.to_string(),
                message: message.to_string(),
            }]
        });
        let error = ErrorDetail {
            code: dynamo_code(self.status).to_owned(),
            message: self.message.to_string(),
            details,
        };
        (self.status, Json(ErrorBody { error })).into_response()
    }

    /// As Petit Monde says it: in a sentence.
    fn petit_monde(&self) -> Response {
        let error = match (&self.field, self.retry_after) {
            (Some((name, allowed)), _) => format!("Invalid {name}: must be {allowed}"),
            (None, Some(seconds)) if self.status == StatusCode::TOO_MANY_REQUESTS => {
                let limit = match &self.message[..] {
                    MONTH_IS_OVER => MONTH_IS_OVER,
                    _ => "Rate limit exceeded",
                };
                format!("{limit}. Retry after {seconds} seconds.")
            }
            (None, _) => self.message.to_string(),
        };
        (self.status, Json(petit_monde::ErrorBody { error })).into_response()
    }
}

/// Dynamo's word for a status.
fn dynamo_code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        409 => "conflict",
        410 => "expired",
        422 => "validation_failed",
        429 => "rate_limited",
        400..=499 => "invalid_request",
        _ => "internal_error",
    }
}

impl From<BadParameter> for Refusal {
    fn from(bad: BadParameter) -> Self {
        Self::invalid_field(bad.name, bad.allowed)
    }
}

impl From<NoRandomness> for Refusal {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(event = "no_randomness", %error);
        Self::internal()
    }
}

impl From<passwords::Failure> for Refusal {
    fn from(failure: passwords::Failure) -> Self {
        match failure {
            passwords::Failure::Busy => Self::busy(2),
            passwords::Failure::Impossible => {
                tracing::error!(event = "hashing_failed");
                Self::internal()
            }
        }
    }
}

/// PostgreSQL's word for U+0000 in a text, which SQLite doesn't mind.
const NOT_TEXT: &str = "22021";

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => Self::busy(5),
            sqlx::Error::Database(error) if error.code().as_deref() == Some(NOT_TEXT) => {
                Self::invalid("no text can have U+0000 in it")
            }
            sqlx::Error::Database(error) if error.code().is_some_and(|code| is_busy(&code)) => {
                tracing::error!(event = "store_busy", %error);
                Self::busy(5)
            }
            error => {
                tracing::error!(event = "store_failed", %error);
                Self::internal()
            }
        }
    }
}

/// Whether a database says that it can't just now: its disk is full, somebody else writes,
/// or it is starting or ending.
fn is_busy(code: &str) -> bool {
    /// PostgreSQL's codes have so many signs, SQLite's are shorter numbers.
    const POSTGRES: usize = 5;
    const BUSY: u32 = 5;
    const FULL: u32 = 13;
    if code.len() == POSTGRES {
        return code.starts_with("53") || code.starts_with("57P");
    }
    // What is above the lowest byte says more exactly why.
    let code = code.parse::<u32>().map(|code| code & 0xff);
    matches!(code, Ok(BUSY | FULL))
}

impl IntoResponse for Refusal {
    /// Only the status: `shaped` adds the body, which depends on the path.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Whose shape a no has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum System {
    /// Our own.
    Portal,
    Dynamo,
    PetitMonde,
}

impl System {
    /// The system of a path.
    pub(super) fn of(path: &str) -> Self {
        let petit_monde = ["/api/v1/client/", "/api/v1/fleet/"];
        if petit_monde.iter().any(|start| path.starts_with(start)) {
            Self::PetitMonde
        } else if path.starts_with("/api/v1/") {
            Self::Dynamo
        } else {
            Self::Portal
        }
    }
}

/// Gives a refusal the body that its path's system would send; leaves every
/// success alone. A no that is not a [`Refusal`] comes from a library, whose
/// words quote what was sent: only its status is kept.
pub(super) fn shaped(mut response: Response, system: System, request_id: &str) -> Response {
    let refusal = response.extensions_mut().remove::<Refusal>();
    let refused = response.status().is_client_error() || response.status().is_server_error();
    let refusal = match refusal {
        Some(refusal) => refusal,
        None if refused => Refusal::of_status(response.status()),
        None => return response,
    };
    let mut shaped = match system {
        System::Portal => refusal.problem(request_id),
        System::Dynamo => refusal.dynamo(),
        System::PetitMonde => refusal.petit_monde(),
    };
    for name in [header::ALLOW, header::SET_COOKIE]
        .into_iter()
        .chain(HEADERS)
    {
        keep(name, &response, &mut shaped);
    }
    if let Some(seconds) = refusal.retry_after {
        shaped
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    shaped
}

/// Leads whoever would look at a refusal as at a page to one of ours; leaves every
/// success alone.
pub(super) fn led_to(response: Response, page: HeaderValue) -> Response {
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response;
    }
    let mut led = (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response();
    keep(header::SET_COOKIE, &response, &mut led);
    led
}

fn keep(name: HeaderName, from: &Response, to: &mut Response) {
    for value in from.headers().get_all(&name) {
        to.headers_mut().append(&name, value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_somebody_else_s_writing_are_no_mistake_of_ours() {
        for (code, busy) in [
            ("5", true),
            ("261", true),
            ("517", true),
            ("773", true),
            ("13", true),
            ("53100", true),
            ("53300", true),
            ("57P01", true),
            ("57P03", true),
            ("1", false),
            ("11", false),
            ("2067", false),
            ("23505", false),
            ("40001", false),
            ("57014", false),
            ("", false),
        ] {
            assert_eq!(is_busy(code), busy, "{code}");
        }
    }
}
