//! What waits on the device to be sent, and is sent once.

use leptos::{ev, prelude::*};
use portal_api::{dynamo::dispute::DisputeRequest, portal::disputes::DisputeFile};
use serde::{Deserialize, Serialize};

use crate::{boot, json, run::to_the_end};

use super::{
    draft::{Draft, draft_of},
    hint::storage,
    identity::{Identity, use_identity},
    papers,
};

/// A dispute that waits to be filed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Waiting {
    /// What the server knows it by, however often it is sent.
    pub key: String,
    /// What it is about.
    pub session_id: String,
    /// Where that was.
    pub place: String,
    /// What is said.
    pub request: DisputeRequest,
    /// What is kept on the device to be sent with it.
    #[serde(default)]
    pub files: Vec<DisputeFile>,
    /// The server's ids of those files that it has: the first ones.
    #[serde(default)]
    pub sent: Vec<String>,
    /// The server doesn't take it as it is.
    pub refused: bool,
    /// What is wrong with the file whose turn it is, if that is why.
    #[serde(default)]
    pub unfit: Option<String>,
}

impl Waiting {
    /// The next of its files that the server doesn't have.
    pub fn next_file(&self) -> Option<&DisputeFile> {
        self.files.get(self.sent.len())
    }

    /// What is said, with all files that the server has.
    pub fn whole(&self) -> DisputeRequest {
        let mut request = self.request.clone();
        request.files.extend(self.sent.iter().cloned());
        request
    }
}

/// A dispute that the server has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    /// What it is about.
    pub session_id: String,
    /// Its id.
    pub dispute_id: String,
}

/// What waits, of whoever is signed in.
#[derive(Clone, Copy)]
pub struct Outbox {
    changed: RwSignal<u32>,
    sent: RwSignal<Option<Sent>>,
    sending: RwSignal<bool>,
    identity: Identity,
}

impl Outbox {
    /// Its name on the device. On a shared device nothing is kept, so nothing waits.
    fn name(self) -> Option<String> {
        let me = self.identity.person().filter(|me| me.keep_on_device)?;
        Some(["outbox ", &me.id].concat())
    }

    fn text(self) -> Option<String> {
        self.changed.track();
        storage()?.get_item(&self.name()?).ok().flatten()
    }

    /// Whether anything is in it; whoever asks is told of changes.
    pub fn is_used(self) -> bool {
        self.text().is_some()
    }

    /// All that is in it, the oldest first; whoever asks is told of changes.
    pub fn all(self) -> Vec<Waiting> {
        let text = self.text().unwrap_or_default();
        json::read(&text).unwrap_or_default()
    }

    /// What waits about that session.
    pub fn about(self, session_id: &str) -> Option<Waiting> {
        let mut all = self.all().into_iter();
        all.find(|waiting| waiting.session_id == session_id)
    }

    /// Puts something in, in place of what waits about the same session; `false`
    /// where nothing can be kept.
    pub fn put(self, waiting: Waiting) -> bool {
        let mut all = untrack(|| self.all());
        all.retain(|other| other.session_id != waiting.session_id);
        all.push(waiting);
        self.write(&all)
    }

    /// Notes how far something is, unless it was taken out.
    pub fn note(self, noted: Waiting) {
        let mut all = untrack(|| self.all());
        if let Some(waiting) = all.iter_mut().find(|waiting| waiting.key == noted.key) {
            *waiting = noted;
            self.write(&all);
        }
    }

    /// Gives up the file whose turn it is: the rest is sent without it.
    pub fn leave_out_file(self, mut waiting: Waiting) {
        let place = waiting.sent.len();
        if place < waiting.files.len() {
            let file = waiting.files.remove(place);
            to_the_end(papers::forget(vec![file]));
        }
        (waiting.refused, waiting.unfit) = (false, None);
        self.note(waiting);
    }

    /// Takes out what waits about a session and is not to be sent any more.
    pub fn take_out(self, session_id: &str) {
        let mut all = untrack(|| self.all());
        all.retain(|waiting| waiting.session_id != session_id);
        self.write(&all);
    }

    /// The server has it.
    pub fn sent(self, waiting: Waiting, dispute_id: String) {
        self.take_out(&waiting.session_id);
        to_the_end(papers::forget(waiting.files));
        self.sent.set(Some(Sent {
            session_id: waiting.session_id,
            dispute_id,
        }));
    }

    /// What was sent last; whoever asks is told of changes.
    pub fn last_sent(self) -> Option<Sent> {
        self.sent.get()
    }

    /// What is typed about that session, until the server has it.
    pub fn draft(self, session_id: &str) -> Draft {
        draft_of(self.identity.person(), &["dispute ", session_id].concat())
    }

    /// Does something while no other page of the portal sends.
    pub async fn alone(self, work: impl Future<Output = ()> + 'static) {
        self.sending.set(true);
        boot::alone("outbox", work).await;
        self.sending.set(false);
    }

    /// Whether something is being sent at this moment.
    pub fn sending(self) -> RwSignal<bool> {
        self.sending
    }

    fn write(self, all: &[Waiting]) -> bool {
        let (Some(storage), Some(name)) = (storage(), self.name()) else {
            return false;
        };
        let written = match json::write(all) {
            Ok(_) if all.is_empty() => storage.remove_item(&name),
            Ok(text) => storage.set_item(&name, &text),
            Err(_) => return false,
        };
        self.changed.update(|changed| *changed += 1);
        written.is_ok()
    }
}

/// Makes room, and hears of what other pages of the portal put in or sent.
pub(super) fn provide() {
    let outbox = Outbox {
        changed: RwSignal::new(0),
        sent: RwSignal::new(None),
        sending: RwSignal::new(false),
        identity: use_identity(),
    };
    let listener = window_event_listener(ev::storage, move |_| {
        outbox.changed.update(|changed| *changed += 1);
    });
    on_cleanup(move || listener.remove());
    provide_context(outbox);
}

/// What waits to be sent.
pub fn use_outbox() -> Outbox {
    expect_context()
}
