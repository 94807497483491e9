//! What `boot.js` prepared before the app arrived.

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::Response;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = words)]
    static FIRST_WORDS: Promise;

    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = language)]
    static LANGUAGE: String;

    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = me)]
    static FIRST_ME: Promise;

    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = bundle)]
    static BUNDLE: JsValue;

    #[wasm_bindgen(js_namespace = portal, js_name = fetchWords)]
    fn fetch_words(language: &str) -> Promise;

    #[wasm_bindgen(js_namespace = portal, js_name = forget)]
    fn forget_kept() -> Promise;

    #[wasm_bindgen(js_namespace = portal, js_name = alone)]
    fn run_alone(work: &JsValue) -> Promise;

    /// Says that the portal could not be loaded.
    #[wasm_bindgen(js_namespace = portal, js_name = failed)]
    pub fn failed();
}

/// The language the first sentences are in, by its code.
pub fn language() -> String {
    LANGUAGE.with(Clone::clone)
}

/// The sentences that were asked for at the very start.
pub async fn first_words() -> Result<Vec<String>, JsValue> {
    let promise = FIRST_WORDS.with(Clone::clone);
    JsFuture::from(promise).await.map(texts)
}

/// The sentences of another language.
pub async fn words(language: &str) -> Result<Vec<String>, JsValue> {
    JsFuture::from(fetch_words(language)).await.map(texts)
}

fn texts(array: JsValue) -> Vec<String> {
    Array::from(&array)
        .iter()
        .map(|text| text.as_string().unwrap_or_default())
        .collect()
}

/// The answer to "who is signed in", asked at the very start; `None` if it
/// didn't get through.
pub async fn first_me() -> Option<Response> {
    let promise = FIRST_ME.with(Clone::clone);
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// Which build this is.
pub fn version() -> String {
    BUNDLE
        .with(|bundle| Reflect::get(bundle, &"version".into()).ok()?.as_string())
        .unwrap_or_default()
}

/// Removes everything that was kept on this device for reading offline.
pub async fn forget() {
    // Where there is nothing to remove there is nothing to do.
    let _ = JsFuture::from(forget_kept()).await;
}

/// Does something that no other page of the portal does at the same time.
pub async fn alone(work: impl Future<Output = ()> + 'static) {
    let start = move || {
        future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
    };
    let start = Closure::once_into_js(start);
    // A browser that refuses the lock does it the next time.
    let _ = JsFuture::from(run_alone(&start)).await;
}
