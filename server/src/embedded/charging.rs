//! Charge points, what they are doing, and who holds which plug.
//!
//! - [`finding`]: where one can charge (`terms`: at what price). [`points`]: whether charge
//!   points are connected, and what their connectors are doing. [`tags`]: whose a tag is.
//! - [`holds`]: holding a plug. `charges`: what charge points report becomes sessions
//!   (`payer`: who pays).
//! - `central`: one charge point's reports and orders. [`links`]: who is connected here.
//! - [`feed`]: what is told to whoever looks.

mod central;
mod charges;
pub mod feed;
pub mod finding;
pub mod holds;
pub mod links;
mod payer;
pub mod points;
pub mod tags;
mod terms;

use std::{sync::Arc, time::Duration};

use portal_api::{
    portal::{events::BOOKING, holds::HoldRules},
    time::Instant,
};
use tokio::time::{Interval, MissedTickBehavior};

pub use self::{
    central::Line,
    feed::{Feed, News},
    links::Links,
};
use super::{Store, Write, store::Kind};
use crate::{
    clock::Clock,
    config::Secret,
    ids::{self, NoRandomness},
};

/// How often this copy of the server says that it lives.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// How often it is looked for holds that are over.
const LOOK: Duration = Duration::from_millis(500);

/// What the operator allows, and how long charge points may take.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// What is told to drivers.
    pub holds: HoldRules,
    /// How often one may try within an hour.
    pub tries: i64,
    /// How many bookings with their own token one driver may have at a time.
    pub most_bookings: i64,
    /// How long a charge point may take to answer.
    pub patience: Duration,
}

impl Rules {
    /// How long a plug can be held at most, in seconds.
    fn longest_hold(&self) -> i64 {
        i64::from(self.holds.longest_minutes) * 60
    }
}

/// All about charge points; clones are the same one.
#[derive(Clone, Debug)]
pub struct Charging {
    store: Store,
    clock: Clock,
    feed: Feed,
    links: Links,
    /// Where letters say that the portal is, without a slash at the end.
    portal: Arc<str>,
    /// What the operator allows.
    pub rules: Rules,
    /// This copy of the server, anew each time it starts.
    server_id: Arc<str>,
}

/// A change under way, and what is to be told of it.
pub struct Work {
    /// The transaction.
    pub write: Write,
    /// Told with it, last.
    pub news: Vec<News>,
    /// When it happens.
    pub now: Instant,
    /// Where letters say that the portal is, without a slash at the end.
    pub portal: Arc<str>,
    /// How long it is told that a plug can be held at most, in seconds.
    longest_hold: i64,
    feed: Feed,
}

impl Work {
    /// A part of another change, of which nothing is told.
    pub(in crate::embedded) fn untold(store: &Store, write: Write, now: Instant) -> Self {
        Self {
            write,
            news: Vec::new(),
            now,
            portal: "".into(),
            longest_hold: 0,
            feed: Feed::new(store.clone()),
        }
    }

    /// Makes the change and tells of it; dropped, it never was.
    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        feed::write(&mut self.write, &self.news, self.now).await?;
        self.write.commit().await?;
        if !self.news.is_empty() {
            self.feed.ring();
        }
        Ok(())
    }
}

impl Charging {
    /// Of a store, and of a portal that stands there.
    pub fn new(
        store: Store,
        clock: Clock,
        rules: Rules,
        portal: &str,
    ) -> Result<Self, NoRandomness> {
        Ok(Self {
            portal: portal.into(),
            feed: Feed::new(store.clone()),
            links: Links::default(),
            server_id: ids::new_id("server")?.into(),
            store,
            clock,
            rules,
        })
    }

    /// Begins a change.
    pub async fn begin(&self) -> Result<Work, sqlx::Error> {
        Ok(Work {
            write: self.store.write().await?,
            news: Vec::new(),
            now: self.clock.now(),
            portal: Arc::clone(&self.portal),
            longest_hold: self.rules.longest_hold(),
            feed: self.feed.clone(),
        })
    }

    /// Where it is all kept.
    pub(in crate::embedded) fn store(&self) -> &Store {
        &self.store
    }

    /// What time it is.
    pub(in crate::embedded) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// What is told to whoever looks.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Who is connected to this copy of the server.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// Does what is to be done without being asked, until the program ends.
    pub async fn run(&self, database: Option<&Secret>) {
        // What died left charge points behind that look connected.
        for done in [self.forget_former_self().await, self.live().await] {
            if let Err(error) = done {
                tracing::error!(event = "charging_failed", %error);
            }
        }
        tokio::select! {
            () = self.feed.run(database) => {}
            () = self.wake_charge_points() => {}
            () = self.look_after() => {}
            () = self.look_after_bookings() => {}
        }
    }

    async fn look_after(&self) {
        let mut signs = interval(SIGN_OF_LIFE);
        let mut looks = interval(LOOK);
        loop {
            let done = tokio::select! {
                _ = signs.tick() => self.live().await,
                _ = looks.tick() => self.end_what_is_over().await,
            };
            if let Err(error) = done {
                tracing::error!(event = "charging_failed", %error);
            }
        }
    }

    /// At once when one was made, and now and then: what a crash or another copy of the
    /// server left is taken up again.
    async fn look_after_bookings(&self) {
        use tokio::sync::broadcast::error::RecvError;
        let mut told = self.feed.listen();
        let mut looks = interval(LOOK);
        loop {
            tokio::select! {
                _ = looks.tick() => {}
                event = told.recv() => match event {
                    Ok(event) if event.name != BOOKING => continue,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
            }
            if let Err(error) = self.go_on_with_bookings().await {
                tracing::error!(event = "charging_failed", %error);
            }
        }
    }

    /// A file has one server at a time: whoever was there before is dead.
    async fn forget_former_self(&self) -> Result<(), sqlx::Error> {
        if self.store.kind() == Kind::Sqlite {
            let mut write = self.store.write().await?;
            sqlx::query("delete from servers")
                .execute(&mut *write)
                .await?;
            write.commit().await?;
        }
        Ok(())
    }

    /// Wakes the charge points connected here that may have something to do.
    async fn wake_charge_points(&self) {
        use tokio::sync::broadcast::error::RecvError;
        let mut told = self.feed.listen();
        loop {
            match told.recv().await {
                Ok(event) => {
                    if let Some(id) = &event.charge_point_id {
                        self.links.ring(id);
                    }
                }
                Err(RecvError::Lagged(_)) => self.links.ring_all(),
                Err(RecvError::Closed) => return,
            }
        }
    }
}

fn interval(time: Duration) -> Interval {
    let mut ticks = tokio::time::interval(time);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
