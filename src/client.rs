//! What the portal asks its server: one file per system, one function per path.
//! Nobody else speaks HTTP.

pub mod bookings;
pub mod charging;
pub mod disputes;
pub mod dynamo;
pub mod file;
pub mod groups;
mod once;
pub mod portal;
mod problem;
mod reply;

pub use problem::Problem;
pub use reply::{Answer, Reply};

use crate::json;
use gloo_net::http::{Method, Request, RequestBuilder};
use leptos::prelude::{TimeoutHandle, set_timeout_with_handle, window};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestInit};

/// What asking comes to.
pub type Result<T> = std::result::Result<T, Problem>;

/// How long a read may take before it counts as lost.
const READ_TIME: Duration = Duration::from_secs(15);

/// How long a change may take; it is never cut off by leaving the page.
const WRITE_TIME: Duration = Duration::from_secs(30);

/// How long a file may take on a slow line.
const FILE_TIME: Duration = Duration::from_secs(120);

/// Reads from a path.
async fn get<T: DeserializeOwned>(path: &str) -> Result<Answer<T>> {
    let limit = Limit::new(READ_TIME);
    let request = request(Method::GET, path).abort_signal(limit.signal().as_ref());
    let reply = limit.outcome(fetch(request, None).await)?;
    reply.read()
}

/// Changes something at a path.
async fn send(method: Method, path: &str, body: Option<String>) -> Result<Reply> {
    let left = window().navigator().on_line();
    let outcome = exchange(method, path, body).await;
    outcome.map_err(|problem| problem.of_change(left))
}

/// Says something to a path, and hears what is said to that.
async fn exchange(method: Method, path: &str, body: Option<String>) -> Result<Reply> {
    let limit = Limit::new(WRITE_TIME);
    let request = request(method, path).abort_signal(limit.signal().as_ref());
    limit.outcome(fetch(request, body).await)
}

/// Makes something at a path: with the same key it is made once, however often
/// it is sent.
async fn make<T: DeserializeOwned>(path: &str, key: &str, body: &impl Serialize) -> Result<T> {
    let limit = Limit::new(WRITE_TIME);
    let request = request(Method::POST, path)
        .header("idempotency-key", key)
        .abort_signal(limit.signal().as_ref());
    let left = window().navigator().on_line();
    let outcome = limit.outcome(fetch(request, Some(written(body)?)).await);
    let reply = outcome.map_err(|problem| problem.of_change(left))?;
    reply.read().map(|answer| answer.value)
}

/// Sends a file to a path.
async fn upload<T: DeserializeOwned>(path: &str, file: &web_sys::File) -> Result<T> {
    let limit = Limit::new(FILE_TIME);
    let request = request(Method::POST, path)
        .header("content-type", &file.type_())
        .abort_signal(limit.signal().as_ref())
        .body(file.clone())
        .map_err(|_| Problem::Unreadable)?;
    let reply = limit.outcome(complete(request).await)?;
    reply.read().map(|answer| answer.value)
}

fn request(method: Method, path: &str) -> RequestBuilder {
    RequestBuilder::new(path)
        .method(method)
        .header("accept", "application/json")
        .header("x-portal", "1")
}

async fn fetch(request: RequestBuilder, body: Option<String>) -> Result<Reply> {
    let request: Request = match body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(body),
        None => request.build(),
    }
    .map_err(|_| Problem::Unreadable)?;
    complete(request).await
}

async fn complete(request: Request) -> Result<Reply> {
    let response = request.send().await.map_err(|_| Problem::Offline)?;
    Reply::of(response).await
}

/// Gives something up at a path, also when the page goes away meanwhile.
async fn give_up(path: &str) -> Result<()> {
    let init = RequestInit::new();
    init.set_method("DELETE");
    let headers = web_sys::Headers::new().map_err(|_| Problem::Unreadable)?;
    for (name, value) in [("accept", "application/json"), ("x-portal", "1")] {
        headers
            .append(name, value)
            .map_err(|_| Problem::Unreadable)?;
    }
    init.set_headers(&headers);
    // A browser that doesn't know it sends all the same, as long as the page is there.
    let _ = js_sys::Reflect::set(&init, &"keepalive".into(), &true.into());
    let sent = window().fetch_with_str_and_init(path, &init);
    let response = JsFuture::from(sent).await.map_err(|_| Problem::Offline)?;
    let response: web_sys::Response = response.dyn_into().map_err(|_| Problem::Unreadable)?;
    Reply::of(response.into()).await.map(drop)
}

/// Another system's ids may have any sign in them.
fn in_path(id: &str) -> String {
    js_sys::encode_uri_component(id).into()
}

/// A name for a request, so that repeating it changes nothing twice.
pub fn new_key() -> String {
    window()
        .crypto()
        .map(|crypto| crypto.random_uuid())
        .unwrap_or_default()
}

/// A body in JSON.
fn written(body: &impl Serialize) -> Result<String> {
    json::write(body).map_err(|_| Problem::Unreadable)
}

/// An address with its query, everything escaped.
pub fn with_query(path: &str, parameters: &[(&'static str, String)]) -> String {
    let mut address = path.to_owned();
    for (index, (name, value)) in parameters.iter().enumerate() {
        address.push(if index == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        address.push_str(&String::from(js_sys::encode_uri_component(value)));
    }
    address
}

/// Cuts a request off when its time is up, or when nobody waits for it any more.
struct Limit {
    controller: Option<AbortController>,
    timer: Option<TimeoutHandle>,
    ran_out: std::rc::Rc<std::cell::Cell<bool>>,
}

impl Limit {
    fn new(time: Duration) -> Self {
        let controller = AbortController::new().ok();
        let ran_out = std::rc::Rc::new(std::cell::Cell::new(false));
        let timer = controller.clone().and_then(|controller| {
            let ran_out = ran_out.clone();
            let cut = move || {
                ran_out.set(true);
                controller.abort();
            };
            set_timeout_with_handle(cut, time).ok()
        });
        Self {
            controller,
            timer,
            ran_out,
        }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    /// A request that was cut off is slow, not offline.
    fn outcome(&self, outcome: Result<Reply>) -> Result<Reply> {
        match outcome {
            Err(Problem::Offline) if self.ran_out.get() => Err(Problem::Slow),
            outcome => outcome,
        }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            timer.clear();
        }
        // After the answer is here this does nothing.
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}
