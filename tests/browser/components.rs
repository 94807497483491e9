//! Waiting, failed or here.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use leptos::prelude::*;
use portal::{
    client::{Answer, Problem, Result},
    components::{
        chunk::{Chunk, Coming, Missing},
        loaded::Loaded,
    },
    state::{self, remote::remote},
    ui::skeleton::Shape,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{draw, settle};

thread_local! {
    static ANSWER: RefCell<Option<(Function, Result<Answer<String>>)>> = const { RefCell::new(None) };
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

/// A question that is answered when the test says so.
async fn ask() -> Result<Answer<String>> {
    ASKED.set(ASKED.get() + 1);
    let promise = Promise::new(&mut |resolve, _| {
        ANSWER.set(Some((resolve, Err(Problem::Slow))));
    });
    JsFuture::from(promise).await.expect("it is resolved");
    let (_, answer) = ANSWER.take().expect("the test answered");
    answer
}

async fn answer(with: Result<Answer<String>>) {
    let resolve = ANSWER.with_borrow_mut(|waiting| {
        let (resolve, answer) = waiting.as_mut().expect("it was asked");
        *answer = with;
        resolve.clone()
    });
    resolve.call0(&JsValue::UNDEFINED).expect("it resolves");
    settle().await;
}

#[wasm_bindgen_test]
async fn what_is_asked_for_is_waited_for_fails_is_tried_again_and_is_here() {
    let stage = draw(|| {
        state::provide(Err(Problem::SignedOut));
        let asked = remote(ask);
        let children = |text: String| view! { <p>{text}</p> }.into_any();
        view! { <Loaded remote=asked shape=Shape::Fields children /> }
    })
    .await;
    assert_eq!(
        stage.one("[role=status]").text_content().as_deref(),
        Some("Loading …")
    );

    answer(Err(Problem::Slow)).await;
    assert!(
        stage
            .one("[role=alert]")
            .inner_text()
            .contains("No answer yet")
    );

    stage.button("Try again").click();
    settle().await;
    // A second press while it is being asked again asks nothing.
    stage.button("Trying again …").click();
    settle().await;
    assert_eq!(ASKED.get(), 2);

    let value = "Here it is".to_owned();
    answer(Ok(Answer {
        value,
        kept_at: None,
    }))
    .await;
    assert_eq!(stage.text(), "Here it is");
}

thread_local! {
    static FETCHES: Cell<u32> = const { Cell::new(0) };
}

fn second_time() -> Coming {
    FETCHES.set(FETCHES.get() + 1);
    let first = FETCHES.get() == 1;
    Box::pin(async move {
        if first {
            Err(Missing)
        } else {
            Ok(view! { <p>"The page"</p> }.into_any())
        }
    })
}

#[wasm_bindgen_test]
async fn code_that_could_not_be_fetched_is_fetched_again() {
    FETCHES.set(0);
    let stage = draw(|| {
        state::provide(Err(Problem::SignedOut));
        view! { <Chunk page=second_time shape=Shape::Fields /> }
    })
    .await;
    let notice = stage.one("[role=alert]").inner_text();
    assert!(notice.contains("could not be loaded"), "{notice}");
    stage.button("Try again").click();
    settle().await;
    assert_eq!(stage.text(), "The page");
    assert_eq!(FETCHES.get(), 2);
}

#[wasm_bindgen_test]
async fn code_that_a_lost_network_took_comes_by_itself_once_it_is_back() {
    FETCHES.set(0);
    let stage = draw(|| {
        state::provide(Err(Problem::SignedOut));
        view! { <Chunk page=second_time shape=Shape::Fields /> }
    })
    .await;
    for network in ["offline", "online"] {
        let event = web_sys::Event::new(network).expect("an event");
        let _ = web_sys::window().map(|window| window.dispatch_event(&event));
        settle().await;
    }
    assert_eq!(stage.text(), "The page");
    assert_eq!(FETCHES.get(), 2);
}
