//! No streams.
//!
//! Leptos brings server functions, and those name the crate of this name, whose
//! classes travel to every browser whether something uses them or not: 4 kB of
//! each first view. The portal has no server functions. What they name is here,
//! and nothing flows through it.

use futures_util::stream::{self, Empty, Stream};
use wasm_bindgen::JsValue;

/// A stream of the browser's, from which nothing is read.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Takes a stream of the browser's.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// Nothing in its place.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        Self(JsValue::UNDEFINED.into())
    }

    /// Gives it back.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Nothing.
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        stream::empty()
    }
}
