//! Taking somebody in.

use leptos::{ev, prelude::*};
use portal_api::portal::groups::NewMember;

use super::{super::group::use_group, Chosen};
use crate::{
    client::{self, Problem},
    components::{
        needs_network::NeedsNetwork,
        sending::{Entry, Sending},
        trouble::FormTrouble,
    },
    i18n::{problem::say_in_a_line, words},
    run::whenever,
    state::{
        draft::{Draft, use_draft},
        toasts::use_toasts,
    },
    ui::{
        button::{Button, Weight},
        check::Check,
        field::{self, Field, Kind},
        fold::Fold,
    },
};

/// The id of the field.
const EMAIL: &str = "member-email";

/// A form for whoever is to be in the group.
#[component]
pub fn AddMember(chosen: Chosen) -> impl IntoView {
    let (here, toasts, sending) = (use_group(), use_toasts(), Sending::idle());
    let email = Entry::of(&["group ", &here.id(), " email"].concat(), "");
    let ticked = use_draft(&["group ", &here.id(), " admin"].concat());
    let admin = RwSignal::new(ticked.read().is_some());
    keep_the_tick(admin, ticked.clone(), sending);
    let tried = RwSignal::new(false);
    let wrong = move || {
        let fits = email.trimmed().contains('@');
        (tried.get() && !fits).then(words::sign_in_email_wrong)
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if untrack(wrong).is_some() {
            return field::focus(EMAIL);
        }
        let new = NewMember {
            email: untrack(|| email.trimmed()),
            admin: admin.get_untracked(),
        };
        let (id, key) = (here.id(), sending.key());
        let request = async move { client::groups::add_member(&id, &new, &key).await };
        sending.send(
            request,
            vec![email.draft(), ticked.clone()],
            says,
            move |member| {
                toasts.say(words::group_member_added(&member.name));
                tried.try_set(false);
                email.text.try_set(String::new());
                admin.try_set(false);
                chosen.changed();
                here.page.again();
            },
        );
    };
    let keep = move |_: String| {
        email.keep();
        sending.changed();
    };
    view! {
        <Fold icon="account" title=Signal::stored(words::group_member_add())>
            <form class="form" novalidate on:submit=submit>
                <Field
                    id=EMAIL
                    kind=Kind::Email
                    label=words::account_email()
                    hint=words::group_member_hint()
                    error=Signal::derive(wrong)
                    value=email.text
                    on_input=keep
                />
                <Check
                    id="member-admin"
                    label=words::group_looks_after()
                    hint=words::group_looks_after_hint()
                    value=admin
                />
                <Submit sending />
            </form>
        </Fold>
    }
}

/// What sends the form.
#[component]
fn Submit(sending: Sending) -> impl IntoView {
    view! {
        <FormTrouble problem=sending.refusal.into() />
        <NeedsNetwork>
            <Button
                weight=Weight::Main
                text=words::group_member_add()
                busy_text=words::app_saving()
                busy=sending.busy
            />
        </NeedsNetwork>
    }
}

/// Keeps whether they are to look after it: it is another request with it than without.
fn keep_the_tick(admin: RwSignal<bool>, draft: Draft, sending: Sending) {
    let mut before = None;
    whenever(move || {
        let now = admin.get();
        if before.replace(now).is_none_or(|before| before == now) {
            return;
        }
        sending.changed();
        if now {
            draft.keep("yes");
        } else {
            draft.confirmed();
        }
    });
}

fn says(problem: &Problem) -> String {
    match problem {
        Problem::Refused {
            field: Some(field), ..
        } if field == "email" => words::group_member_unknown(),
        problem => say_in_a_line(problem),
    }
}
