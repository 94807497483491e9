//! Giving a hold up, with a while to think again. What waits for that stands on the
//! device too: a page that goes away meanwhile has it sent.

use leptos::prelude::*;

use super::Holding;
use crate::client;

impl Holding {
    /// Takes a hold off the screen; it is given up for good by [`give_up`](Self::give_up).
    pub fn leave(self, reservation_id: &str) {
        self.left().keep(reservation_id);
        self.leaving.set(Some(reservation_id.to_owned()));
    }

    /// Whether that hold is about to be given up; whoever asks is told of changes.
    pub fn is_leaving(self, reservation_id: &str) -> bool {
        let same = |leaving: &Option<String>| leaving.as_deref() == Some(reservation_id);
        self.leaving.with(same)
    }

    /// Keeps the hold after all; `false` if it was given up already.
    pub fn stay(self, reservation_id: &str) -> bool {
        let stays = !self.was_given_up(reservation_id);
        if stays {
            self.settled(reservation_id);
        }
        stays
    }

    /// What was left here and waits to be given up.
    pub fn left_here(self) -> Option<String> {
        self.leaving.get_untracked()
    }

    /// What a page before this one left and had no time for. About what was left here
    /// somebody may still think again.
    pub fn left_before(self) -> Option<String> {
        let none_here = self.leaving.with_untracked(Option::is_none);
        none_here.then(|| self.left().read()).flatten()
    }

    /// Gives a hold up: nobody can think again any more.
    pub async fn give_up(self, id: &str) -> client::Result<()> {
        if self.was_given_up(id) {
            return Ok(());
        }
        self.given_up.update_value(|all| all.push(id.to_owned()));
        let outcome = client::charging::give_up(id).await;
        if outcome.is_ok() {
            self.read().await;
        } else {
            // It still stands: its end is told like any other.
            self.given_up
                .update_value(|all| all.retain(|other| other != id));
        }
        self.settled(id);
        outcome
    }

    /// Whether it was given up here, or is being given up.
    pub(super) fn was_given_up(self, id: &str) -> bool {
        self.given_up
            .with_value(|all| all.iter().any(|other| other == id))
    }

    /// It isn't about to be given up any more.
    fn settled(self, id: &str) {
        if self.left().read().as_deref() == Some(id) {
            self.left().confirmed();
        }
        // Also where another one is: whether this one is on the screen may have changed.
        self.leaving.update(|leaving| {
            leaving.take_if(|leaving| leaving == id);
        });
    }

    fn left(self) -> super::Draft {
        self.draft("left")
    }
}
