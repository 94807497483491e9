//! Routes, who may see what, and errors in each system's own shape.
//!
//! - [`routes`]: who may ask for what. [`caller`]: who is asking.
//! - [`refusal`]: how a handler says no, put into the shape of the path's system
//!   by `around`, which wraps every request.
//! - `origin`, `body`, `address`: what is believed of a request.
//! - `sign_in`, `me`, `billing`, `password_reset`, `sessions`, `disputes`, `dispute_files`,
//!   `desk`, `charge_points`, `holds`, `groups`, `events`: our own paths; `dynamo`, `receipts`,
//!   `reservations`: Dynamo's; `petit_monde`, `bookings`, `fleet`: Petit Monde's. `ocpp`: where
//!   charge points connect. `exports`: many sessions at once.
//! - `idempotency`: what is done once however often it is asked. `attachment`: files.
//!   `language`: in which language somebody reads.
//! - [`turns`]: so many at a time for each person. `rate_limit`: so many of Petit Monde's in
//!   a minute and a month.
//! - [`files`]: the built portal. [`serve`]: the connections.
//!
//! People and their devices are ours alone, so their handlers use the store
//! directly; what a system can be asked goes through its provider.

mod address;
mod around;
mod attachment;
mod billing;
mod body;
mod bookings;
pub mod caller;
mod charge_points;
mod desk;
mod dispute_files;
mod disputes;
mod dynamo;
mod events;
mod exports;
pub mod files;
mod fleet;
mod groups;
mod health;
mod holds;
mod idempotency;
mod language;
mod me;
mod ocpp;
mod origin;
mod password_reset;
mod petit_monde;
mod rate_limit;
mod receipts;
pub mod refusal;
mod reservations;
pub mod routes;
pub mod serve;
mod sessions;
mod sign_in;
pub mod turns;
mod user_agent;

use axum::{Router, middleware};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};

use self::routes::{Routes, Row};
pub use self::{caller::Caller, refusal::Refusal, routes::Who};
use crate::App;

/// Answers shorter than this are sent as they are.
const WORTH_COMPRESSING: u64 = 1024;

/// Every route and for whom it is.
pub fn routes_of(app: &App) -> Vec<Row> {
    all(app).finish().0
}

fn all(app: &App) -> Routes {
    let routes = Routes::new(app);
    let routes = health::add(routes);
    let routes = sign_in::add(routes);
    let routes = me::add(routes);
    let routes = billing::add(routes);
    let routes = password_reset::add(routes);
    let routes = dynamo::add(routes);
    let routes = sessions::add(routes);
    let routes = receipts::add(routes);
    let routes = exports::add(routes);
    let routes = disputes::add(routes);
    let routes = dispute_files::add(routes);
    let routes = charge_points::add(routes);
    let routes = reservations::add(routes);
    let routes = holds::add(routes);
    let routes = events::add(routes);
    let routes = ocpp::add(routes);
    let routes = petit_monde::add(routes);
    let routes = fleet::add(routes);
    let routes = groups::add(routes);
    let routes = bookings::add(routes);
    desk::add(routes)
}

/// Every route, the portal's files, and what happens around them.
pub(crate) fn router(app: App) -> Router {
    let (_, router) = all(&app).finish();
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(
            SizeAbove::new(WORTH_COMPRESSING)
                .and(NotForContentType::IMAGES)
                .and(NotForContentType::SSE)
                .and(NotForContentType::const_new("application/pdf"))
                .and(NotForContentType::const_new("application/zip")),
        );
    router
        .layer(compression)
        .fallback(files::serve)
        .method_not_allowed_fallback(async || Refusal::method_not_allowed())
        .layer(middleware::from_fn_with_state(app.clone(), origin::check))
        .layer(middleware::from_fn_with_state(app.clone(), around::around))
        .with_state(app)
}
