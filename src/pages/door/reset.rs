//! `/reset-password#…`: sets a new password with the link of a letter.

use leptos::{ev, prelude::*};
use portal_api::{
    portal::{PASSWORD_LONGEST, PASSWORD_SHORTEST, ResetConfirm},
    problem::Code,
};

use super::form::say_in_a_line;
use crate::{
    client,
    components::trouble::FormTrouble,
    i18n::{tab_title, words},
    routes,
    run::{live, to_the_end},
    ui::{
        button::{Button, Weight},
        field::{self, PasswordField},
        notice::{About, Notice},
        page::Page,
    },
};

/// The id of the heading that says what came of it.
const OUTCOME: &str = "outcome";

/// How far the new password is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Typing,
    Done,
    Spent,
}

/// Sets the new password.
#[component]
pub fn ResetPasswordPage() -> impl IntoView {
    let token = StoredValue::new(take_token());
    let spent = token.with_value(String::is_empty);
    let stage = RwSignal::new(if spent { Stage::Spent } else { Stage::Typing });
    let draw = move || match stage.get() {
        Stage::Typing => view! { <NewPassword token stage /> }.into_any(),
        Stage::Done => view! {
            <Notice
                about=About::Nothing
                icon="check"
                id=OUTCOME
                title=words::reset_done_title()
                text=words::reset_done()
            >
                <a class="button" data-weight="main" href=routes::SIGN_IN>
                    {words::reset_to_sign_in()}
                </a>
            </Notice>
        }
        .into_any(),
        Stage::Spent => view! {
            <Notice
                about=About::Wrong
                icon="alert"
                id=OUTCOME
                title=words::reset_spent_title()
                text=words::reset_spent()
            >
                <a class="button" data-weight="main" href=routes::FORGOTTEN_PASSWORD>
                    {words::reset_ask_again()}
                </a>
            </Notice>
        }
        .into_any(),
    };
    view! { <Page title=words::reset_new_title() tab_title>{live(draw)}</Page> }
}

/// The letter's token, taken out of the address: it must not stay in the
/// history of a browser that others use too.
fn take_token() -> String {
    let token = window().location().hash().unwrap_or_default();
    if let Ok(history) = window().history() {
        let state = wasm_bindgen::JsValue::NULL;
        // Where the address cannot be changed, the token still works only once.
        let _ = history.replace_state_with_url(&state, "", Some(routes::RESET_PASSWORD));
    }
    token.trim_start_matches('#').to_owned()
}

#[component]
fn NewPassword(token: StoredValue<String>, stage: RwSignal<Stage>) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let weak = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let length_wrong = move || match password.read().chars().count() {
        0..PASSWORD_SHORTEST => Some(words::reset_short()),
        count if count > PASSWORD_LONGEST => Some(words::reset_long()),
        _ => None,
    };
    let wrong = move || {
        let length = tried.get().then(length_wrong).flatten();
        length.or_else(|| weak.get().then(words::reset_weak))
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        weak.set(false);
        refusal.set(None);
        if untrack(length_wrong).is_some() {
            return field::focus("new-password");
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let confirm = ResetConfirm {
            token: token.get_value(),
            password: password.get_untracked(),
        };
        // The button that had the focus is gone then.
        let over = move |outcome| {
            stage.set(outcome);
            request_animation_frame(|| field::focus(OUTCOME));
        };
        to_the_end(async move {
            match client::portal::confirm_reset(&confirm).await {
                Ok(()) => return over(Stage::Done),
                Err(problem) => match problem.code() {
                    Some(Code::LinkSpent) => return over(Stage::Spent),
                    Some(Code::WeakPassword) => weak.set(true),
                    _ => refusal.set(Some(say_in_a_line(&problem))),
                },
            }
            busy.set(false);
        });
    };
    view! {
        <p class="door-lead">{words::reset_new_lead()}</p>
        <form class="form" novalidate on:submit=submit>
            <FormTrouble problem=refusal.into() />
            <PasswordField
                id="new-password"
                label=words::reset_new_password()
                hint=words::reset_new_hint()
                error=Signal::derive(wrong)
                value=password
                autocomplete="new-password"
                show=words::sign_in_show()
                hide=words::sign_in_hide()
                show_label=words::sign_in_show_password()
            />
            <Button weight=Weight::Main text=words::reset_new_submit() busy_text=words::app_saving() busy />
        </form>
    }
}
