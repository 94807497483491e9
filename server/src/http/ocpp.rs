//! Where charge points connect.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Extension, Path, State, WebSocketUpgrade, ws::WebSocket},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use portal_api::{path, problem::Code, query::charge_points::is_charge_point_id};

use super::{Refusal, Who, address::ClientAddress, routes::Routes, serve::Peer};
use crate::{
    App,
    embedded::{
        charging::points::{self, SignedIn},
        throttle::{self, CHARGE_POINT_ADDRESS, Subject},
    },
    ocpp::{
        Protocol,
        link::{LARGEST, Link},
    },
};

/// How much is read at once: thousands of charge points that hardly say anything.
const BUFFER: usize = 4 * 1024;

/// Adds the address.
pub(super) fn add(routes: Routes) -> Routes {
    routes.get(&path::ocpp("{id}"), Who::Anybody, connect)
}

async fn connect(
    State(app): State<App>,
    Path(id): Path<String>,
    address: ClientAddress,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    check_line(&app, peer.map(|Extension(Peer(peer))| peer.ip()))?;
    check_key(&app, &id, address, &headers).await?;
    let offered = Protocol::ALL.map(Protocol::subprotocol);
    let upgrade = upgrade
        .protocols(offered)
        .max_message_size(LARGEST)
        .max_frame_size(LARGEST)
        .read_buffer_size(BUFFER);
    let chosen = upgrade.selected_protocol();
    let chosen = chosen.and_then(|chosen| chosen.to_str().ok());
    let protocol = Protocol::ALL
        .into_iter()
        .find(|protocol| chosen == Some(protocol.subprotocol()))
        .ok_or_else(|| Refusal::invalid("the sub-protocol must be ocpp1.6 or ocpp2.0.1"))?;
    Ok(upgrade.on_upgrade(async move |socket| talk(app, id, protocol, socket).await))
}

/// A charge point's key travels with its first request: not in the clear.
fn check_line(app: &App, peer: Option<IpAddr>) -> Result<(), Refusal> {
    let public_url = app.config.public_url.as_ref();
    let safe =
        public_url.is_some_and(|url| url.is_https()) || peer.is_some_and(|peer| peer.is_loopback());
    safe.then_some(()).ok_or_else(|| {
        Refusal::new(
            StatusCode::FORBIDDEN,
            Code::InvalidRequest,
            "charge points connect over TLS: set public_url to the https address they use",
        )
    })
}

async fn check_key(
    app: &App,
    id: &str,
    address: ClientAddress,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    if !is_charge_point_id(id) {
        return Err(Refusal::not_found());
    }
    let block = address.block();
    let subjects = [Subject(CHARGE_POINT_ADDRESS, &block)];
    let now = app.clock.now();
    if let Some(seconds) = throttle::reached(&app.store, &subjects, now).await? {
        return Err(Refusal::too_many_tries(seconds));
    }
    let signed_in = match basic(headers) {
        Some((user, key)) if user == id => {
            let mut reader = app.store.readers().acquire().await?;
            points::sign_in(&mut reader, id, &key).await?
        }
        _ => SignedIn::WrongKey,
    };
    if signed_in == SignedIn::Yes {
        return Ok(());
    }
    let mut write = app.store.write().await?;
    throttle::count(&mut write, &subjects, now).await?;
    write.commit().await?;
    tracing::warn!(event = "charge_point_refused");
    match signed_in {
        SignedIn::Unknown => Err(Refusal::not_found()),
        SignedIn::Yes | SignedIn::WrongKey => Err(Refusal::signed_out()),
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, key) = decoded.split_once(':')?;
    Some((user.to_owned(), key.to_owned()))
}

async fn talk(app: App, id: String, protocol: Protocol, socket: WebSocket) {
    let (line, ends) = match app.charging.connect(&id, protocol).await {
        Ok(connected) => connected,
        Err(error) => {
            tracing::error!(event = "charging_failed", %error);
            return;
        }
    };
    tracing::info!(
        event = "charge_point_connected",
        protocol = protocol.as_str()
    );
    let link = Link {
        socket,
        protocol,
        central: Arc::new(line.clone()),
        clock: app.clock.clone(),
        wake: ends.wake,
        replaced: ends.replaced,
        patience: app.charging.rules.patience,
    };
    link.run().await;
    line.hang_up().await;
    tracing::info!(event = "charge_point_gone");
}
