//! Name, e-mail and password.

use leptos::{ev, prelude::*};
use portal_api::portal::{Me, MeChange, NAME_LONGEST, ResetRequest};

use crate::{
    client,
    components::{needs_network::NeedsNetwork, trouble::FormTrouble},
    i18n::{self, problem::say, words},
    run::{live, to_the_end},
    state::{draft::use_draft, identity::use_identity, toasts::use_toasts},
    ui::{
        button::{Button, Weight},
        field::{self, Field},
    },
};

/// Who they are.
#[component]
pub fn Profile(me: Me) -> impl IntoView {
    let email = me.email.clone();
    view! {
        <section class="card" aria-labelledby="profile">
            <h2 class="card-title" id="profile">{words::account_profile()}</h2>
            <NameForm name=me.name />
            <dl class="facts">
                <dt>{words::account_email()}</dt>
                <dd>{me.email}<br /><span class="facts-note">{words::account_email_hint()}</span></dd>
                <dt>{words::account_password()}</dt>
                <dd><PasswordLetter email /></dd>
            </dl>
        </section>
    }
}

#[component]
fn NameForm(name: String) -> impl IntoView {
    let (identity, toasts) = (use_identity(), use_toasts());
    let draft = StoredValue::new(use_draft("name"));
    let saved = RwSignal::new(name.clone());
    let typed = draft.with_value(|draft| draft.read());
    let value = RwSignal::new(typed.unwrap_or(name));
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let wrong = move || match value.read().trim().chars().count() {
        0 => Some(words::account_name_missing()),
        count if count > NAME_LONGEST => Some(words::account_name_long()),
        _ => None,
    };
    let changed = move || value.read().trim() != *saved.read();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        refusal.set(None);
        if untrack(wrong).is_some() {
            return field::focus("name");
        }
        if busy.get_untracked() || !untrack(changed) {
            return;
        }
        busy.set(true);
        let change = MeChange {
            name: Some(value.get_untracked().trim().to_owned()),
            ..MeChange::default()
        };
        let draft = draft.get_value();
        to_the_end(async move {
            match client::portal::change_me(&change).await {
                Ok(me) => {
                    draft.confirmed();
                    saved.set(me.name.clone());
                    identity.signed_in(me, true);
                    toasts.say(words::app_saved());
                }
                Err(problem) => {
                    identity.heed(&problem);
                    refusal.set(Some(say(&problem).text));
                }
            }
            busy.set(false);
        });
    };
    view! {
        <form class="form account-name" novalidate on:submit=submit>
            <Field
                id="name"
                label=words::account_name()
                hint=words::account_name_hint()
                error=Signal::derive(wrong)
                value
                autocomplete="name"
                on_input=move |text: String| draft.with_value(|draft| draft.keep(&text))
            />
            {live(move || changed().then(|| view! {
                <Button weight=Weight::Main text=words::app_save() busy_text=words::app_saving() busy />
            }))}
            <FormTrouble problem=refusal.into() />
        </form>
    }
}

#[component]
fn PasswordLetter(email: String) -> impl IntoView {
    let busy = RwSignal::new(false);
    let said = RwSignal::new(None::<String>);
    let to = email.clone();
    let send = Callback::new(move |()| {
        busy.set(true);
        let request = ResetRequest {
            email: to.clone(),
            language: i18n::language(),
        };
        to_the_end(async move {
            let outcome = client::portal::ask_reset(&request).await;
            said.set(Some(match outcome {
                Ok(()) => words::account_password_sent(&request.email),
                Err(problem) => say(&problem).text,
            }));
            busy.set(false);
        });
    });
    view! {
        <span class="facts-note">{words::account_password_text()}</span>
        <NeedsNetwork>
            <Button
                text=words::account_password_change()
                busy_text=words::reset_busy()
                busy
                on_press=send
            />
        </NeedsNetwork>
        <p role="status">{live(move || said.get())}</p>
    }
}
