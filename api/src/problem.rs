//! How our own paths (`/api/portal/…`) say no: `application/problem+json`,
//! with a code to act on. Sentences are the portal's business.

use serde::{Deserialize, Serialize};

/// The body of every answer of ours that is not a success (RFC 9457).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Problem {
    /// `about:blank`: the code says it all.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// What happened, in English, for logs and for people reading them.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What happened, for the portal to act on and to put into words.
    #[serde(default)]
    pub code: Code,
    /// The field it is about, by its name on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The request's id, as it stands in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What happened.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request is not as documented.
    InvalidRequest,
    /// Nobody is signed in, or no longer.
    SignedOut,
    /// E-mail and password don't belong together.
    WrongSignIn,
    /// The password is too short, too long or too common.
    WeakPassword,
    /// The link was used, is too old, or never was.
    LinkSpent,
    /// The request does not come from our own pages.
    ForeignOrigin,
    /// There is no such thing, or it isn't this person's.
    NotFound,
    /// Too many tries; `Retry-After` says how long to wait.
    TooManyTries,
    /// The body is too large.
    TooLarge,
    /// The file is of a kind that is not taken.
    FileKind,
    /// The file is damaged.
    FileDamaged,
    /// It is decided: nothing can be added, and nobody decides it again.
    Decided,
    /// There is none yet; `Retry-After` says when to ask again.
    NotReady,
    /// The system behind the server looks after it and takes nothing more from here.
    Elsewhere,
    /// The charge point has not answered: `Retry-After` says when to ask again.
    Unsure,
    /// The plug cannot be held; `field` says why, by its word.
    Blocked,
    /// The server has too much to do; `Retry-After` says how long to wait.
    Busy,
    /// The system behind the server cannot be reached or makes no sense.
    Upstream,
    /// A mistake of ours.
    Internal,
    /// A code that this program doesn't know yet.
    #[default]
    #[serde(other)]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_from_the_future_is_read_as_unknown() {
        let problem: Problem = serde_json::from_str(r#"{"status":418,"code":"teapot"}"#).unwrap();
        assert_eq!(problem.code, Code::Unknown);
    }
}
