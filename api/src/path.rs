//! Every path, written once: the portal fills in the ids, the server's router
//! gets the placeholder (`path::device("{id}")`).

use std::fmt::Display;

/// Dynamo: the driver's sessions.
pub const SESSIONS: &str = "/api/v1/portal/sessions";

/// Sign in (`POST`) and out (`DELETE`).
pub const SIGN_IN: &str = "/api/portal/sign-in";
/// Who is signed in (`GET`), and their name and preferences (`PATCH`).
pub const ME: &str = "/api/portal/me";
/// Who is signed in (`GET`), 204 if nobody is: what a page asks that doesn't know yet.
pub const WHO: &str = "/api/portal/who";
/// Where they are signed in (`GET`); end all others (`DELETE`).
pub const DEVICES: &str = "/api/portal/devices";
/// Ask for the letter (`POST`).
pub const PASSWORD_RESET: &str = "/api/portal/password-reset";
/// Set the new password (`POST`).
pub const PASSWORD_RESET_CONFIRM: &str = "/api/portal/password-reset/confirm";
/// What the filtered sessions add up to.
pub const SESSION_SUMMARY: &str = "/api/portal/sessions/summary";
/// The server lives.
pub const HEALTH: &str = "/health";
/// The server's store can be reached.
pub const READY: &str = "/ready";

/// One signed-in device (`DELETE`).
pub fn device(id: impl Display) -> String {
    format!("{DEVICES}/{id}")
}

/// One session of the driver, in the shape of the list.
pub fn session(id: impl Display) -> String {
    format!("/api/portal/sessions/{id}")
}
