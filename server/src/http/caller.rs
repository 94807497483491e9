//! Who is asking.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::Refusal;
use crate::{App, embedded::people::Person};

/// The signed-in person; asking for it refuses everybody else with 401.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who it is.
    pub person: Person,
    /// The device it is, by its id.
    pub device_id: String,
    /// Whether what they read may be kept on it.
    pub keep_on_device: bool,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refusal> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(Refusal::signed_out())
    }
}
