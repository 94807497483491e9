//! Asking for a hold until it is known what came of it. The request has its key
//! before its first byte is sent, and the key stays on the device until the answer
//! is here: whatever gets lost, there is never a second hold.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::{
    dynamo::reservation::{Blocked, ReservationRequest},
    portal::holds::{Hold, HoldStage},
    time::Instant,
};
use serde::{Deserialize, Serialize};

use super::Holding;
use crate::{
    client::{self, Problem, charging::Answered},
    json,
    run::{pause, to_the_end},
};

/// A hold that was asked for.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Attempt {
    /// What the server knows it by, however often it is sent.
    pub key: String,
    /// Where.
    pub charge_point_id: String,
    /// Which plug, from 1.
    pub connector_id: u32,
    /// When it is to lapse.
    pub expires_at: Instant,
    /// With which of the driver's tags, from 0: no tag is kept on the device.
    pub tag: u32,
}

/// How far an attempt is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// The charge point is asked.
    Asking,
    /// An answer got lost: it is asked again.
    Checking,
    /// Nothing is held.
    Refused(Refusal),
}

/// Why nothing is held.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The plug, or the driver, cannot hold.
    Blocked(Blocked),
    /// The server doesn't take it.
    Problem(Problem),
    /// Nobody answered until it would have lapsed.
    TooLate,
}

/// The longest between two questions, in seconds.
const LONGEST_WAIT: u32 = 20;

impl Holding {
    /// The attempt that was made last and how far it is; whoever asks is told of changes.
    pub fn attempt(self) -> Option<(Attempt, Stage)> {
        self.attempt.get()
    }

    /// Whether it isn't known yet what came of an attempt; whoever asks is told of changes.
    pub fn is_asking(self) -> bool {
        let open = |(_, stage): &(Attempt, Stage)| !matches!(stage, Stage::Refused(_));
        self.attempt
            .with(|attempt| attempt.as_ref().is_some_and(open))
    }

    /// Asks for a hold, unless one is being asked for.
    pub fn ask(self, charge_point_id: &str, connector_id: u32, minutes: u32, tag: u32) {
        if untrack(|| self.is_asking()) {
            return;
        }
        let attempt = Attempt {
            key: client::new_key(),
            charge_point_id: charge_point_id.to_owned(),
            connector_id,
            expires_at: self.clock.exactly().plus_seconds(i64::from(minutes) * 60),
            tag,
        };
        if let Ok(text) = json::write(&attempt) {
            self.asked().keep(&text);
        }
        self.attempt.set(Some((attempt.clone(), Stage::Asking)));
        to_the_end(self.until_known(attempt));
    }

    /// Goes on with what was asked for before the page was loaded.
    pub fn resume(self) {
        if self.attempt.with_untracked(Option::is_some) {
            return;
        }
        let kept = self.asked().read();
        let Some(attempt) = kept.and_then(|text| json::read::<Attempt>(&text).ok()) else {
            return;
        };
        self.attempt.set(Some((attempt.clone(), Stage::Checking)));
        to_the_end(self.until_known(attempt));
    }

    /// What came of the last attempt was read.
    pub fn forget_attempt(self) {
        if !untrack(|| self.is_asking()) {
            self.attempt.set(None);
        }
    }

    async fn until_known(self, attempt: Attempt) {
        loop {
            let wait = match self.request(&attempt).await {
                Some(request) => match client::charging::hold(&request, &attempt.key).await {
                    Ok(Answered::Held(reservation)) => {
                        self.read().await;
                        self.hear_if_new(fresh(reservation));
                        return self.known(None);
                    }
                    Ok(Answered::Blocked(reason)) => {
                        return self.known(Some((attempt, Refusal::Blocked(reason))));
                    }
                    Ok(Answered::Unsure(wait)) => wait,
                    Err(Problem::SignedOut) => {
                        self.identity.lost();
                        1
                    }
                    Err(problem) => {
                        return self.known(Some((attempt, Refusal::Problem(problem))));
                    }
                },
                None => 2,
            };
            if self.clock.exactly() > attempt.expires_at {
                return self.known(Some((attempt, Refusal::TooLate)));
            }
            self.attempt.set(Some((attempt.clone(), Stage::Checking)));
            pause(Duration::from_secs(wait.clamp(1, LONGEST_WAIT).into())).await;
            while self.cannot_ask() {
                pause(Duration::from_secs(1)).await;
            }
        }
    }

    /// Without a network, or signed out, nothing gets there.
    fn cannot_ask(self) -> bool {
        untrack(|| !self.network.online() || self.identity.has_ended())
    }

    /// What is sent, the same each time; `None` while the driver's tags aren't here.
    async fn request(self, attempt: &Attempt) -> Option<ReservationRequest> {
        let tags = |holding: Self| {
            holding
                .holds
                .with_untracked(|holds| Some(holds.as_ref()?.id_tags.clone()))
                .filter(|tags| !tags.is_empty())
        };
        if tags(self).is_none() {
            self.read().await;
        }
        let number = usize::try_from(attempt.tag).unwrap_or_default();
        Some(ReservationRequest {
            charge_point_id: attempt.charge_point_id.clone(),
            connector_id: attempt.connector_id,
            expires_at: attempt.expires_at,
            id_tag: tags(self)?.into_iter().nth(number)?,
        })
    }

    fn known(self, refused: Option<(Attempt, Refusal)>) {
        self.asked().confirmed();
        let refused = refused.map(|(attempt, why)| (attempt, Stage::Refused(why)));
        self.attempt.set(refused);
    }

    fn asked(self) -> super::Draft {
        self.draft("hold")
    }
}

/// A hold of which only Dynamo told yet.
fn fresh(reservation: portal_api::dynamo::reservation::Reservation) -> Hold {
    Hold {
        reservation,
        stage: HoldStage::Held,
        end: None,
        place: String::new(),
        address: None,
        time_zone: None,
        plug: None,
        power_kw: None,
        latest: None,
        session_id: None,
        free: None,
    }
}
