//! What is pressed and chosen.

use leptos::prelude::*;
use portal::ui::{button::Button, check::Check, choice::Choice, dialog::Dialog, select::Select};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::{draw, is_focused, settle, tell, text_of};

#[wasm_bindgen_test]
async fn a_busy_button_keeps_the_focus_and_ignores_presses() {
    let (presses, busy) = (RwSignal::new(0), RwSignal::new(false));
    let press = move |()| presses.update(|presses| *presses += 1);
    let stage = draw(move || {
        view! { <Button text="Save" busy_text="Saving …" busy on_press=press /> }
    })
    .await;
    let button = stage.button("Save");
    button.focus().unwrap();
    button.click();
    assert_eq!(presses.get_untracked(), 1);

    busy.set(true);
    settle().await;
    assert_eq!(text_of(&button), "Saving …");
    assert_eq!(
        button.get_attribute("aria-disabled").as_deref(),
        Some("true")
    );
    button.click();
    assert_eq!(presses.get_untracked(), 1);
    assert!(is_focused(&button));

    busy.set(false);
    settle().await;
    button.click();
    assert_eq!(presses.get_untracked(), 2);
}

#[wasm_bindgen_test]
async fn a_button_without_an_action_submits_its_form() {
    let stage = draw(|| view! { <Button text="Send" /> }).await;
    assert_eq!(
        stage.button("Send").get_attribute("type").as_deref(),
        Some("submit")
    );
}

#[wasm_bindgen_test]
async fn a_select_shows_what_is_chosen_and_tells_of_a_change() {
    let chosen = RwSignal::new("b".to_owned());
    let options = vec![
        ("a".to_owned(), "Anna".to_owned()),
        ("b".to_owned(), "Ben".to_owned()),
    ];
    let stage = draw(move || {
        let options = Signal::stored(options);
        let change = move |value| chosen.set(value);
        view! { <Select id="who" label="Who" options value=chosen on_change=change /> }
    })
    .await;
    let select: web_sys::HtmlSelectElement = stage.labelled("Who").unchecked_into();
    assert_eq!(select.value(), "b");
    select.set_value("a");
    tell(&select, "change");
    assert_eq!(chosen.get_untracked(), "a");
}

#[wasm_bindgen_test]
async fn a_choice_tells_what_was_chosen() {
    let chosen = RwSignal::new("light");
    let options = vec![("light", "Light".to_owned()), ("dark", "Dark".to_owned())];
    let stage = draw(move || {
        let change = move |value| chosen.set(value);
        view! { <Choice name="look" label="Look" options value=chosen on_change=change /> }
    })
    .await;
    assert_eq!(text_of(&stage.one("fieldset > legend")), "Look");
    assert!(stage.labelled("Light").checked());
    stage.labelled("Dark").click();
    assert_eq!(chosen.get_untracked(), "dark");
    chosen.set("light");
    settle().await;
    assert!(stage.labelled("Light").checked());
}

#[wasm_bindgen_test]
async fn a_check_tells_whether_it_is_ticked() {
    let ticked = RwSignal::new(false);
    let stage = draw(move || {
        view! { <Check id="shared" label="Shared" hint="Nothing is kept." value=ticked /> }
    })
    .await;
    let check = stage.labelled("Shared");
    assert_eq!(crate::stage::described(&check), "Nothing is kept.");
    check.click();
    assert!(ticked.get_untracked());
    check.click();
    assert!(!ticked.get_untracked());
}

#[wasm_bindgen_test]
async fn a_dialog_stands_as_long_as_it_is_open_and_escape_only_asks() {
    let (open, asked) = (RwSignal::new(false), RwSignal::new(0));
    let stage = draw(move || {
        let close = Callback::new(move |()| asked.update(|asked| *asked += 1));
        let children = ToChildren::to_children(|| view! { <p>"Inside"</p> });
        view! { <Dialog open title="A question" on_close=close children /> }
    })
    .await;
    let dialog: web_sys::HtmlDialogElement = stage.one("dialog").unchecked_into();
    assert!(!dialog.open());
    assert!(!stage.text().contains("Inside"));

    open.set(true);
    settle().await;
    assert!(dialog.open());
    assert!(stage.text().contains("Inside"));
    let name = dialog.get_attribute("aria-label").unwrap();
    assert_eq!(name, "A question");

    // What the browser sends for Escape.
    tell(&dialog, "cancel");
    settle().await;
    assert_eq!(asked.get_untracked(), 1);
    assert!(dialog.open());

    open.set(false);
    settle().await;
    assert!(!dialog.open());
}
