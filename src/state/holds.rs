//! The driver's holds: those that live, how one is asked for, and how one is
//! given up.

mod attempt;
mod leaving;

use leptos::prelude::*;
use portal_api::portal::holds::{Hold, HoldEnd, HoldStage, Holds};

pub use self::attempt::{Attempt, Refusal, Stage};
use super::{
    clock::{Clock, use_clock},
    draft::{Draft, draft_of},
    identity::{Identity, use_identity},
    network::{Network, use_network},
};
use crate::{
    client::{self, Problem},
    json,
};

/// The driver's holds.
#[derive(Clone, Copy)]
pub struct Holding {
    holds: RwSignal<Option<Holds>>,
    /// Why the server didn't tell them when it was asked last.
    trouble: RwSignal<Option<Problem>>,
    attempt: RwSignal<Option<(Attempt, Stage)>>,
    leaving: RwSignal<Option<String>>,
    /// Those that were given up here, or are just now: nobody needs to be told that they
    /// are over.
    given_up: StoredValue<Vec<String>>,
    ended: RwSignal<Vec<Hold>>,
    identity: Identity,
    clock: Clock,
    network: Network,
}

impl Holding {
    /// All that is known; whoever asks is told of changes.
    pub fn all(self) -> Option<Holds> {
        self.holds.get()
    }

    /// Why nothing is known; whoever asks is told of changes.
    pub fn trouble(self) -> Option<Problem> {
        // What stands on the device is without the tags: nothing can be held with it.
        let asks = |holds: &Option<Holds>| holds.as_ref().is_none_or(|all| all.id_tags.is_empty());
        self.trouble.get().filter(|_| self.holds.with(asks))
    }

    /// The plugs that are held, the one that lapses first in front; whoever asks is
    /// told of changes.
    pub fn held(self) -> Vec<Hold> {
        let leaving = self.leaving.get();
        let mut held = self.holds.with(|holds| match holds {
            Some(holds) => holds
                .holds
                .iter()
                .filter(|hold| is_held(hold))
                .cloned()
                .collect(),
            None => Vec::new(),
        });
        held.retain(|hold| {
            let id = &hold.reservation.reservation_id;
            Some(id) != leaving.as_ref() && !self.was_given_up(id)
        });
        held.sort_by_key(|hold| hold.reservation.expires_at);
        held
    }

    /// The hold of a plug; whoever asks is told of changes.
    pub fn of_plug(self, charge_point_id: &str, connector_id: u32) -> Option<Hold> {
        self.held().into_iter().find(|hold| {
            hold.reservation.charge_point_id == charge_point_id
                && hold.reservation.connector_id == connector_id
        })
    }

    /// Those that ended and of which nobody was told yet.
    pub fn ended(self) -> Vec<Hold> {
        self.ended.get()
    }

    /// Somebody was told that it ended.
    pub fn seen(self, reservation_id: &str) {
        let other = |hold: &Hold| hold.reservation.reservation_id != reservation_id;
        self.ended.update(|ended| ended.retain(other));
    }

    /// Takes up what was known when the portal was open last: what is held stands
    /// there without a network too.
    pub fn remember(self) {
        if self.holds.with_untracked(Option::is_some) {
            return;
        }
        let kept = self.kept().read();
        if let Some(holds) = kept.and_then(|text| json::read(&text).ok()) {
            self.holds.set(Some(holds));
        }
    }

    /// Asks the server.
    pub async fn read(self) {
        match client::charging::holds().await {
            Ok(answer) => {
                self.clock.set(answer.value.now);
                self.trouble.set(None);
                self.take(answer.value);
            }
            // What is on the screen stays there: it counts down to its end.
            Err(problem) => {
                self.identity.heed(&problem);
                self.trouble.set(Some(problem));
            }
        }
    }

    /// The server told of one.
    pub fn hear(self, hold: Hold) {
        let Some(mut holds) = self.holds.get_untracked() else {
            return;
        };
        let same =
            |other: &Hold| other.reservation.reservation_id == hold.reservation.reservation_id;
        match holds.holds.iter_mut().find(|other| same(other)) {
            Some(before) => *before = hold,
            None => holds.holds.insert(0, hold),
        }
        self.take(holds);
    }

    /// One of which the server has just told less than it usually does.
    fn hear_if_new(self, hold: Hold) {
        let id = &hold.reservation.reservation_id;
        let known = self.holds.with_untracked(|holds| {
            let mut all = holds.iter().flat_map(|holds| &holds.holds);
            all.any(|other| other.reservation.reservation_id == *id)
        });
        if !known {
            self.hear(hold);
        }
    }

    fn take(self, now: Holds) {
        let before = self.holds.get_untracked();
        let before = before.map(|holds| holds.holds).unwrap_or_default();
        let over = now.holds.iter().filter(|hold| {
            let id = &hold.reservation.reservation_id;
            let was_held =
                |before: &Hold| before.reservation.reservation_id == *id && is_held(before);
            hold.end.is_some() && before.iter().any(was_held) && !self.was_given_up(id)
        });
        let over: Vec<Hold> = over.cloned().collect();
        if !over.is_empty() {
            self.ended.update(|ended| ended.extend(over));
        }
        self.keep(&now);
        self.holds.set(Some(now));
    }

    /// Keeps on the device what is held, without whose tag can use it.
    fn keep(self, now: &Holds) {
        let mut kept = now.clone();
        kept.id_tags.clear();
        kept.holds.retain(is_held);
        if kept.holds.is_empty() {
            return self.kept().confirmed();
        }
        for hold in &mut kept.holds {
            hold.reservation.id_tag.clear();
        }
        if let Ok(text) = json::write(&kept) {
            self.kept().keep(&text);
        }
    }

    fn kept(self) -> Draft {
        self.draft("holds")
    }

    fn draft(self, name: &str) -> Draft {
        draft_of(self.identity.person(), name)
    }
}

/// Whether the plug is held for the driver now.
fn is_held(hold: &Hold) -> bool {
    let stage = &hold.stage;
    hold.is_live()
        && !matches!(
            stage,
            HoldStage::Asking | HoldStage::Ending | HoldStage::Over
        )
}

/// Whether there ever was one.
pub fn came_about(hold: &Hold) -> bool {
    !matches!(hold.end, Some(HoldEnd::Refused | HoldEnd::NoAnswer))
}

/// Makes room for the holds.
pub(super) fn provide() {
    provide_context(Holding {
        holds: RwSignal::new(None),
        trouble: RwSignal::new(None),
        attempt: RwSignal::new(None),
        leaving: RwSignal::new(None),
        given_up: StoredValue::new(Vec::new()),
        ended: RwSignal::new(Vec::new()),
        identity: use_identity(),
        clock: use_clock(),
        network: use_network(),
    });
}

/// The driver's holds.
pub fn use_holds() -> Holding {
    expect_context()
}
