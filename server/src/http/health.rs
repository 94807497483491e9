//! For whoever looks after the server: does it live, is it ready.

use axum::{Json, extract::State};
use portal_api::path;
use serde_json::{Value, json};

use super::{
    Refusal,
    routes::{Routes, Who},
};
use crate::App;

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes
        .get(path::HEALTH, Who::Anybody, health)
        .get(path::READY, Who::Anybody, ready)
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

async fn ready(State(app): State<App>) -> Result<Json<Value>, Refusal> {
    match app.store.ping().await {
        Ok(()) => Ok(Json(json!({ "status": "ok" }))),
        Err(error) => {
            tracing::error!(event = "store_unreachable", %error);
            Err(Refusal::busy(5))
        }
    }
}
