//! What somebody types into a form, and its way to the server.

use std::future::Future;

use leptos::prelude::*;

use crate::{
    client::{self, Problem, Result},
    run::to_the_end,
    state::{
        draft::{Draft, use_draft},
        identity::{Identity, use_identity},
    },
};

/// One line that somebody types, or what they choose, kept on the device until the server has it.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The text.
    pub text: RwSignal<String>,
    draft: StoredValue<Draft>,
}

impl Entry {
    /// The line of that name as it was left, else as it usually is.
    pub fn of(name: &str, usual: &str) -> Self {
        let draft = use_draft(name);
        let text = draft.read().unwrap_or_else(|| usual.to_owned());
        Self {
            text: RwSignal::new(text),
            draft: StoredValue::new(draft),
        }
    }

    /// Keeps what was typed.
    pub fn keep(self) {
        self.draft
            .with_value(|draft| draft.keep(&self.text.read_untracked()));
    }

    /// Takes another choice in the text's place, and keeps it.
    pub fn choose(self, choice: &str) {
        self.text.set(choice.to_owned());
        self.keep();
    }

    /// Which of a few choices it is, the first one if it is none of them.
    pub fn one_of(self, choices: &'static [&'static str]) -> Signal<&'static str> {
        Signal::derive(move || {
            let text = self.text.read();
            let mut found = choices.iter().filter(|choice| **choice == *text);
            found
                .next()
                .or(choices.first())
                .copied()
                .unwrap_or_default()
        })
    }

    /// What was typed, without blanks around it; whoever reads it is told of changes.
    pub fn trimmed(self) -> String {
        self.text.with(|text| text.trim().to_owned())
    }

    /// Where it is kept.
    pub fn draft(self) -> Draft {
        self.draft.get_value()
    }
}

/// A request on its way.
#[derive(Clone, Copy)]
pub struct Sending {
    /// Whether it is under way.
    pub busy: RwSignal<bool>,
    /// Why it was refused.
    pub refusal: RwSignal<Option<String>>,
    key: StoredValue<Option<String>>,
    identity: Identity,
}

impl Sending {
    /// Nothing was sent yet.
    pub fn idle() -> Self {
        Self {
            busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
            key: StoredValue::new(None),
            identity: use_identity(),
        }
    }

    /// What the server knows the request by, until it is changed.
    pub fn key(self) -> String {
        let key = self.key.get_value().unwrap_or_else(client::new_key);
        self.key.set_value(Some(key.clone()));
        key
    }

    /// Something else is typed: it is another request from now on.
    pub fn changed(self) {
        self.key.set_value(None);
    }

    /// Sends something, whatever becomes of the page. The drafts are let go and `done`
    /// is told once the server has it, also when the form is gone by then.
    pub fn send<T: 'static>(
        self,
        request: impl Future<Output = Result<T>> + 'static,
        drafts: Vec<Draft>,
        says: fn(&Problem) -> String,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refusal.set(None);
        to_the_end(async move {
            let outcome = request.await;
            self.busy.try_set(false);
            match outcome {
                Ok(value) => {
                    drafts.iter().for_each(Draft::confirmed);
                    self.key.try_set_value(None);
                    done(value);
                }
                Err(problem) => {
                    self.identity.heed(&problem);
                    self.refusal.try_set(Some(says(&problem)));
                }
            }
        });
    }
}
