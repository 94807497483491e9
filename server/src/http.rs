//! Routes, who may see what, and errors in each system's own shape.
//!
//! - [`refusal`]: how a handler says no; [`refusal::shape`] puts it into the shape of
//!   the path's system.
//! - [`caller`]: who is asking.

pub mod caller;
mod dynamo;
pub mod refusal;
mod sessions;

use axum::{Router, middleware};

pub use self::{caller::Caller, refusal::Refusal};
use crate::App;

/// Every route.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .merge(dynamo::router())
        .merge(sessions::router())
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::method_not_allowed())
        .layer(middleware::from_fn(refusal::shape))
        .with_state(app)
}
