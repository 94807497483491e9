//! E-mail and password.

use leptos::{ev, prelude::*};
use portal_api::{portal::SignIn, problem::Code};

use super::email_error;
use crate::{
    client::{self, Problem},
    components::trouble::FormTrouble,
    format,
    i18n::{problem::say, words},
    run::to_the_end,
    state::{hint, identity::use_identity},
    ui::{
        button::{Button, Weight},
        check::Check,
        field::{self, Field, Kind, PasswordField},
    },
};

/// The form to sign in with.
#[component]
pub fn SignInForm(
    /// The address of whoever was signed in, if somebody was.
    #[prop(into, optional)]
    email: String,
) -> impl IntoView {
    let identity = use_identity();
    let email = RwSignal::new(email);
    let password = RwSignal::new(String::new());
    let shared = RwSignal::new(false);
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);

    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        refusal.set(None);
        if email_error(&email.get_untracked()).is_some() {
            return field::focus("email");
        }
        if password.read_untracked().is_empty() {
            return field::focus("password");
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let credentials = SignIn {
            email: email.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
            shared_device: shared.get_untracked(),
        };
        to_the_end(async move {
            match client::portal::sign_in(&credentials).await {
                Ok(me) => {
                    // With this one the one before ended: told now, it would end this one.
                    hint::change(|hint| hint.sign_out_due = false);
                    identity.signed_in(me, true);
                }
                Err(problem) => {
                    refusal.set(Some(refused(&problem)));
                    busy.set(false);
                }
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <FormTrouble problem=refusal.into() />
            <Credentials email password tried />
            <Check
                id="shared"
                label=words::sign_in_shared()
                hint=words::sign_in_shared_hint()
                value=shared
            />
            <Button
                weight=Weight::Main
                text=words::sign_in_submit()
                busy_text=words::sign_in_busy()
                busy
            />
        </form>
    }
}

/// What one signs in with.
#[component]
fn Credentials(
    email: RwSignal<String>,
    password: RwSignal<String>,
    /// Whether there is reason to say what is wrong.
    tried: RwSignal<bool>,
) -> impl IntoView {
    let email_wrong = move || tried.get().then(|| email_error(&email.get())).flatten();
    let password_wrong =
        move || (tried.get() && password.read().is_empty()).then(words::sign_in_password_missing);
    view! {
        <Field
            id="email"
            kind=Kind::Email
            label=words::sign_in_email()
            error=Signal::derive(email_wrong)
            value=email
            autocomplete="username"
        />
        <PasswordField
            id="password"
            label=words::sign_in_password()
            error=Signal::derive(password_wrong)
            value=password
            autocomplete="current-password"
            show=words::sign_in_show()
            hide=words::sign_in_hide()
            show_label=words::sign_in_show_password()
        />
    }
}

/// Why somebody is not let in.
fn refused(problem: &Problem) -> String {
    match problem {
        Problem::Refused {
            code: Code::WrongSignIn,
            ..
        } => words::sign_in_wrong(),
        Problem::TooOften {
            wait: Some(seconds),
        } => words::sign_in_too_many(&format::wait(*seconds)),
        problem => say_in_a_line(problem),
    }
}

/// A problem in one line.
pub(super) fn say_in_a_line(problem: &Problem) -> String {
    let said = say(problem);
    [Some(said.title + "."), Some(said.text), said.note]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}
