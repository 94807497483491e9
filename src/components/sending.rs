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

/// Parts what a line was typed over from what was typed.
const OVER: &str = "\u{1f}";

/// One line that somebody types, or what they choose, kept on the device until the server has it.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The text.
    pub text: RwSignal<String>,
    /// What it is typed over.
    usual: StoredValue<String>,
    draft: StoredValue<Draft>,
}

impl Entry {
    /// The line of that name as it was left, else as it usually is. What was typed over
    /// something that somebody has changed since is let go.
    pub fn of(name: &str, usual: &str) -> Self {
        let draft = use_draft(name);
        let kept = draft.read();
        let left = kept.as_deref().and_then(|kept| left(kept, usual));
        if left.is_none() {
            draft.confirmed();
        }
        Self {
            text: RwSignal::new(left.unwrap_or(usual).to_owned()),
            usual: StoredValue::new(usual.to_owned()),
            draft: StoredValue::new(draft),
        }
    }

    /// Keeps what was typed.
    pub fn keep(self) {
        let text = self.text.read_untracked();
        let kept = self
            .usual
            .with_value(|usual| [usual.as_str(), OVER, &text].concat());
        self.draft.with_value(|draft| draft.keep(&kept));
    }

    /// Whether it is other than it usually is; whoever asks is told of changes.
    pub fn is_changed(self) -> bool {
        let text = self.trimmed();
        self.usual.with_value(|usual| *usual != text)
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

/// What was typed over `usual`, by what is kept of it; a text alone was typed over that, too.
fn left<'a>(kept: &'a str, usual: &str) -> Option<&'a str> {
    match kept.split_once(OVER) {
        Some((over, text)) => (over == usual).then_some(text),
        None => Some(kept),
    }
}

/// Lets go of what is typed into a sheet that somebody closes; one that goes away with its
/// page keeps it.
pub fn let_go_when_closed<const N: usize>(
    entries: [Entry; N],
    is_closed: impl Fn() -> bool + Send + Sync + 'static,
) {
    let drafts = entries.map(Entry::draft);
    on_cleanup(move || {
        if is_closed() {
            drafts.iter().for_each(Draft::confirmed);
        }
    });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_left_as_long_as_what_it_was_typed_over_holds() {
        let kept = ["3000.00", "500"].join(OVER);
        assert_eq!(left(&kept, "3000.00"), Some("500"));
        assert_eq!(left(&kept, "2000.00"), None);
        let emptied = ["3000.00", ""].join(OVER);
        assert_eq!(left(&emptied, "3000.00"), Some(""));
        assert_eq!(left("500", "3000.00"), Some("500"));
    }
}
