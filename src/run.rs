//! What changes on a page, effects and tasks, each compiled once: every kind of
//! closure or future handed to the reactive system itself would weigh some
//! kilobytes.

use std::{future::Future, pin::Pin, time::Duration};

use js_sys::Promise;
use leptos::{
    prelude::{Effect, document, request_animation_frame, set_timeout},
    task::{spawn_local, spawn_local_scoped_with_cancellation},
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What is drawn anew whenever what it reads changes.
pub type Live<T> = Box<dyn Fn() -> T + Send>;

/// Draws something, and draws it anew whenever what it read changes.
pub fn live<T>(draw: impl Fn() -> T + Send + 'static) -> Live<T> {
    Box::new(draw)
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Does something now, and again whenever what it read changes.
pub fn whenever(run: impl FnMut() + 'static) {
    fn boxed(mut run: Box<dyn FnMut()>) {
        Effect::new(move |_| run());
    }
    boxed(Box::new(run));
}

/// Does something once what the browser has to show by now is on the screen: who
/// types or scrolls sees that first, however long it takes.
pub fn after_paint(run: impl FnOnce() + 'static) {
    request_animation_frame(move || set_timeout(run, Duration::ZERO));
}

/// Does something that takes a while, unless this part of the page goes away.
pub fn while_here(task: impl Future<Output = ()> + 'static) {
    fn boxed(task: Task) {
        spawn_local_scoped_with_cancellation(task);
    }
    boxed(Box::pin(task));
}

/// Does something that takes a while, whatever becomes of the page: a change
/// that was sent is not called back.
pub fn to_the_end(task: impl Future<Output = ()> + 'static) {
    fn boxed(task: Task) {
        spawn_local(task);
    }
    boxed(Box::pin(task));
}

/// Waits until the browser draws next: what arrives at about the same time is drawn
/// at once. Nobody waits for a page that isn't looked at.
pub async fn next_frame() {
    if document().hidden() {
        return;
    }
    let drawing = Promise::new(&mut |drawing, _| {
        request_animation_frame(move || drop(drawing.call0(&JsValue::UNDEFINED)));
    });
    // This promise is only ever kept.
    let _ = JsFuture::from(drawing).await;
}

/// Waits a while.
pub async fn pause(time: Duration) {
    let over = Promise::new(&mut |over, _| {
        set_timeout(move || drop(over.call0(&JsValue::UNDEFINED)), time);
    });
    // This promise is only ever kept.
    let _ = JsFuture::from(over).await;
}
