//! Routes, who may see what, and errors in each system's own shape.
//!
//! - [`routes`]: who may ask for what. [`caller`]: who is asking.
//! - [`refusal`]: how a handler says no; [`refusal::shape`] puts it into the shape of
//!   the path's system.
//! - [`serve`]: the connections.
//!
//! People and their devices are ours alone, so their handlers use the store
//! directly; what a system can be asked goes through its provider.

pub mod caller;
mod dynamo;
pub mod refusal;
pub mod routes;
pub mod serve;
mod sessions;

use axum::{Router, middleware};

use self::routes::{Routes, Row};
pub use self::{caller::Caller, refusal::Refusal, routes::Who};
use crate::App;

/// Every route and for whom it is.
pub fn table(app: &App) -> Vec<Row> {
    all(app).finish().0
}

fn all(app: &App) -> Routes {
    let routes = Routes::new(app);
    let routes = dynamo::add(routes);
    sessions::add(routes)
}

/// Every route.
pub(crate) fn router(app: App) -> Router {
    let (_, router) = all(&app).finish();
    router
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::method_not_allowed())
        .layer(middleware::from_fn(refusal::shape))
        .with_state(app)
}
