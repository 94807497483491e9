//! Speaks as Petit Monde does: bookings, a search, groups; and misbehaves when told to.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{HeaderName, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal_api::time::Instant;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, time::sleep};

/// The operator's key.
pub const KEY: &str = "pm_live_CANARY_8d21";

/// How it misbehaves.
#[derive(Clone)]
pub enum Quirk {
    /// Says only this.
    Says(u16, Vec<(&'static str, String)>, Value),
    /// Does what it is asked to and never answers.
    Loses,
    /// Never answers.
    Hangs,
    /// Answers as usual, but not before it is told to.
    Waits(Arc<Notify>),
    /// Answers as usual, after so long.
    Takes(Duration),
}

/// Why it takes no booking, given all that it has.
type No = dyn Fn(&[Value], &Value) -> Option<(u16, &'static str)> + Send + Sync;

#[derive(Default)]
struct Inside {
    no: Option<Arc<No>>,
    bookings: Vec<Value>,
    groups: Vec<Value>,
    next: VecDeque<Quirk>,
    always: Option<Quirk>,
    /// What it says of its limits.
    heads: Vec<(&'static str, String)>,
    used: i64,
    asked: Vec<String>,
}

/// A Petit Monde on a port of its own.
#[derive(Clone)]
pub struct StandIn {
    pub url: String,
    inside: Arc<Mutex<Inside>>,
    arrived: Arc<Notify>,
    /// When it is there.
    now: Arc<dyn Fn() -> Instant + Send + Sync>,
}

impl StandIn {
    pub async fn start(now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let this = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            inside: Arc::default(),
            arrived: Arc::default(),
            now: Arc::new(now),
        };
        let router = Router::new().fallback(answer).with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        this
    }

    fn with<T>(&self, change: impl FnOnce(&mut Inside) -> T) -> T {
        change(&mut self.inside.lock().unwrap())
    }

    /// Misbehaves at the next call.
    pub fn next(&self, quirk: Quirk) {
        self.with(|inside| inside.next.push_back(quirk));
    }

    /// Misbehaves at every call from now on, or no longer.
    pub fn always(&self, quirk: Option<Quirk>) {
        self.with(|inside| inside.always = quirk);
    }

    /// Takes no booking of which this gives a status and a sentence.
    pub fn refuses(
        &self,
        no: impl Fn(&[Value], &Value) -> Option<(u16, &'static str)> + Send + Sync + 'static,
    ) {
        self.with(|inside| inside.no = Some(Arc::new(no)));
    }

    /// Says this in the head of every answer.
    pub fn head(&self, heads: &[(&'static str, &str)]) {
        let heads = heads.iter().map(|(name, value)| (*name, (*value).into()));
        self.with(|inside| inside.heads = heads.collect());
    }

    /// Has counted so many calls in this month.
    pub fn has_counted(&self, used: i64) {
        self.with(|inside| inside.used = used);
    }

    /// Somebody else's bookings, made a second later than now.
    pub fn add_foreign(&self, count: usize) {
        let at = (self.now)().plus_seconds(1).to_string();
        self.with(|inside| {
            let rows = (0..count).map(|number| {
                json!({ "id": format!("foreign-{number}"), "status": "COMPLETED",
                    "external_id": format!("other-{number}-20250614"), "client_price": 9.99,
                    "client_price_currency": "EUR", "created_at": at })
            });
            inside.bookings.extend(rows);
        });
    }

    /// Bookings that were made in any way.
    pub fn add_bookings(&self, rows: impl IntoIterator<Item = Value>) {
        self.with(|inside| inside.bookings.extend(rows));
    }

    pub fn add_group(&self, group: Value) {
        self.with(|inside| {
            inside.groups.retain(|other| other["id"] != group["id"]);
            inside.groups.push(group);
        });
    }

    /// All bookings, as they came.
    pub fn bookings(&self) -> Vec<Value> {
        self.with(|inside| inside.bookings.clone())
    }

    /// Changes what it says of its last booking.
    pub fn say(&self, field: &str, value: impl Into<Value>) {
        let now = (self.now)().to_string();
        self.with(|inside| {
            let last = inside.bookings.last_mut().unwrap();
            last[field] = value.into();
            last["status_updated_at"] = now.into();
        });
    }

    /// Changes how far the booking is that we call so.
    pub fn turn(&self, our_id: &str, status: &str) {
        self.with(|inside| {
            let about = |row: &&mut Value| {
                let external = row["external_id"].as_str().unwrap_or_default();
                external.ends_with(our_id)
            };
            inside.bookings.iter_mut().find(about).unwrap()["status"] = status.into();
        });
    }

    /// How many bookings were made here.
    pub fn made(&self) -> usize {
        let ours = |row: &&Value| row["location_id"].is_string();
        self.with(|inside| inside.bookings.iter().filter(ours).count())
    }

    /// Method, path and query of all calls so far.
    pub fn asked(&self) -> Vec<String> {
        self.with(|inside| inside.asked.clone())
    }

    /// Waits until it is asked anything.
    pub async fn is_asked(&self) {
        self.arrived.notified().await;
    }

    pub fn calls(&self) -> usize {
        self.with(|inside| inside.asked.len())
    }
}

async fn answer(State(stand_in): State<StandIn>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 100_000).await.unwrap();
    let quirk = stand_in.with(|inside| {
        inside.asked.push(format!("{} {}", head.method, head.uri));
        inside.next.pop_front().or(inside.always.clone())
    });
    stand_in.arrived.notify_one();
    let key = head.headers.get(header::AUTHORIZATION);
    if key.is_none_or(|key| key != &format!("Bearer {KEY}")) {
        return no(401, "Invalid API key");
    }
    let said = match quirk {
        Some(Quirk::Says(status, heads, body)) => return says(status, &heads, &body),
        Some(Quirk::Hangs) => return std::future::pending().await,
        Some(Quirk::Waits(until)) => {
            until.notified().await;
            usual(&stand_in, &head, &body)
        }
        Some(Quirk::Takes(time)) => {
            sleep(time).await;
            usual(&stand_in, &head, &body)
        }
        quirk => {
            let said = usual(&stand_in, &head, &body);
            if quirk.is_some() {
                return std::future::pending().await;
            }
            said
        }
    };
    let heads = stand_in.with(|inside| inside.heads.clone());
    with_heads(said, &heads)
}

fn with_heads(mut response: Response, heads: &[(&'static str, String)]) -> Response {
    for (name, value) in heads {
        let name = HeaderName::from_static(name);
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

fn says(status: u16, heads: &[(&'static str, String)], body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    with_heads((status, Json(body)).into_response(), heads)
}

fn no(status: u16, why: &str) -> Response {
    says(status, &[], &json!({ "error": why }))
}

fn usual(stand_in: &StandIn, head: &axum::http::request::Parts, body: &[u8]) -> Response {
    let path = head.uri.path();
    let now = (stand_in.now)().to_string();
    let post = head.method == Method::POST;
    if path == "/api/v1/client/search" {
        return Json(search()).into_response();
    }
    if path == "/api/v1/client/usage" {
        let used = stand_in.with(|inside| inside.used);
        return Json(
            json!({ "rate_limit": { "limit": 100, "remaining": 90, "period": "minute" },
            "quota": { "limit": 10000, "used": used, "remaining": 10000 - used } }),
        )
        .into_response();
    }
    if let Some(id) = path.strip_prefix("/api/v1/fleet/groups/") {
        return group(stand_in, id, body);
    }
    let rest = path.strip_prefix("/api/v1/client/bookings").unwrap();
    stand_in.with(|inside| match (post, rest) {
        (true, "") => {
            let row = made(body, &now, inside.bookings.len());
            let refused = inside.no.as_ref().and_then(|no| no(&inside.bookings, &row));
            if let Some((status, why)) = refused {
                return no(status, why);
            }
            inside.bookings.push(row.clone());
            (StatusCode::ACCEPTED, Json(row)).into_response()
        }
        (false, "") => list(&inside.bookings, head.uri.query().unwrap_or_default()),
        (post, rest) => {
            let id = rest[1..].trim_end_matches("/cancel");
            let found = inside.bookings.iter_mut().find(|row| row["id"] == *id);
            let Some(row) = found else {
                return no(404, "Booking not found");
            };
            if post {
                if row["status"] == "ATTENDING" {
                    return no(400, "Booking cannot be cancelled");
                }
                row["status"] = "CANCELLED".into();
            }
            Json(row.clone()).into_response()
        }
    })
}

fn made(body: &[u8], now: &str, number: usize) -> Value {
    let mut row: Value = serde_json::from_slice(body).unwrap();
    row["id"] = format!("0f6f2d7e-5c1b-4d0a-9a55-{number:012}").into();
    row["status"] = "REQUESTED".into();
    row["status_updated_at"] = now.into();
    row["created_at"] = now.into();
    row["client_price"] = Value::Null;
    row["location_city"] = "Ulm".into();
    if row["token_strategy"] == "ad_hoc" {
        row["token"] = json!({ "uid": "04GUEST7", "type": "AD_HOC_USER" });
    }
    row
}

/// A page, the newest first, a hundred at most.
fn list(all: &[Value], query: &str) -> Response {
    let uri = format!("http://x/?{query}").parse().unwrap();
    let Query(query) = Query::<HashMap<String, String>>::try_from_uri(&uri).unwrap();
    let number = |name: &str| query[name].parse::<usize>().unwrap();
    let (limit, offset) = (number("limit"), number("offset"));
    assert!(limit <= 100);
    let mut rows: Vec<_> = all
        .iter()
        .filter(|row| {
            let created = row["created_at"].as_str().unwrap();
            created >= &query["from_date"][..] && created <= &query["to_date"][..]
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row["created_at"].as_str()));
    let rows: Vec<_> = rows.into_iter().skip(offset).take(limit).collect();
    Json(json!({ "bookings": rows })).into_response()
}

fn group(stand_in: &StandIn, path: &str, body: &[u8]) -> Response {
    if let Some(id) = path.strip_suffix("/tokens/bulk") {
        let asked: Value = serde_json::from_slice(body).unwrap();
        let tokens = (1..=asked["count"].as_u64().unwrap()).map(|number| {
            json!({ "id": format!("tok_PM{number}"), "uid": format!("04C5D1AA{number:02}"),
                "type": asked["type"], "status": "ACTIVE",
                "label": format!("Transporter {number}"), "created_at": "2025-06-14T15:00:00Z" })
        });
        let tokens: Vec<_> = tokens.collect();
        let made = json!({ "group_id": id, "created": tokens.len(), "tokens": tokens });
        return (StatusCode::CREATED, Json(made)).into_response();
    }
    let groups = stand_in.with(|inside| inside.groups.clone());
    let found = groups.into_iter().find(|group| group["id"] == *path);
    found.map_or_else(
        || no(404, "Group not found"),
        |group| Json(group).into_response(),
    )
}

fn search() -> Value {
    json!({ "results": [ { "location_id": "DE-NOV-E770011", "name": "Novastrom Bahnhof Nord",
        "address": "Gleisweg 4", "city": "Ulm", "coordinates": { "lat": 48.4, "lng": 9.98 },
        "distance_km": 1.9, "cpo_name": "Novastrom", "cpo_party_id": "NOV",
        "supports_reservation": true, "surprise": { "x": 1 },
        "evses": [ { "evse_uid": "DE*NOV*E770011*1", "status": "AVAILABLE",
            "connectors": [ { "connector_id": "1", "type": "IEC_62196_T2_COMBO",
                "power_kw": 150 } ] } ],
        "pricing": { "estimated_price": 14.30, "currency": "EUR" } }, "not a place" ],
      "total": 1, "cpo_results": [ { "cpo_party_id": "NOV", "count": 1, "duration_ms": 182 } ] })
}
