//! Every path, written once: the portal fills in the ids, the server's router
//! gets the placeholder (`path::device("{id}")`).

use std::fmt::Display;

/// Dynamo: the driver's sessions.
pub const SESSIONS: &str = "/api/v1/portal/sessions";

/// Dynamo: hold a plug (`POST`), the driver's holds (`GET`).
pub const RESERVATIONS: &str = "/api/v1/reservations";

/// Petit Monde: where a plug can be booked.
pub const SEARCH: &str = "/api/v1/client/search";
/// Petit Monde: the groups somebody is in (`GET`), make one (`POST`).
pub const FLEET_GROUPS: &str = "/api/v1/fleet/groups";

/// Petit Monde: book a plug (`POST`), what they booked (`GET`).
pub const BOOKINGS: &str = "/api/v1/client/bookings";
/// Petit Monde: all bookings of the groups that somebody looks after, as a table.
pub const FLEET_REPORT: &str = "/api/v1/fleet/reports/export";

/// Petit Monde: how often it may still be asked.
pub const USAGE: &str = "/api/v1/client/usage";

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
/// Where one can charge.
pub const CHARGE_POINTS: &str = "/api/portal/charge-points";
/// The driver's holds, with what Dynamo doesn't tell of them.
pub const HOLDS: &str = "/api/portal/holds";
/// The groups somebody is in, with what is left to spend.
pub const GROUPS: &str = "/api/portal/groups";
/// How somebody can book a plug.
pub const BOOKING_OPTIONS: &str = "/api/portal/bookings/options";
/// What a guest's link shows (`POST`).
pub const GUEST: &str = "/api/portal/guest";
/// What changes while somebody looks, as server-sent events.
pub const EVENTS: &str = "/api/portal/events";
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

/// The operator's staff: take a dispute up, and hear all about it (`POST`).
pub fn desk_review(id: impl Display) -> String {
    format!("{DESK_DISPUTES}/{id}/review")
}

/// The operator's staff: ask the driver something (`POST`).
pub fn desk_question(id: impl Display) -> String {
    format!("{DESK_DISPUTES}/{id}/questions")
}

/// The operator's staff: decide (`POST`).
pub fn desk_decision(id: impl Display) -> String {
    format!("{DESK_DISPUTES}/{id}/decision")
}

/// Dynamo: give a hold up (`DELETE`).
pub fn reservation(id: impl Display) -> String {
    format!("{RESERVATIONS}/{id}")
}

/// One charge point.
pub fn charge_point(id: impl Display) -> String {
    format!("{CHARGE_POINTS}/{id}")
}

/// Hold a plug for longer (`POST`).
pub fn extend_hold(id: impl Display) -> String {
    format!("{HOLDS}/{id}/extend")
}

/// Petit Monde: one group (`GET`), its name and limits (`PATCH`).
pub fn fleet_group(id: impl Display) -> String {
    format!("{FLEET_GROUPS}/{id}")
}

/// Petit Monde: who charged what on a group's account.
pub fn fleet_usage(id: impl Display) -> String {
    format!("{FLEET_GROUPS}/{id}/usage")
}

/// Petit Monde: make tokens for a group (`POST`).
pub fn bulk_tokens(id: impl Display) -> String {
    format!("{FLEET_GROUPS}/{id}/tokens/bulk")
}

/// All that a group's page shows above its lists.
pub fn group(id: impl Display) -> String {
    format!("{GROUPS}/{id}")
}

/// A group's members (`GET`), one more (`POST`).
pub fn group_members(id: impl Display) -> String {
    format!("{GROUPS}/{id}/members")
}

/// One of them (`PATCH`, `DELETE`).
pub fn group_member(id: impl Display, person: impl Display) -> String {
    format!("{GROUPS}/{id}/members/{person}")
}

/// A group's tokens.
pub fn group_tokens(id: impl Display) -> String {
    format!("{GROUPS}/{id}/tokens")
}

/// One of them: its label and vehicle (`PATCH`).
pub fn group_token(id: impl Display, token: impl Display) -> String {
    format!("{GROUPS}/{id}/tokens/{token}")
}

/// Say that a token is lost: it works no more (`POST`).
pub fn lost_token(id: impl Display, token: impl Display) -> String {
    format!("{GROUPS}/{id}/tokens/{token}/lost")
}

/// Make a token in a token's place (`POST`).
pub fn replace_token(id: impl Display, token: impl Display) -> String {
    format!("{GROUPS}/{id}/tokens/{token}/replace")
}

/// The charges on a group's account.
pub fn group_charges(id: impl Display) -> String {
    format!("{GROUPS}/{id}/charges")
}

/// Petit Monde: one booking.
pub fn booking(id: impl Display) -> String {
    format!("{BOOKINGS}/{id}")
}

/// Petit Monde: give a booking up (`POST`).
pub fn cancel_booking(id: impl Display) -> String {
    format!("{BOOKINGS}/{id}/cancel")
}

/// One booking, with what Petit Monde doesn't tell of it.
pub fn booking_detail(id: impl Display) -> String {
    format!("/api/portal/bookings/{id}")
}

/// Make a link for a guest (`POST`).
pub fn guest_link(id: impl Display) -> String {
    format!("/api/portal/bookings/{id}/guest")
}

/// Where a charge point speaks OCPP.
pub fn ocpp(id: impl Display) -> String {
    format!("/ocpp/{id}")
}
