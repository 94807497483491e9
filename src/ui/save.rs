//! Files that the browser puts where downloads go, or hands to another app.

use js_sys::{Array, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FilePropertyBag, HtmlAnchorElement, ShareData, Url};

/// Puts a file where downloads go.
pub fn save(blob: &Blob, name: &str) {
    let Ok(url) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    if let Some(link) = link() {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser has taken it up by then.
    set_timeout(
        move || drop(Url::revoke_object_url(&url)),
        std::time::Duration::from_secs(60),
    );
}

fn link() -> Option<HtmlAnchorElement> {
    document().create_element("a").ok()?.dyn_into().ok()
}

/// Whether this browser hands such files to other apps.
pub fn can_share(kind: &str) -> bool {
    let navigator = window().navigator();
    let known = Reflect::has(&navigator, &"canShare".into()).unwrap_or(false);
    known
        && named(&Array::new(), "a", kind)
            .is_some_and(|file| navigator.can_share_with_data(&data(&file)))
}

/// Hands a file to another app; false if the browser wants to be asked again by a
/// press.
pub async fn share(blob: &Blob, name: &str) -> bool {
    let Some(file) = named(&Array::of1(blob), name, &blob.type_()) else {
        return false;
    };
    let shared = JsFuture::from(window().navigator().share_with_data(&data(&file))).await;
    // Who closes the sheet has seen it.
    shared.err().is_none_or(|error| is_closed(&error))
}

fn named(parts: &Array, name: &str, kind: &str) -> Option<File> {
    let about = FilePropertyBag::new();
    about.set_type(kind);
    File::new_with_blob_sequence_and_options(parts, name, &about).ok()
}

fn data(file: &File) -> ShareData {
    let data = ShareData::new();
    data.set_files(&Array::of1(file));
    data
}

fn is_closed(error: &JsValue) -> bool {
    let name = Reflect::get(error, &"name".into()).ok();
    name.and_then(|name| name.as_string()).as_deref() == Some("AbortError")
}
