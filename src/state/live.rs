//! What changes while somebody looks, as the server told it last: connectors, and
//! the driver's sessions and bookings. Who tells it stands in `events`.

use std::collections::BTreeMap;

use leptos::prelude::*;
use portal_api::{
    dynamo::{Session, SessionStatus},
    portal::events::{BookingNews, ConnectorNews, SessionNews},
};

use super::remote::Remote;
use crate::run::whenever;

/// A moment in the order in which things were told.
pub type Moment = u32;

type Connectors = BTreeMap<(String, u32), (Moment, ConnectorNews)>;

/// What was told.
#[derive(Clone, Copy)]
pub struct Live {
    connectors: RwSignal<Connectors>,
    sessions: RwSignal<Vec<SessionNews>>,
    bookings: RwSignal<Vec<BookingNews>>,
    told: StoredValue<Moment>,
    turns: RwSignal<u32>,
    booking_turns: RwSignal<u32>,
    resets: RwSignal<u32>,
}

impl Live {
    /// Now: what is asked for from here on knows all that was told before.
    pub fn moment(self) -> Moment {
        self.told.get_value()
    }

    /// What was told of a connector after a moment; whoever asks is told of changes.
    pub fn connector(
        self,
        charge_point_id: &str,
        connector_id: u32,
        after: Moment,
    ) -> Option<ConnectorNews> {
        let key = (charge_point_id.to_owned(), connector_id);
        self.connectors.with(|all| {
            let (moment, news) = all.get(&key)?;
            (*moment > after).then(|| news.clone())
        })
    }

    fn session(self, session_id: &str) -> Option<SessionNews> {
        self.sessions.with(|all| {
            let mut all = all.iter();
            all.find(|news| news.session_id == session_id).cloned()
        })
    }

    /// A session with the figures that were told last; whoever asks is told of changes.
    pub fn now(self, mut session: Session) -> Session {
        let news = self.session(&session.session_id);
        // What it came to in the end is known better.
        if let Some(news) = news.filter(|_| session.status == SessionStatus::Active) {
            let ran = news.at.millis() - session.started_at.millis();
            session.duration_minutes = Some(ran.max(0) / 60_000);
            session.status = news.status;
            session.energy_kwh = Some(news.energy_kwh);
            session.total_cost = news.cost.or(session.total_cost);
            session.currency = news.currency.or(session.currency);
        }
        session
    }

    /// What was told of a booking; whoever asks is told of changes.
    pub fn booking(self, id: &str) -> Option<BookingNews> {
        self.bookings.with(|all| {
            let mut all = all.iter();
            all.find(|news| news.booking.id == id).cloned()
        })
    }

    /// Has something asked for again whenever a booking is made or goes further.
    pub fn renews_with_bookings<T: Clone + PartialEq + 'static>(self, remote: Remote<T>) {
        again_with(self.booking_turns, remote);
    }

    /// Has something asked for again whenever a session begins or ends.
    pub fn renews_with_sessions<T: Clone + PartialEq + 'static>(self, remote: Remote<T>) {
        again_with(self.turns, remote);
    }

    /// Has something asked for again whenever too much was missed to tell it all.
    pub fn renews<T: Clone + PartialEq + 'static>(self, remote: Remote<T>) {
        again_with(self.resets, remote);
    }

    /// A connector changed.
    pub fn connector_changed(self, news: ConnectorNews) {
        let moment = self.told.get_value().wrapping_add(1);
        self.told.set_value(moment);
        let key = (news.charge_point_id.clone(), news.connector_id);
        self.connectors.update(|all| {
            all.insert(key, (moment, news));
        });
    }

    /// A session began, went on or ended.
    pub fn session_changed(self, news: SessionNews) {
        let same = |other: &SessionNews| other.session_id == news.session_id;
        let before = self.sessions.with_untracked(|all| {
            let mut all = all.iter();
            all.find(|other| same(other)).cloned()
        });
        // Told late or twice.
        if before.as_ref().is_some_and(|before| before.at > news.at) {
            return;
        }
        let turned = before.is_none_or(|before| before.status != news.status)
            || news.status != SessionStatus::Active;
        self.sessions.update(|all| {
            all.retain(|other| !same(other));
            all.push(news.clone());
        });
        if turned {
            self.turns.update(|turns| *turns += 1);
        }
    }

    /// A booking was made or is further; `true` if its status is another one than was
    /// told before.
    pub fn booking_changed(self, news: BookingNews) -> bool {
        let before = self.bookings.with_untracked(|all| {
            let mut all = all.iter();
            all.find(|other| other.booking.id == news.booking.id)
                .map(|other| (other.booking.status.clone(), other.booking.updated_at))
        });
        // Told late or twice.
        if before
            .as_ref()
            .is_some_and(|before| before.1 > news.booking.updated_at)
        {
            return false;
        }
        let turned = before.is_none_or(|before| before.0 != news.booking.status);
        self.bookings.update(|all| {
            all.retain(|other| other.booking.id != news.booking.id);
            all.push(news);
        });
        if turned {
            self.booking_turns.update(|turns| *turns += 1);
        }
        turned
    }

    /// Too much was missed to tell it all.
    pub fn reset(self) {
        self.connectors.update(BTreeMap::clear);
        self.resets.update(|resets| *resets += 1);
    }

    /// A session may have ended meanwhile, of which nothing more is told.
    pub fn sessions_missed(self) {
        self.turns.update(|turns| *turns += 1);
    }
}

/// Has something asked for again whenever a count goes on.
fn again_with<T: Clone + PartialEq + 'static>(count: RwSignal<u32>, remote: Remote<T>) {
    let mut before = None;
    whenever(move || {
        let now = count.get();
        if before.replace(now).is_some_and(|before| before != now) {
            remote.again();
        }
    });
}

/// Makes room for what is told.
pub(super) fn provide() {
    provide_context(Live {
        connectors: RwSignal::new(BTreeMap::new()),
        sessions: RwSignal::new(Vec::new()),
        bookings: RwSignal::new(Vec::new()),
        told: StoredValue::new(0),
        turns: RwSignal::new(0),
        booking_turns: RwSignal::new(0),
        resets: RwSignal::new(0),
    });
}

/// What was told.
pub fn use_live() -> Live {
    expect_context()
}
