//! Every path, written once: the portal fills in the ids, the server's router
//! gets the placeholder (`path::device("{id}")`).

use std::fmt::Display;

/// Dynamo: the driver's sessions.
pub const SESSIONS: &str = "/api/v1/portal/sessions";

/// Sign in (`POST`) and out (`DELETE`).
pub const SIGN_IN: &str = "/api/portal/sign-in";
/// Who is signed in (`GET`), and their name and preferences (`PATCH`).
pub const ME: &str = "/api/portal/me";
/// What stands on their receipts beside their name (`GET`, `PUT`).
pub const BILLING: &str = "/api/portal/me/billing";
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
/// The receipts of the filtered sessions and a table of them, in one file.
pub const RECEIPTS_ZIP: &str = "/api/portal/sessions/receipts.zip";
/// The filtered sessions as a table.
pub const SESSIONS_CSV: &str = "/api/portal/sessions/sessions.csv";
/// The driver's disputes.
pub const DISPUTES: &str = "/api/portal/disputes";
/// Send a photo or a paper for a dispute that is about to be filed (`POST`): its
/// bytes, with what the device calls it as `?name=`.
pub const DISPUTE_FILES: &str = "/api/portal/dispute-files";
/// The operator's staff: the disputes that wait, oldest first.
pub const DESK_DISPUTES: &str = "/api/portal/desk/disputes";
/// The server lives.
pub const HEALTH: &str = "/health";
/// The server's store can be reached.
pub const READY: &str = "/ready";

/// One signed-in device (`DELETE`).
pub fn device(id: impl Display) -> String {
    format!("{DEVICES}/{id}")
}

/// All about one session of the driver.
pub fn session(id: impl Display) -> String {
    format!("/api/portal/sessions/{id}")
}

/// Dynamo: what a session cost, line by line.
pub fn cost_breakdown(id: impl Display) -> String {
    format!("{SESSIONS}/{id}/cost-breakdown")
}

/// Dynamo: a session's receipt.
pub fn receipt(id: impl Display) -> String {
    format!("{SESSIONS}/{id}/receipt")
}

/// Dynamo: say that a session's cost is wrong (`POST`).
pub fn dispute_of(id: impl Display) -> String {
    format!("{SESSIONS}/{id}/dispute")
}

/// One dispute of the driver.
pub fn dispute(id: impl Display) -> String {
    format!("{DISPUTES}/{id}")
}

/// Answer a question about a dispute (`POST`).
pub fn dispute_messages(id: impl Display) -> String {
    format!("{DISPUTES}/{id}/messages")
}

/// A file that was sent with a dispute.
pub fn dispute_file(id: impl Display) -> String {
    format!("{DISPUTE_FILES}/{id}")
}

/// The operator's staff: one dispute and all about it.
pub fn desk_dispute(id: impl Display) -> String {
    format!("{DESK_DISPUTES}/{id}")
}

/// The operator's staff: ask the driver something (`POST`).
pub fn desk_question(id: impl Display) -> String {
    format!("{DESK_DISPUTES}/{id}/questions")
}

/// The operator's staff: decide (`POST`).
pub fn desk_decision(id: impl Display) -> String {
    format!("{DESK_DISPUTES}/{id}/decision")
}
