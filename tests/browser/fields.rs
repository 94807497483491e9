//! Lines of text.

use leptos::prelude::*;
use portal::ui::field::{self, Field, PasswordField};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{described, draw, is_focused, settle, tell, text_of};

#[wasm_bindgen_test]
async fn a_field_is_tied_to_its_label_hint_and_error() {
    let (value, error) = (RwSignal::new("Kari".to_owned()), RwSignal::new(None));
    let stage = draw(move || {
        view! { <Field id="name" label="Name" hint="As we call you." error value /> }
    })
    .await;
    let input = stage.labelled("Name");
    assert_eq!(input.value(), "Kari");
    assert_eq!(described(&input), "As we call you.");
    assert_eq!(input.get_attribute("aria-invalid"), None);

    error.set(Some("Too long.".to_owned()));
    settle().await;
    assert_eq!(described(&input), "As we call you. Too long.");
    assert_eq!(input.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(text_of(&stage.one("[role=alert]")), "Too long.");
}

#[wasm_bindgen_test]
async fn a_field_tells_what_was_typed_and_takes_the_focus_by_its_id() {
    let (value, told) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let stage = draw(move || {
        view! { <Field id="name" label="Name" value on_input=move |text| told.set(text) /> }
    })
    .await;
    let input = stage.labelled("Name");
    input.set_value("Ola");
    tell(&input, "input");
    assert_eq!(value.get_untracked(), "Ola");
    assert_eq!(told.get_untracked(), "Ola");
    field::focus("name");
    assert!(is_focused(&input));
}

#[wasm_bindgen_test]
async fn a_password_is_shown_only_while_asked_for() {
    let value = RwSignal::new("secret".to_owned());
    let stage = draw(move || {
        view! {
            <PasswordField
                id="password"
                label="Password"
                value
                autocomplete="current-password"
                show="Show"
                hide="Hide"
                show_label="Show the password"
            />
        }
    })
    .await;
    let (input, button) = (
        stage.labelled("Password"),
        stage.button("Show the password"),
    );
    assert_eq!(
        (input.type_().as_str(), text_of(&button).as_str()),
        ("password", "Show")
    );
    button.click();
    settle().await;
    assert_eq!(
        (input.type_().as_str(), text_of(&button).as_str()),
        ("text", "Hide")
    );
    assert_eq!(
        button.get_attribute("aria-pressed").as_deref(),
        Some("true")
    );
    button.click();
    settle().await;
    assert_eq!(input.type_(), "password");
    assert_eq!(input.value(), "secret");
}
