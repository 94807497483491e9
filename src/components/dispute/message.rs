//! Writing something to a dispute: an answer of the driver, a question of the desk.

use std::{future::Future, pin::Pin, rc::Rc};

use leptos::{ev, prelude::*};
use portal_api::{
    dynamo::dispute::TEXT_LONGEST,
    portal::disputes::{DisputeDetail, DisputeMessage},
};

use super::say_in_a_line;
use crate::{
    client::{self, Result},
    components::{needs_network::NeedsNetwork, trouble::FormTrouble},
    format,
    i18n::words,
    run::to_the_end,
    state::{
        draft::{Draft, use_draft},
        identity::{Identity, use_identity},
    },
    ui::{
        button::{Button, Weight},
        field::{self, TextArea},
    },
};

/// A text that somebody writes, kept until the server has it.
#[derive(Clone, Copy)]
pub struct Writing {
    /// The text.
    pub text: RwSignal<String>,
    tried: RwSignal<bool>,
    draft: StoredValue<Draft>,
    key: StoredValue<Option<String>>,
}

impl Writing {
    /// The text of that name as it was left.
    pub fn of(name: &str) -> Self {
        let draft = use_draft(name);
        Self {
            text: RwSignal::new(draft.read().unwrap_or_default()),
            tried: RwSignal::new(false),
            draft: StoredValue::new(draft),
            key: StoredValue::new(None),
        }
    }

    /// Keeps what was typed: it is another request from now on.
    pub fn keep(self) {
        self.key.set_value(None);
        self.draft
            .with_value(|draft| draft.keep(&self.text.read_untracked()));
    }

    /// What the server knows the request by, until it is changed.
    pub fn key(self) -> String {
        let key = self.key.get_value().unwrap_or_else(client::new_key);
        self.key.set_value(Some(key.clone()));
        key
    }

    /// Makes another request of it, as when something beside the text changed.
    pub fn changed(self) {
        self.key.set_value(None);
    }

    /// Where it is kept.
    pub fn kept(self) -> Draft {
        self.draft.get_value()
    }

    /// The server has it.
    pub fn confirmed(self) {
        self.kept().confirmed();
        self.key.set_value(None);
        self.tried.set(false);
        self.text.set(String::new());
    }

    /// Whether it can be sent; says from now on what is wrong with it.
    pub fn is_ready(self) -> bool {
        self.tried.set(true);
        untrack(|| self.wrong()).is_none()
    }

    /// What is wrong with it, once there is reason to say so.
    pub fn wrong(self) -> Option<String> {
        wrong(&self.text.get(), self.tried.get())
    }
}

/// What is wrong with a text.
pub fn wrong(text: &str, tried: bool) -> Option<String> {
    if text.chars().count() > TEXT_LONGEST {
        Some(words::dispute_text_long(&format::integer(
            TEXT_LONGEST as u64,
        )))
    } else {
        (tried && text.trim().is_empty()).then(words::dispute_text_missing)
    }
}

/// `120 of 2,000`
pub fn counter(text: &str) -> String {
    let count = text.chars().count() as u64;
    let most = format::integer(TEXT_LONGEST as u64);
    words::dispute_counter(&format::integer(count), &most)
}

/// The field of a text.
#[component]
pub fn WritingField(
    /// Its id in the page.
    id: &'static str,
    /// What it is for.
    label: String,
    /// The text.
    writing: Writing,
) -> impl IntoView {
    view! {
        <TextArea
            id
            label
            error=Signal::derive(move || writing.wrong())
            value=writing.text
            note=Signal::derive(move || counter(&writing.text.read()))
            on_input=move |_: String| writing.keep()
        />
    }
}

/// Sends a message.
pub type Sender =
    Rc<dyn Fn(DisputeMessage, String) -> Pin<Box<dyn Future<Output = Result<DisputeDetail>>>>>;

/// A form for a message.
#[component]
pub fn MessageForm(
    /// Its id in the page.
    id: &'static str,
    /// What it is for.
    label: String,
    /// What sends it.
    submit: String,
    /// What is written.
    writing: Writing,
    /// Sends it.
    send: Sender,
    /// Told what came of it.
    on_done: Callback<Option<DisputeDetail>>,
) -> impl IntoView {
    let identity = use_identity();
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let send = StoredValue::new_local(send);
    let submitted = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if !writing.is_ready() {
            return field::focus(id);
        }
        busy.set(true);
        refusal.set(None);
        let message = DisputeMessage {
            text: writing.text.get_untracked(),
        };
        let sent = send.with_value(|send| send(message, writing.key()));
        let draft = writing.kept();
        to_the_end(async move {
            let outcome = sent.await;
            if outcome.is_ok() {
                draft.confirmed();
            }
            // Nobody is here any more to be told.
            if busy.try_set(false).is_some() {
                return;
            }
            take(outcome, writing, identity, refusal, on_done);
        });
    };
    view! {
        <form class="form" novalidate on:submit=submitted>
            <WritingField id label writing />
            <FormTrouble problem=refusal.into() />
            <NeedsNetwork>
                <Button
                    weight=Weight::Main
                    text=submit.clone()
                    busy_text=words::dispute_sending()
                    busy
                />
            </NeedsNetwork>
        </form>
    }
}

fn take(
    outcome: Result<DisputeDetail>,
    writing: Writing,
    identity: Identity,
    refusal: RwSignal<Option<String>>,
    on_done: Callback<Option<DisputeDetail>>,
) {
    match outcome {
        Ok(detail) => {
            writing.confirmed();
            on_done.run(Some(detail));
        }
        Err(problem) => {
            identity.heed(&problem);
            refusal.set(Some(say_in_a_line(&problem)));
            if problem.code().is_some() {
                on_done.run(None);
            }
        }
    }
}
