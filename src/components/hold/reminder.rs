//! A message of the browser shortly before a hold lapses: where that was allowed.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationPermission};

use crate::{
    i18n::words,
    run::{live, to_the_end},
    state::toasts::use_toasts,
    ui::button::{Button, Weight},
};

/// Whether this browser asks whether it may.
fn can_be_asked() -> bool {
    let known = Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or(false);
    known && Notification::permission() == NotificationPermission::Default
}

/// Something to press that has the browser ask whether it may.
#[component]
pub fn Remind() -> impl IntoView {
    let toasts = use_toasts();
    let ask = RwSignal::new(can_be_asked());
    let press = move |()| {
        to_the_end(async move {
            let Ok(asked) = Notification::request_permission() else {
                return;
            };
            let allowed = JsFuture::from(asked).await;
            let allowed = allowed.ok().and_then(|word| word.as_string());
            toasts.say(match allowed.as_deref() {
                Some("granted") => words::hold_reminded(),
                _ => words::hold_not_reminded(),
            });
            ask.try_set(can_be_asked());
        });
    };
    live(move || {
        ask.get().then(|| {
            view! { <Button weight=Weight::Quiet text=words::hold_remind() on_press=press /> }
        })
    })
}

/// Shows a message of the browser, where that was allowed.
pub fn remind(text: String) {
    let known = Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or(false);
    if known && Notification::permission() == NotificationPermission::Granted {
        // Without it the page itself still says so.
        to_the_end(async move { drop(show(&text).await) });
    }
}

/// By the service worker: phones show no others.
async fn show(text: &str) -> Result<(), JsValue> {
    let workers = Reflect::get(&window().navigator(), &"serviceWorker".into())?;
    let ready: Promise = Reflect::get(&workers, &"ready".into())?.dyn_into()?;
    let worker = JsFuture::from(ready).await?;
    let show: Function = Reflect::get(&worker, &"showNotification".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"tag".into(), &"hold".into())?;
    show.call2(&worker, &text.into(), &options).map(drop)
}
