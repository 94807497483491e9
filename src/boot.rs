//! What `boot.js` prepared before the app arrived.

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{File, Response};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = words)]
    static FIRST_WORDS: Promise;

    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = said)]
    static SAID: Array;

    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = language)]
    static LANGUAGE: String;

    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = me)]
    static FIRST_ME: Promise;

    #[wasm_bindgen(thread_local_v2, js_namespace = portal, js_name = bundle)]
    static BUNDLE: JsValue;

    #[wasm_bindgen(js_namespace = portal, js_name = speak)]
    fn speak(language: &str) -> Promise;

    /// Has the page and the browser's bars around it in a look, by its word.
    #[wasm_bindgen(js_namespace = portal, js_name = dress)]
    pub fn dress(look: &str);

    #[wasm_bindgen(js_namespace = portal, js_name = forget)]
    fn forget_kept() -> Promise;

    #[wasm_bindgen(js_namespace = portal, js_name = files)]
    fn with_files(what: &str, first: &JsValue, second: &JsValue) -> Promise;

    #[wasm_bindgen(js_namespace = portal, js_name = alone)]
    fn run_alone(name: &str, work: &JsValue) -> Promise;

    /// Says that the portal could not be loaded.
    #[wasm_bindgen(js_namespace = portal, js_name = failed)]
    pub fn failed();
}

/// The language the first sentences are in, by its code.
pub fn language() -> String {
    LANGUAGE.with(Clone::clone)
}

/// Waits for the sentences of every page, which were asked for at the very start.
pub async fn first_words() -> Result<(), JsValue> {
    let promise = FIRST_WORDS.with(Clone::clone);
    JsFuture::from(promise).await.map(drop)
}

/// Takes up all sentences that are here in another language.
pub async fn change_words(language: &str) -> Result<(), JsValue> {
    JsFuture::from(speak(language)).await.map(drop)
}

/// A sentence that is here, by its place among all.
pub fn sentence(index: u32) -> String {
    SAID.with(|said| said.get(index).as_string())
        .unwrap_or_default()
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

/// Keeps a file on this device under a name; `false` where it can't be kept.
pub async fn keep_file(name: &str, file: &File) -> bool {
    let kept = with_files("put", file, &name.into());
    JsFuture::from(kept).await.is_ok()
}

/// The file that is kept on this device under a name.
pub async fn kept_file(name: &str) -> Option<File> {
    let kept = with_files("get", &name.into(), &JsValue::UNDEFINED);
    JsFuture::from(kept).await.ok()?.dyn_into().ok()
}

/// Forgets the file that is kept on this device under a name.
pub async fn forget_file(name: &str) {
    // It goes with the sign-out at the latest.
    let _ = JsFuture::from(with_files("delete", &name.into(), &JsValue::UNDEFINED)).await;
}

/// Does something that no other page of the portal does at the same time, by its name.
pub async fn alone(name: &str, work: impl Future<Output = ()> + 'static) {
    let start = move || {
        future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
    };
    let start = Closure::once_into_js(start);
    // A browser that refuses the lock does it the next time.
    let _ = JsFuture::from(run_alone(name, &start)).await;
}
