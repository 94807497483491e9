//! Dynamo's paths.

use axum::Router;

use crate::App;

/// The addresses of Dynamo's resources.
pub fn router() -> Router<App> {
    Router::new()
}
