//! Files, read piece by piece so that one sees how far they are.

use gloo_net::http::{Headers, Method, Response};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Blob, BlobPropertyBag, ReadableStream,
    ReadableStreamDefaultReader,
};

use super::{Problem, Result, request};

/// The header by which a request asks the service worker for what is kept on
/// this device, and for nothing else.
const KEPT_ONLY: &str = "x-kept-only";

/// The header by which the server says how many sessions an export has.
const COUNT: &str = "x-receipts";

/// Ends a download when it is dropped.
struct Stop(Option<AbortController>);

impl Stop {
    fn new() -> Self {
        Self(AbortController::new().ok())
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        // After the last piece is here this does nothing.
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// What is known of a file when it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// In bytes, if the server says so.
    pub bytes: Option<u64>,
    /// How many sessions are in it, if it is an export.
    pub sessions: Option<u64>,
}

/// Reads a file, and tells of each piece of it. It breaks off when this is dropped.
pub async fn file(path: &str, mut heard: impl FnMut(Size, &[u8])) -> Result<Blob> {
    let stop = Stop::new();
    let response = ask(path, &stop, None).await?;
    let headers = response.headers();
    let size = Size {
        bytes: number(&headers, "content-length"),
        sessions: number(&headers, COUNT),
    };
    heard(size, &[]);
    let kind = headers.get("content-type").unwrap_or_default();
    let pieces = Array::new();
    if let Some(body) = response.body() {
        let reader = reader(&body).ok_or(Problem::Unreadable)?;
        while let Some(piece) = next(&reader).await? {
            heard(size, &piece.to_vec());
            pieces.push(&piece);
        }
    }
    let about = BlobPropertyBag::new();
    about.set_type(&kind);
    Blob::new_with_u8_array_sequence_and_options(&pieces, &about).map_err(|_| Problem::Unreadable)
}

/// Whether a file is kept on this device for reading offline.
pub async fn is_kept(path: &str) -> bool {
    if !has_keeper() {
        return false;
    }
    let stop = Stop::new();
    ask(path, &stop, Some(KEPT_ONLY))
        .await
        .is_ok_and(|response| response.status() == 200)
}

/// Whether a service worker answers for this page; some browsers have none.
fn has_keeper() -> bool {
    let navigator = leptos::prelude::window().navigator();
    let workers = Reflect::get(&navigator, &"serviceWorker".into());
    let keeper = workers.and_then(|workers| Reflect::get(&workers, &"controller".into()));
    keeper.is_ok_and(|keeper| keeper.is_truthy())
}

async fn ask(path: &str, stop: &Stop, marked: Option<&str>) -> Result<Response> {
    let mut request = request(Method::GET, path).abort_signal(stop.signal().as_ref());
    if let Some(mark) = marked {
        request = request.header(mark, "1");
    }
    let response = request.send().await.map_err(|_| Problem::Offline)?;
    if response.ok() {
        return Ok(response);
    }
    let (status, headers) = (response.status(), response.headers());
    let body = response.text().await.unwrap_or_default();
    Err(Problem::of(status, &headers, &body))
}

fn number(headers: &Headers, name: &str) -> Option<u64> {
    headers.get(name)?.parse().ok()
}

fn reader(body: &ReadableStream) -> Option<ReadableStreamDefaultReader> {
    body.get_reader().dyn_into().ok()
}

/// The next piece; `None` after the last.
async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>> {
    let read = JsFuture::from(reader.read()).await;
    let read: JsValue = read.map_err(|_| Problem::Offline)?;
    let value = Reflect::get(&read, &"value".into()).map_err(|_| Problem::Unreadable)?;
    Ok(value.dyn_into().ok())
}
