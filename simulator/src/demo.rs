//! The charge points of the demo data, as its driver finds them.

use hyper::Method;
use portal_api::{
    dynamo::SessionPage,
    path,
    portal::charge_points::{ChargePoint, ChargePointPage, ConnectorState},
    query::charge_points::ChargePointQuery,
};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::server::{AskError, Server};

/// Who looks, and with which password.
const DRIVER: (&str, &str) = ("driver@example.com", "charge-ahead");

/// How many charge points are asked for at a time.
const PAGE: u32 = 100;

/// Why the demo's charge points are not known.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No answer.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The server says no.
    #[error("the server answers {1} to {0}")]
    Refused(&'static str, u16),
    /// The server says what nobody understands.
    #[error("what the server says cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// All charge points that the demo's driver finds.
pub async fn charge_points(server: &Server) -> Result<Vec<ChargePoint>, DemoError> {
    let (email, password) = DRIVER;
    let wanted = json!({ "email": email, "password": password, "shared_device": true });
    let entry = server
        .ask(Method::POST, path::SIGN_IN, None, wanted.to_string())
        .await?;
    let cookie = entry.cookie.filter(|_| entry.status == 200);
    let cookie = cookie.ok_or(DemoError::Refused(
        "the demo driver's sign-in",
        entry.status,
    ))?;
    let found = async {
        let mut found = pages(server, &cookie).await?;
        occupy(&mut found, server, &cookie).await?;
        Ok(found)
    }
    .await;
    // Or it would stand among the driver's devices.
    server
        .ask(Method::DELETE, path::SIGN_IN, Some(&cookie), String::new())
        .await?;
    found
}

async fn pages(server: &Server, cookie: &str) -> Result<Vec<ChargePoint>, DemoError> {
    let mut found = Vec::new();
    loop {
        let query = ChargePointQuery {
            limit: PAGE,
            offset: found.len() as u64,
            ..ChargePointQuery::default()
        };
        let parameters: Vec<String> = query
            .parameters()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let path = format!("{}?{}", path::CHARGE_POINTS, parameters.join("&"));
        let page: ChargePointPage = get(server, cookie, &path).await?;
        let is_last = page.charge_points.is_empty();
        found.extend(page.charge_points);
        if is_last || found.len() as u64 >= page.total {
            return Ok(found);
        }
    }
}

/// Where the driver charges already, a car stands.
async fn occupy(
    points: &mut [ChargePoint],
    server: &Server,
    cookie: &str,
) -> Result<(), DemoError> {
    let path = format!("{}?status=active", path::SESSIONS);
    let page: SessionPage = get(server, cookie, &path).await?;
    for session in page.sessions {
        let point = points
            .iter_mut()
            .find(|point| point.charge_point_id == session.charge_point_id);
        let connectors = point.into_iter().flat_map(|point| &mut point.connectors);
        for connector in connectors {
            if Some(connector.connector_id) == session.connector_id {
                connector.state = ConnectorState::Occupied;
            }
        }
    }
    Ok(())
}

async fn get<T: DeserializeOwned>(
    server: &Server,
    cookie: &str,
    path: &str,
) -> Result<T, DemoError> {
    let answer = server
        .ask(Method::GET, path, Some(cookie), String::new())
        .await?;
    if answer.status != 200 {
        return Err(DemoError::Refused(
            "the demo driver's request",
            answer.status,
        ));
    }
    Ok(serde_json::from_slice(&answer.body)?)
}
