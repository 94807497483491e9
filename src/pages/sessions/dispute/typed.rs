//! What is typed about a cost, kept on the device until the server has it.

use leptos::prelude::*;
use portal_api::{
    dynamo::{Session, dispute::DisputeRequest},
    money::{Currency, Money},
    portal::disputes::DisputeFile,
};
use serde::{Deserialize, Serialize};

use crate::{
    client, json,
    state::{draft::Draft, outbox::use_outbox},
};

/// As it is kept.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Typed {
    line: String,
    text: String,
    /// `None` while it is what the page has filled in.
    expected: Option<String>,
    files: Vec<DisputeFile>,
    kept: Vec<DisputeFile>,
    key: Option<String>,
}

/// A dispute in the making.
#[derive(Clone, Copy)]
pub struct Filing {
    /// The word of the line that is wrong; empty for the total.
    pub line: RwSignal<String>,
    /// What is wrong.
    pub text: RwSignal<String>,
    /// What would be right.
    pub expected: RwSignal<String>,
    /// Whether what would be right was typed by hand.
    pub by_hand: RwSignal<bool>,
    /// The files that the server has.
    pub files: RwSignal<Vec<DisputeFile>>,
    /// The files that wait on the device for the network.
    pub kept: RwSignal<Vec<DisputeFile>>,
    /// How many files are on their way.
    pub uploading: RwSignal<usize>,
    /// Whether it was tried to send it.
    pub tried: RwSignal<bool>,
    /// Whether it waited for the network while this page was open.
    pub waited: StoredValue<bool>,
    /// What our own check finds and the address asks for, until it is the reason.
    pub finding: StoredValue<Option<String>>,
    key: StoredValue<Option<String>>,
    draft: StoredValue<Draft>,
}

impl Filing {
    /// What was typed about a session; `line` and `finding` are what the address asks
    /// for.
    pub fn of(session_id: &str, line: Option<String>, finding: Option<String>) -> Self {
        let draft = use_outbox().draft(session_id);
        let kept = draft.read().and_then(|text| json::read(&text).ok());
        let known = kept.is_some();
        let mut typed: Typed = kept.unwrap_or_default();
        if let Some(line) = line.filter(|line| *line != typed.line) {
            typed.line = line;
            typed.key = None;
        }
        let filing = Self {
            line: RwSignal::new(typed.line),
            text: RwSignal::new(typed.text),
            by_hand: RwSignal::new(typed.expected.is_some()),
            expected: RwSignal::new(typed.expected.unwrap_or_default()),
            files: RwSignal::new(typed.files),
            kept: RwSignal::new(typed.kept),
            uploading: RwSignal::new(0),
            tried: RwSignal::new(false),
            waited: StoredValue::new(false),
            finding: StoredValue::new(finding),
            key: StoredValue::new(typed.key),
            draft: StoredValue::new(draft),
        };
        if known {
            filing.keep();
        }
        filing
    }

    /// Something was changed: it is another request from now on.
    pub fn changed(self) {
        self.key.set_value(None);
        self.keep();
    }

    /// Makes a sentence a part of the reason, if it isn't one yet.
    pub fn take_over(self, sentence: &str) {
        self.text.update(|typed| {
            if !typed.contains(sentence) {
                if !typed.trim().is_empty() {
                    typed.push('\n');
                }
                typed.push_str(sentence);
            }
        });
        self.changed();
    }

    /// Whether what is typed is kept on this device.
    pub fn keeps(self) -> bool {
        self.draft.try_with_value(Draft::keeps).unwrap_or(false)
    }

    /// How many files go with it.
    pub fn file_count(self) -> usize {
        self.files.read_untracked().len() + self.kept.read_untracked().len()
    }

    fn keep(self) {
        let by_hand = self.by_hand.get_untracked();
        let typed = Typed {
            line: self.line.get_untracked(),
            text: self.text.get_untracked(),
            expected: by_hand.then(|| self.expected.get_untracked()),
            files: self.files.get_untracked(),
            kept: self.kept.get_untracked(),
            key: self.key.get_value(),
        };
        if let Ok(text) = json::write(&typed) {
            self.draft.with_value(|draft| draft.keep(&text));
        }
    }

    /// What the server knows the request by, kept with it until it is changed.
    pub fn key(self) -> String {
        let key = self.key.get_value().unwrap_or_else(client::new_key);
        self.key.set_value(Some(key.clone()));
        self.keep();
        key
    }

    /// What would be right, if it was typed and is an amount.
    pub fn money(self, currency: Currency) -> Option<Money> {
        Money::from_typed(&self.expected.get(), currency)
    }

    /// As it is sent.
    pub fn request(self, session: &Session) -> DisputeRequest {
        let money = session
            .currency
            .and_then(|currency| untrack(|| self.money(currency)));
        let line = self.line.get_untracked();
        let files = self.files.get_untracked();
        DisputeRequest {
            reason: self.text.get_untracked(),
            expected_cost: money.map(Money::major),
            line: (!line.is_empty()).then_some(line),
            files: files.into_iter().map(|file| file.id).collect(),
        }
    }
}
