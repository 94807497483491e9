//! The charge points that are connected to this copy of the server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, oneshot};

/// Who is connected; clones are the same list.
#[derive(Clone, Debug, Default)]
pub struct Links(Arc<Mutex<HashMap<String, Line>>>);

#[derive(Debug)]
struct Line {
    connection: i64,
    wake: Arc<Notify>,
    /// Dropped, it ends the connection.
    _end: oneshot::Sender<()>,
}

/// What a connection needs to be woken and ended.
#[derive(Debug)]
pub struct Ends {
    /// Rung when there may be an order.
    pub wake: Arc<Notify>,
    /// Done when another connection has taken this one's place.
    pub replaced: oneshot::Receiver<()>,
}

impl Links {
    /// A charge point has connected: an older connection of it ends.
    pub(super) fn add(&self, charge_point_id: &str, connection: i64) -> Ends {
        let (end, replaced) = oneshot::channel();
        let wake = Arc::new(Notify::new());
        let line = Line {
            connection,
            wake: Arc::clone(&wake),
            _end: end,
        };
        self.all().insert(charge_point_id.to_owned(), line);
        Ends { wake, replaced }
    }

    /// A connection has ended.
    pub(super) fn remove(&self, charge_point_id: &str, connection: i64) {
        let mut all = self.all();
        if all
            .get(charge_point_id)
            .is_some_and(|line| line.connection == connection)
        {
            all.remove(charge_point_id);
        }
    }

    /// A charge point may have something to do, if it is connected here.
    pub(super) fn ring(&self, charge_point_id: &str) {
        if let Some(line) = self.all().get(charge_point_id) {
            line.wake.notify_one();
        }
    }

    /// Every charge point may have something to do.
    pub(super) fn ring_all(&self) {
        for line in self.all().values() {
            line.wake.notify_one();
        }
    }

    /// Ends every connection.
    pub fn end_all(&self) {
        self.all().clear();
    }

    /// How many are connected.
    pub fn count(&self) -> usize {
        self.all().len()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        // No panic can leave the list half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
