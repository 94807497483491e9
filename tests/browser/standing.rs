//! What is read, and the page around it.

use leptos::prelude::*;
use portal::ui::{
    notice::{About, Notice},
    page::{Arrived, Page},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{draw, is_focused, text_of};

fn tab_title(page: &str) -> String {
    format!("{page} · Portal")
}

#[wasm_bindgen_test]
async fn only_a_notice_of_something_wrong_interrupts() {
    let notice =
        |about| move || view! { <Notice about icon="alert" title="Oh" text="So it is." /> };
    let stage = draw(notice(About::Wrong)).await;
    assert_eq!(text_of(&stage.one("[role=alert] h2")), "Oh");
    let stage = draw(notice(About::Nothing)).await;
    assert!(stage.all("[role=alert]").is_empty());
    assert!(stage.text().contains("So it is."));
}

#[wasm_bindgen_test]
async fn a_page_one_arrives_at_names_the_tab_and_focuses_its_heading() {
    let stage = draw(|| {
        let arrived = Arrived::default();
        arrived.from_here();
        provide_context(arrived);
        view! { <Page title="Sessions" tab_title>"Content"</Page> }
    })
    .await;
    assert_eq!(document().title(), "Sessions · Portal");
    assert!(is_focused(&stage.one("h1")));
}

#[wasm_bindgen_test]
async fn the_first_page_leaves_the_focus_where_it_is() {
    let stage = draw(|| view! { <Page title="Home" tab_title>"Content"</Page> }).await;
    assert_eq!(document().title(), "Home · Portal");
    assert!(!is_focused(&stage.one("h1")));
}
