//! Asking for a booking until it is known what came of it. The request has its key before
//! its first byte is sent, and key and request stay on the device until the answer is
//! here: whatever gets lost, there is never a second booking.

use std::time::Duration;

use leptos::prelude::*;
use portal_api::petit_monde::booking::{Booking, BookingRequest};

use super::typed::{Filling, refused};
use crate::{
    client::{
        self, Problem,
        bookings::{Answered, Refusal},
    },
    i18n::words,
    routes,
    run::{pause, to_the_end},
    state::{
        address::{Address, use_address},
        clock::{Clock, use_clock},
        identity::{Identity, use_identity},
        network::{Network, use_network},
        toasts::{Toasts, use_toasts},
    },
};

/// The longest between two questions, in seconds.
const LONGEST_WAIT: u32 = 20;

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Nothing was asked for.
    Idle,
    /// The server is asked.
    Asking,
    /// An answer got lost: it is asked again.
    Checking,
    /// It wasn't asked for: so it can't be booked.
    Cannot,
    /// It isn't booked.
    Refused(Refusal),
}

/// What asks, and where it goes from there.
#[derive(Clone, Copy)]
pub struct Asking {
    /// How far it is.
    pub stage: RwSignal<Stage>,
    filling: Filling,
    address: Address,
    clock: Clock,
    identity: Identity,
    network: Network,
    toasts: Toasts,
}

impl Asking {
    /// What asks for what is typed.
    pub fn of(filling: Filling) -> Self {
        Self {
            stage: RwSignal::new(Stage::Idle),
            filling,
            address: use_address(),
            clock: use_clock(),
            identity: use_identity(),
            network: use_network(),
            toasts: use_toasts(),
        }
    }

    /// Whether it isn't known yet what came of it; whoever asks is told of changes.
    pub fn is_asking(self) -> bool {
        matches!(self.stage.get(), Stage::Asking | Stage::Checking)
    }

    /// Goes on with what was asked for before the page was loaded.
    pub fn resume(self) {
        if let Some(request) = self.filling.sent() {
            self.begin(Stage::Checking, request);
        }
    }

    /// Asks for what is typed, unless something is being asked for.
    pub fn ask(self) {
        if untrack(|| self.is_asking()) {
            return;
        }
        if let Some(request) = self.filling.request() {
            self.begin(Stage::Asking, request);
        }
    }

    fn begin(self, stage: Stage, request: BookingRequest) {
        self.stage.set(stage);
        let key = self.filling.is_asked(&request);
        to_the_end(self.until_known(request, key));
    }

    async fn until_known(self, request: BookingRequest, key: String) {
        // The page may be gone when the answer is here.
        let draft = self.filling.draft();
        let answer = self.answer(&request, &key).await;
        if answer.is_ok() {
            draft.confirmed();
        }
        let still_here = self.stage.try_set(Stage::Idle).is_none();
        match answer {
            Ok(booking) if still_here => {
                self.filling.booked();
                self.address.go(&routes::booking(&booking.id));
            }
            Ok(_) => self.toasts.say(words::book_done()),
            Err(why) if still_here => {
                // The same can be asked again, as another request.
                self.filling.changed();
                if matches!(why, Refusal::Spending(_)) {
                    self.filling.poor.set(self.filling.choice.get_untracked());
                }
                self.filling.turns.update(|turns| *turns += 1);
                self.stage.set(Stage::Refused(why));
            }
            Err(_) => {
                refused(&draft);
                self.toasts.say(words::book_not_done());
            }
        }
    }

    async fn answer(self, request: &BookingRequest, key: &str) -> Result<Box<Booking>, Refusal> {
        loop {
            let wait = match client::bookings::book(request, key).await {
                Ok(Answered::Booked(booking)) => return Ok(booking),
                Ok(Answered::Refused(why)) => return Err(why),
                Ok(Answered::Unsure(wait)) => wait,
                Err(Problem::SignedOut) => {
                    self.identity.lost();
                    1
                }
                Err(problem) => return Err(Refusal::Other(problem)),
            };
            if self.clock.exactly() > request.reservation_end {
                return Err(Refusal::Other(Problem::Unanswered));
            }
            self.stage.try_set(Stage::Checking);
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
}
