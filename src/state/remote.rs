//! Something the server was asked for, and how far that is.

use std::{future::Future, pin::Pin, rc::Rc, time::Duration};

use leptos::prelude::*;
use portal_api::time::Instant;

use super::{
    identity::{Identity, use_identity},
    network::use_network,
};
use crate::{
    client::{Answer, Problem, Result},
    run::{next_frame, whenever, while_here},
};

/// How far it is.
#[derive(Clone, Debug)]
pub enum Load<T> {
    /// Asked for the first time.
    Waiting,
    /// Here.
    Here(Answer<T>),
    /// It could not be had.
    Failed(Problem),
}

impl<T: PartialEq> Load<T> {
    fn is(&self, answer: &Answer<T>) -> bool {
        matches!(self, Self::Here(here) if here == answer)
    }
}

type Ask<T> = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Answer<T>>>>>>;

/// Something the server was asked for.
pub struct Remote<T: 'static> {
    load: RwSignal<Load<T>, LocalStorage>,
    busy: RwSignal<bool>,
    /// Whether it is to be asked for again once the answer that is under way is here: that
    /// may be older than what was told meanwhile.
    once_more: StoredValue<bool>,
    /// How often it may still be asked by itself since the network came back.
    tries: StoredValue<u32>,
    ask: StoredValue<(Ask<T>, Owner), LocalStorage>,
    identity: Identity,
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Remote<T> {}

impl<T: Clone + PartialEq + 'static> Remote<T> {
    /// How far it is; whoever reads it is told of changes.
    pub fn load(self) -> Load<T> {
        self.load.get()
    }

    /// Whether it is being asked for at this moment.
    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    /// What is here, if it is.
    pub fn value(self) -> Option<T> {
        match self.load.get() {
            Load::Here(answer) => Some(answer.value),
            _ => None,
        }
    }

    /// Puts a value in its place that is known to be right.
    pub fn set(self, value: T) {
        self.load.set(Load::Here(Answer {
            value,
            kept_at: None,
        }));
    }

    /// Asks again; what is on the screen stays there until another answer is here.
    pub fn again(self) {
        let Some((ask, owner)) = self.ask.try_get_value() else {
            return;
        };
        if self.busy.get_untracked() {
            return self.once_more.set_value(true);
        }
        self.busy.set(true);
        let task = async move {
            let answer = ask().await;
            next_frame().await;
            self.busy.set(false);
            let once_more = self.once_more.try_update_value(std::mem::take);
            self.take(answer);
            if once_more == Some(true) {
                self.again();
            }
        };
        // Given up together with the part of the page that wanted to know.
        owner.with(|| while_here(task));
    }

    /// From when what is on the screen is, if it was kept; whoever reads it is told of
    /// changes.
    pub fn kept_at(self) -> Option<Instant> {
        self.load.with(|load| match load {
            Load::Here(answer) => answer.kept_at,
            _ => None,
        })
    }

    /// Asks again a little later, each time after twice as long, a few times.
    fn try_later(self) {
        let left = self.tries.get_value();
        if left > 0 {
            self.tries.set_value(left - 1);
            let pause = Duration::from_secs(1 << (TRIES - left));
            set_timeout(move || self.again(), pause);
        }
    }

    fn take(self, answer: Result<Answer<T>>) {
        if matches!(answer, Err(Problem::SignedOut)) {
            self.identity.lost();
        }
        let kept = answer.as_ref().ok().and_then(|answer| answer.kept_at);
        if kept.is_some() {
            set_timeout(move || self.again(), KEPT_FOR);
        }
        if answer.is_ok() {
            self.tries.set_value(0);
        } else if matches!(answer, Err(Problem::Offline)) {
            self.try_later();
        }
        match answer {
            // The same as before: nothing to draw anew.
            Ok(answer) if self.load.with_untracked(|load| load.is(&answer)) => {}
            Ok(answer) => self.load.set(Load::Here(answer)),
            // A failed refresh doesn't take away what was here.
            Err(_) if matches!(self.load.get_untracked(), Load::Here(_)) => {}
            Err(problem) => self.load.set(Load::Failed(problem)),
        }
    }
}

/// How often something is asked for by itself once the network is back: it is said to be
/// back before it carries anything.
const TRIES: u32 = 5;

/// How long something kept on the device is shown before the server is asked
/// again: a network that the browser takes for one may still carry nothing.
const KEPT_FOR: Duration = Duration::from_secs(15);

/// Asks the server, stops asking when this part of the page goes away, and asks
/// again when the network comes back or somebody signed in again.
pub fn remote<T, F>(ask: impl Fn() -> F + 'static) -> Remote<T>
where
    T: Clone + PartialEq + 'static,
    F: Future<Output = Result<Answer<T>>> + 'static,
{
    let ask: Ask<T> = Rc::new(move || Box::pin(ask()));
    let owner = Owner::current().unwrap_or_default();
    let (identity, network) = (use_identity(), use_network());
    let remote = Remote {
        load: RwSignal::new_local(Load::Waiting),
        busy: RwSignal::new(false),
        once_more: StoredValue::new(false),
        tries: StoredValue::new(0),
        ask: StoredValue::new_local((ask, owner)),
        identity,
    };
    remote.again();
    let mut before = None;
    whenever(move || {
        let now = (identity.returns(), network.online());
        let came_back = |before: (u32, bool)| now.0 != before.0 || (now.1 && !before.1);
        if before.replace(now).is_some_and(came_back) {
            remote.tries.set_value(TRIES);
            remote.again();
        }
    });
    remote
}

/// What was told now of a part of something, or what was told before: a failed refresh
/// doesn't take away what was here.
pub fn or_before<T>(now: Result<T>, before: Result<T>) -> Result<T> {
    match (now, before) {
        (Err(problem), Ok(before)) if problem != Problem::SignedOut => Ok(before),
        (now, _) => now,
    }
}
