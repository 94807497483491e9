//! Every link inside the portal, written once.

use std::fmt::Display;

use portal_api::portal::Tab;

/// The start page.
pub const HOME: &str = "/";
/// The driver's sessions.
pub const SESSIONS: &str = "/sessions";
/// The person's own things.
pub const ACCOUNT: &str = "/account";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Ask for the letter that sets a new password.
pub const FORGOTTEN_PASSWORD: &str = "/forgotten-password";
/// Set the new password; the letter's token comes behind `#`.
pub const RESET_PASSWORD: &str = "/reset-password";
/// Every piece in each of its states.
#[cfg(debug_assertions)]
pub const PIECES: &str = "/ui";

/// One session.
pub fn session(id: impl Display) -> String {
    [SESSIONS, "/", &id.to_string()].concat()
}

/// Where a tab leads.
pub fn tab(tab: Tab) -> &'static str {
    match tab {
        Tab::Sessions => SESSIONS,
        Tab::Account => ACCOUNT,
        Tab::Home | Tab::Unknown => HOME,
    }
}
