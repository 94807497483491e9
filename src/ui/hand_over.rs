//! Handing a link over: to the clipboard, or to another app.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::ShareData;

/// Puts a text where it can be pasted from; `false` if the browser doesn't.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Without it being there a call would end the app.
    let known = Reflect::get(&navigator, &"clipboard".into());
    if known.is_ok_and(|clipboard| clipboard.is_object()) {
        JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
    } else {
        false
    }
}

/// Whether this browser hands links to other apps.
pub fn can_share() -> bool {
    Reflect::has(&window().navigator(), &"share".into()).unwrap_or(false)
}

/// Hands a link to another app, which somebody chooses from a sheet.
pub async fn share(title: &str, link: &str) {
    let data = ShareData::new();
    data.set_title(title);
    data.set_url(link);
    // Who closes the sheet has seen it; the link stands beside it all the same.
    let _ = JsFuture::from(window().navigator().share_with_data(&data)).await;
}
