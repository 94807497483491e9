//! Giving a hold up, with a while to think again. What waits for that stands on the
//! device too: a page that goes away meanwhile has it sent.

use leptos::prelude::*;

use super::Holding;
use crate::{client, run::to_the_end};

impl Holding {
    /// Takes a hold off the screen; it is given up for good by [`give_up`](Self::give_up).
    pub fn leave(self, reservation_id: &str) {
        if self.leaving.with_untracked(Option::is_some) {
            // One after the other: about the one before nobody thinks again.
            let before = self.leaving.get_untracked();
            to_the_end(async move { drop(self.send(before).await) });
        }
        self.left().keep(reservation_id);
        self.leaving.set(Some(reservation_id.to_owned()));
    }

    /// Whether that hold is about to be given up; whoever asks is told of changes.
    pub fn is_leaving(self, reservation_id: &str) -> bool {
        let same = |leaving: &Option<String>| leaving.as_deref() == Some(reservation_id);
        self.leaving.with(same)
    }

    /// Keeps the hold after all.
    pub fn stay(self) {
        self.left().confirmed();
        self.leaving.set(None);
    }

    /// Gives up what was left just now: nobody can think again any more.
    pub async fn give_up(self) -> client::Result<()> {
        let left = self.leaving.get_untracked();
        self.send(left).await
    }

    /// Gives up what a page before this one left and had no time for. About what was
    /// left here somebody may still think again.
    pub async fn give_up_from_before(self) -> client::Result<()> {
        if self.leaving.with_untracked(Option::is_some) {
            return Ok(());
        }
        self.send(self.left().read()).await
    }

    async fn send(self, left: Option<String>) -> client::Result<()> {
        let Some(id) = left else { return Ok(()) };
        self.given_up.update_value(|all| all.push(id.clone()));
        let outcome = client::charging::give_up(&id).await;
        if outcome.is_ok() {
            self.read().await;
        }
        if self
            .leaving
            .get_untracked()
            .is_none_or(|leaving| leaving == id)
        {
            self.stay();
        }
        outcome
    }

    fn left(self) -> super::Draft {
        self.draft("left")
    }
}
