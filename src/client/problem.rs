//! Why the server did not give what it was asked for: as many kinds as there
//! are different things to do about it.

use gloo_net::http::Headers;
use portal_api::problem::{self, Code};

use crate::json;

/// Why there is no answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Problem {
    /// The request did not get through.
    Offline,
    /// No answer came in time.
    Slow,
    /// A change was sent and no answer came: perhaps it was made.
    Unanswered,
    /// Nobody is signed in, or no longer.
    SignedOut,
    /// There is no such thing, or it isn't theirs.
    Missing,
    /// The server understood, and declined.
    Refused {
        /// What to act on.
        code: Code,
        /// The field it is about.
        field: Option<String>,
    },
    /// Tried too often.
    TooOften {
        /// Seconds to wait.
        wait: Option<u32>,
    },
    /// Too much going on.
    Busy {
        /// Seconds to wait.
        wait: Option<u32>,
    },
    /// The system behind our server is down.
    Upstream {
        /// Seconds to wait.
        wait: Option<u32>,
    },
    /// A mistake of ours.
    Server {
        /// The request's id in the server's log.
        request: Option<String>,
    },
    /// The answer is not what it should be.
    Unreadable,
}

impl Problem {
    /// The problem that an answer tells of.
    pub(super) fn of(status: u16, headers: &Headers, body: &str) -> Self {
        let told: Option<problem::Problem> = json::read(body).ok();
        let code = told.as_ref().map(|told| told.code).unwrap_or_default();
        let wait = headers
            .get("retry-after")
            .and_then(|seconds| seconds.parse().ok());
        match status {
            401 if code != Code::WrongSignIn => Self::SignedOut,
            404 => Self::Missing,
            // A system without words for it: the same is being done at this moment.
            409 if wait.is_some() && code == Code::default() => Self::Busy { wait },
            429 => Self::TooOften { wait },
            502 | 504 => Self::Upstream { wait },
            503 if code != Code::Busy => Self::Upstream { wait },
            503 => Self::Busy { wait },
            500.. => Self::Server {
                request: headers.get("x-request-id"),
            },
            _ => Self::Refused {
                code,
                field: told.and_then(|told| told.field),
            },
        }
    }

    /// The same, of a change that was asked for; `left` if it may have left the device.
    pub(super) fn of_change(self, left: bool) -> Self {
        match self {
            Self::Offline | Self::Slow if left => Self::Unanswered,
            problem => problem,
        }
    }

    /// The code of a refusal.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }
}
