//! Speaks as Dynamo does: bearer key, billing sessions, sites; and misbehaves
//! when told to.

use std::{
    collections::{HashMap, VecDeque},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, time::Interval};

/// The operator's key.
pub const KEY: &str = "dyn_live_CANARY_51c2";

/// How it misbehaves.
#[derive(Clone)]
pub enum Quirk {
    /// Answers with just this.
    Answers(u16, &'static str, String),
    /// Asks to be left alone.
    Busy(u16, Option<String>),
    /// Sends the client elsewhere.
    Redirects,
    /// Never answers.
    Hangs,
    /// Answers one byte at a time.
    Drips,
    /// Answers with far too much.
    Floods,
    /// Answers as usual, but only once it is let go.
    Waits(Arc<Notify>),
}

#[derive(Default)]
struct Inside {
    rows: Vec<Value>,
    sites: HashMap<String, String>,
    receipts: HashMap<String, String>,
    next: VecDeque<Quirk>,
    next_post: VecDeque<Quirk>,
    posted: Vec<(String, Value)>,
    always: Option<Quirk>,
    everybodys: bool,
    without_total: bool,
    asked: Vec<String>,
    under_way: usize,
    most_at_once: usize,
}

/// A Dynamo on a port of its own.
#[derive(Clone)]
pub struct StandIn {
    pub url: String,
    inside: Arc<Mutex<Inside>>,
    arrived: Arc<Notify>,
}

impl StandIn {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let this = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            inside: Arc::default(),
            arrived: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        this
    }

    fn with<T>(&self, change: impl FnOnce(&mut Inside) -> T) -> T {
        change(&mut self.inside.lock().unwrap())
    }

    /// Adds a session.
    pub fn add(&self, row: Value) {
        self.with(|inside| inside.rows.push(row));
    }

    /// Says something else about a session.
    pub fn say(&self, id: &str, field: &str, value: Value) {
        let about = |row: &&mut Value| row["session_id"] == id;
        self.with(|inside| inside.rows.iter_mut().find(about).unwrap()[field] = value);
    }

    /// Adds a plain session of somebody's, at an hour of 2025.
    pub fn add_plain(&self, id: &str, user: &str, hour: i64) {
        self.add(row(id, user, hour));
    }

    /// Adds the receipt of a session.
    pub fn add_receipt(&self, id: &str, content: String) {
        self.with(|inside| inside.receipts.insert(id.into(), content));
    }

    pub fn name_site(&self, id: &str, name: &str) {
        self.with(|inside| inside.sites.insert(id.into(), name.into()));
    }

    /// Misbehaves at the next call, and after that as told before.
    pub fn next(&self, quirk: Quirk) {
        self.with(|inside| inside.next.push_back(quirk));
    }

    /// Misbehaves when something is sent to it the next time.
    pub fn next_post(&self, quirk: Quirk) {
        self.with(|inside| inside.next_post.push_back(quirk));
    }

    /// Keys and bodies of all that was sent so far.
    pub fn posted(&self) -> Vec<(String, Value)> {
        self.with(|inside| inside.posted.clone())
    }

    /// Misbehaves from now on.
    pub fn always(&self, quirk: Quirk) {
        self.with(|inside| inside.always = Some(quirk));
    }

    /// Ignores whose sessions are asked for.
    pub fn give_everybodys(&self) {
        self.with(|inside| inside.everybodys = true);
    }

    /// Doesn't say how many there are.
    pub fn leave_out_total(&self) {
        self.with(|inside| inside.without_total = true);
    }

    /// Path and query of all calls so far.
    pub fn asked(&self) -> Vec<String> {
        self.with(|inside| inside.asked.clone())
    }

    /// The most calls that were there at the same time.
    pub fn most_at_once(&self) -> usize {
        self.with(|inside| inside.most_at_once)
    }

    /// Waits until so many calls are there at the same time.
    pub async fn wait_for(&self, calls: usize) {
        loop {
            let arrived = self.arrived.notified();
            if self.with(|inside| inside.under_way) >= calls {
                return;
            }
            arrived.await;
        }
    }
}

/// A session as documented.
pub fn row(id: &str, user: &str, hour: i64) -> Value {
    let day = 1 + hour / 24 % 28;
    let month = 1 + hour / (24 * 28) % 12;
    let hour = hour % 24;
    json!({
        "session_id": id, "transaction_id": 7, "charge_point_id": "CP-KAI7-02",
        "connector_id": 2, "user_id": user, "site_id": "site_01JQ8B",
        "started_at": format!("2025-{month:02}-{day:02}T{hour:02}:05:00Z"),
        "ended_at": format!("2025-{month:02}-{day:02}T{hour:02}:47:00Z"),
        "duration_minutes": 42, "energy_kwh": 21.6, "total_cost": 97.20, "currency": "NOK",
        "status": "completed"
    })
}

/// Counts a call as under way until it is dropped.
struct UnderWay(StandIn);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.with(|inside| inside.under_way -= 1);
    }
}

async fn answer(State(stand_in): State<StandIn>, request: Request) -> Response {
    if request.method() == Method::POST {
        return take(&stand_in, request).await;
    }
    let quirk = stand_in.with(|inside| {
        inside.asked.push(request.uri().to_string());
        inside.under_way += 1;
        inside.most_at_once = inside.most_at_once.max(inside.under_way);
        inside.next.pop_front().or(inside.always.clone())
    });
    let _under_way = UnderWay(stand_in.clone());
    stand_in.arrived.notify_waiters();
    match quirk {
        None => usual(&stand_in, &request),
        Some(Quirk::Waits(go)) => {
            go.notified().await;
            usual(&stand_in, &request)
        }
        Some(quirk) => misbehave(quirk).await,
    }
}

