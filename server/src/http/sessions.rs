//! Our own paths about sessions.

use axum::Router;

use crate::App;

/// The addresses that Dynamo lacks.
pub fn router() -> Router<App> {
    Router::new()
}
