//! Who is signed in.

use leptos::{ev, prelude::*};
use portal_api::{
    portal::{Me, Tab},
    time::Instant,
};

use super::{
    clock::{Clock, use_clock},
    hint,
};
use crate::{
    boot,
    client::{self, Problem},
    i18n,
    run::to_the_end,
};

/// How long a request may have been under way, in seconds.
const UNDER_WAY: i64 = 20;

/// Who sits before the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// The server was asked.
    Asking,
    /// Nobody is signed in.
    Nobody,
    /// It could not be found out.
    Unclear(Problem),
    /// Somebody is.
    Person(Me),
}

/// Who is signed in, for the whole app.
#[derive(Clone, Copy)]
pub struct Identity {
    who: RwSignal<Who>,
    /// The sign-in ended while somebody was at work.
    ended: RwSignal<bool>,
    /// How often somebody came back after that.
    returns: RwSignal<u32>,
    /// When they came back last.
    returned_at: StoredValue<Option<Instant>>,
    /// Counts the changes of language: the app is drawn anew for each.
    spoken: RwSignal<u32>,
    clock: Clock,
}

impl Identity {
    /// Who is signed in.
    pub fn who(self) -> Who {
        self.who.get()
    }

    /// Whoever is signed in, without being told of changes.
    pub fn person(self) -> Option<Me> {
        match self.who.get_untracked() {
            Who::Person(me) => Some(me),
            _ => None,
        }
    }

    /// Whether they charge themselves, and don't only book for guests.
    pub fn drives(self) -> bool {
        self.person()
            .is_some_and(|me| me.tabs.contains(&Tab::Sessions))
    }

    /// Whether plugs are booked at a real Petit Monde.
    pub fn books_elsewhere(self) -> bool {
        self.person().is_some_and(|me| me.books_elsewhere)
    }

    /// Whether the sign-in ended while somebody was at work.
    pub fn has_ended(self) -> bool {
        self.ended.get()
    }

    /// How often somebody signed in again in the middle of something.
    pub fn returns(self) -> u32 {
        self.returns.get()
    }

    /// How often the language changed.
    pub fn spoken(self) -> u32 {
        self.spoken.get()
    }

    /// Asks the server.
    pub fn ask(self) {
        self.who.set(Who::Asking);
        to_the_end(async move { self.take(client::portal::me().await) });
    }

    /// Asks what may have changed about them meanwhile; what can't be had changes nothing.
    pub async fn again(self) {
        let before = self.person();
        match client::portal::me().await {
            // What they changed themselves meanwhile is newer.
            Ok(_) if self.person() != before => {}
            Ok(answer) => self.signed_in(answer.value, answer.kept_at.is_none()),
            Err(problem) => self.heed(&problem),
        }
    }

    fn take(self, answer: client::Result<client::Answer<Me>>) {
        match answer {
            Ok(answer) => self.signed_in(answer.value, answer.kept_at.is_none()),
            Err(Problem::SignedOut) => {
                forget_tabs();
                self.who.set(Who::Nobody);
            }
            Err(problem) => self.who.set(Who::Unclear(problem)),
        }
    }

    /// Somebody is signed in; `fresh` if the server just said so.
    pub fn signed_in(self, me: Me, fresh: bool) {
        if fresh {
            self.clock.set(me.now);
        }
        let was = self.person();
        if was.as_ref().is_some_and(|was| was.id != me.id) {
            // Somebody else: nothing of the one before may stay in memory.
            let _ = window().location().reload();
            return;
        }
        apply(&me, self);
        self.who.set(Who::Person(me));
        if self.ended.get_untracked() {
            self.ended.set(false);
            self.returns.update(|returns| *returns += 1);
            self.returned_at.set_value(Some(self.clock.exactly()));
        }
    }

    /// Takes note of a problem that says that nobody is signed in any more.
    pub fn heed(self, problem: &Problem) {
        if *problem == Problem::SignedOut {
            self.lost();
        }
    }

    /// The server said that nobody is signed in any more.
    pub fn lost(self) {
        if self.person().is_none() {
            self.who.set(Who::Nobody);
        } else if self.has_just_returned() {
            to_the_end(async move {
                if matches!(client::portal::me().await, Err(Problem::SignedOut)) {
                    self.end();
                }
            });
        } else {
            self.end();
        }
    }

    /// Whether what the server says may be about a request from before.
    fn has_just_returned(self) -> bool {
        let last = self
            .returned_at
            .get_value()
            .map(|at| at.plus_seconds(UNDER_WAY));
        last.is_some_and(|last| self.clock.exactly() < last)
    }

    fn end(self) {
        // Told again, it must not take away what is being typed into the sign-in.
        if !self.ended.get_untracked() {
            self.ended.set(true);
        }
    }

    /// Signs out here and now, and tells the server as soon as it can be told.
    /// The page is loaded anew: nothing that was read stays in memory.
    pub async fn sign_out(self) {
        boot::forget().await;
        hint::change(|hint| {
            hint.tabs = None;
            hint.sign_out_due = true;
        });
        tell_sign_out().await;
        self.who.set(Who::Nobody);
        // Where the page cannot be loaded the sign-in page stands all the same.
        let _ = window().location().replace("/");
    }
}

/// Tells the server of a sign-out; without a network it stays due.
async fn tell_sign_out() {
    if matches!(
        client::portal::sign_out().await,
        Ok(()) | Err(Problem::SignedOut)
    ) {
        hint::change(|hint| hint.sign_out_due = false);
    }
}

fn forget_tabs() {
    hint::change(|hint| hint.tabs = None);
}

/// Makes the portal as the person wants it, and remembers what the first paint needs.
fn apply(me: &Me, identity: Identity) {
    let wanted = me
        .preferences
        .language
        .unwrap_or_else(i18n::browser_language);
    let look = me.preferences.look;
    boot::dress(look.as_str());
    hint::change(|hint| {
        hint.language = me.preferences.language;
        hint.look = look;
        hint.tabs = Some(hint::Labels::of(&me.tabs, i18n::tab_label));
    });
    if wanted == i18n::language() {
        return;
    }
    let tabs = me.tabs.clone();
    to_the_end(async move {
        // Without the words of the other language the ones here stay.
        if i18n::change(wanted).await.is_ok() {
            hint::change(|hint| hint.tabs = Some(hint::Labels::of(&tabs, i18n::tab_label)));
            identity.spoken.update(|spoken| *spoken += 1);
        }
    });
}

/// Takes up who is signed in, as it was found out before the first drawing.
pub(super) fn provide(first: client::Result<client::Answer<Me>>) {
    let identity = Identity {
        who: RwSignal::new(Who::Asking),
        ended: RwSignal::new(false),
        returns: RwSignal::new(0),
        returned_at: StoredValue::new(None),
        spoken: RwSignal::new(0),
        clock: use_clock(),
    };
    provide_context(identity);
    if hint::read().sign_out_due {
        identity.who.set(Who::Nobody);
        to_the_end(tell_sign_out());
    } else {
        identity.take(first);
    }
    let listener = window_event_listener(ev::online, move |_| {
        if hint::read().sign_out_due {
            to_the_end(tell_sign_out());
        } else if matches!(identity.who.get_untracked(), Who::Unclear(_)) {
            identity.ask();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Who is signed in.
pub fn use_identity() -> Identity {
    expect_context()
}
