//! `/forgotten-password`: asks for the letter that sets a new one.

use leptos::{ev, prelude::*};
use portal_api::portal::ResetRequest;

use super::{email_error, form::say_in_a_line};
use crate::{
    client,
    components::trouble::FormTrouble,
    i18n::{self, tab_title, words},
    routes,
    run::{live, to_the_end},
    ui::{
        button::{Button, Weight},
        field::{self, Field, Kind},
        notice::{About, Notice},
        page::Page,
    },
};

/// The id of the heading that says that it is on its way.
const SENT: &str = "sent";

/// Draws the other of the two. What had the focus is gone then: something there gets it.
fn turn(sent: RwSignal<bool>, to: bool, first: &'static str) {
    sent.set(to);
    request_animation_frame(move || field::focus(first));
}

/// Asks for the letter.
#[component]
pub fn ForgottenPasswordPage() -> impl IntoView {
    let email = RwSignal::new(String::new());
    let sent = RwSignal::new(false);
    view! {
        <Page title=words::reset_title() tab_title>
            {live(move || {
                if sent.get() {
                    view! { <Sent email sent /> }.into_any()
                } else {
                    view! { <AskForm email sent /> }.into_any()
                }
            })}
            <p class="door-below">
                <a href=routes::SIGN_IN>{words::reset_to_sign_in()}</a>
            </p>
        </Page>
    }
}

#[component]
fn AskForm(email: RwSignal<String>, sent: RwSignal<bool>) -> impl IntoView {
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let wrong = move || tried.get().then(|| email_error(&email.get())).flatten();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        refusal.set(None);
        if email_error(&email.get_untracked()).is_some() {
            return field::focus("email");
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let request = ResetRequest {
            email: email.get_untracked().trim().to_owned(),
            language: i18n::language(),
        };
        to_the_end(async move {
            match client::portal::ask_reset(&request).await {
                Ok(()) => turn(sent, true, SENT),
                Err(problem) => {
                    refusal.set(Some(say_in_a_line(&problem)));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <p class="door-lead">{words::reset_lead()}</p>
        <form class="form" novalidate on:submit=submit>
            <FormTrouble problem=refusal.into() />
            <Field
                id="email"
                kind=Kind::Email
                label=words::sign_in_email()
                error=Signal::derive(wrong)
                value=email
                autocomplete="username"
            />
            <Button
                weight=Weight::Main
                text=words::reset_submit()
                busy_text=words::reset_busy()
                busy
            />
        </form>
    }
}

#[component]
fn Sent(email: RwSignal<String>, sent: RwSignal<bool>) -> impl IntoView {
    view! {
        <Notice
            about=About::Nothing
            icon="check"
            id=SENT
            title=words::reset_sent_title()
            text=words::reset_sent(email.get_untracked().trim())
            note=words::reset_sent_hint()
        >
            <Button text=words::reset_another() on_press=move |()| turn(sent, false, "email") />
        </Notice>
    }
}