/// Takes a dispute, as documented.
async fn take(stand_in: &StandIn, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let key = head.headers["idempotency-key"].to_str().unwrap().to_owned();
    assert_eq!(head.headers[header::AUTHORIZATION], format!("Bearer {KEY}"));
    let body = axum::body::to_bytes(body, 100_000).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let quirk = stand_in.with(|inside| {
        inside.posted.push((key, body.clone()));
        inside.next_post.pop_front()
    });
    if let Some(quirk) = quirk {
        return misbehave(quirk).await;
    }
    let session = path.strip_prefix("/api/v1/portal/sessions/").unwrap();
    let session = session.strip_suffix("/dispute").unwrap();
    let dispute = json!({
        "dispute_id": "disp_01JQ9C7", "session_id": session, "status": "open",
        "reason": body["reason"], "expected_cost": body["expected_cost"], "billed_cost": 97.20,
        "currency": "NOK", "created_at": "2025-03-03T08:00:00Z", "resolved_at": null
    });
    (StatusCode::CREATED, axum::Json(dispute)).into_response()
}

async fn misbehave(quirk: Quirk) -> Response {
    match quirk {
        Quirk::Answers(status, kind, body) => {
            let status = StatusCode::from_u16(status).unwrap();
            (status, [(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Quirk::Busy(status, retry_after) => {
            let status = StatusCode::from_u16(status).unwrap();
            let mut response = status.into_response();
            if let Some(wait) = retry_after {
                let wait = wait.parse().unwrap();
                response.headers_mut().insert(header::RETRY_AFTER, wait);
            }
            response
        }
        Quirk::Redirects => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response(),
        Quirk::Drips => {
            Body::new(Drip(tokio::time::interval(Duration::from_millis(20)))).into_response()
        }
        Quirk::Floods => vec![b' '; 3 * 1024 * 1024].into_response(),
        Quirk::Hangs | Quirk::Waits(_) => std::future::pending().await,
    }
}

/// A body that never ends and never says anything.
struct Drip(Interval);

impl hyper::body::Body for Drip {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let space = |_| Some(Ok(Frame::data(Bytes::from_static(b" "))));
        self.0.poll_tick(context).map(space)
    }
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "error": { "code": code, "message": message, "details": null } });
    (status, axum::Json(body)).into_response()
}

fn usual(stand_in: &StandIn, request: &Request) -> Response {
    let key = request.headers().get(header::AUTHORIZATION);
    if key.is_none_or(|key| key != &format!("Bearer {KEY}")) {
        return error(StatusCode::UNAUTHORIZED, "unauthorized", "unknown key");
    }
    let Query(query) = Query::<HashMap<String, String>>::try_from_uri(request.uri()).unwrap();
    let path = request.uri().path();
    let not_found = || error(StatusCode::NOT_FOUND, "not_found", "no such thing");
    if path == "/api/v1/billing/sessions" {
        return list(stand_in, &query);
    }
    if let Some(id) = path.strip_suffix("/receipt") {
        return receipt(stand_in, id);
    }
    let found = stand_in.with(|inside| {
        if let Some(id) = path.strip_prefix("/api/v1/billing/sessions/") {
            let mut rows = inside.rows.iter();
            return rows.find(|row| row["session_id"] == *id).cloned();
        }
        let id = path.strip_prefix("/api/v1/sites/")?;
        let name = inside.sites.get(id)?;
        Some(json!({ "site_id": id, "name": name, "address": "Skurekaien 7", "lat": 60.4 }))
    });
    found.map_or_else(not_found, |found| axum::Json(found).into_response())
}

/// A session's receipt; without one it isn't finished yet.
fn receipt(stand_in: &StandIn, path: &str) -> Response {
    let id = path.strip_prefix("/api/v1/billing/sessions/").unwrap();
    let receipt = stand_in.with(|inside| inside.receipts.get(id).cloned());
    match receipt {
        Some(receipt) => ([(header::CONTENT_TYPE, "application/pdf")], receipt).into_response(),
        None => error(StatusCode::CONFLICT, "conflict", "not finished yet"),
    }
}

fn list(stand_in: &StandIn, query: &HashMap<String, String>) -> Response {
    let number = |name: &str, usual: usize| query.get(name).map_or(usual, |n| n.parse().unwrap());
    let (limit, offset) = (number("limit", 50), number("offset", 0));
    if !(1..=200).contains(&limit) {
        return error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "limit is 1 to 200",
        );
    }
    stand_in.with(|inside| {
        let fits = |row: &&Value| {
            let started = row["started_at"].as_str().unwrap_or_default();
            (inside.everybodys || query.get("user_id").is_none_or(|id| row["user_id"] == **id))
                && query
                    .get("status")
                    .is_none_or(|word| row["status"] == **word)
                && query.get("from").is_none_or(|from| started >= &from[..])
                && query.get("to").is_none_or(|to| started <= &to[..])
        };
        let mut rows: Vec<_> = inside.rows.iter().filter(fits).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row["started_at"].as_str()));
        let total = rows.len();
        let rows: Vec<_> = rows.into_iter().skip(offset).take(limit).collect();
        let mut page = json!({ "sessions": rows, "limit": limit, "offset": offset });
        if !inside.without_total {
            page["total"] = total.into();
        }
        axum::Json(page).into_response()
    })
}
