//! All bookings of some groups at a real Petit Monde, also those that weren't made through
//! the portal, read some days at a time.

use std::sync::Arc;

use portal_api::{petit_monde::booking::Booking, time::Instant};

use crate::{
    embedded::bookings::elsewhere::asking::said_by_caller,
    provider::{Failure, bookings::Bookings, meter::Purpose},
};

const DAY: i64 = 24 * 60 * 60;

/// So many days are read at a time at most: as many as come with few calls.
const MOST_DAYS: i64 = 366;

/// Where so many bookings came at a time, fewer days are read next.
const MANY: usize = 1_000;

/// A walk through the bookings that were made in a time, the oldest first.
pub(super) struct Walk {
    system: Arc<dyn Bookings>,
    groups: Vec<String>,
    from: Instant,
    before: Instant,
    /// How many days are read next.
    days: i64,
}

impl Walk {
    /// At its beginning. What is still to come costs no call.
    pub fn new(
        system: Arc<dyn Bookings>,
        groups: Vec<String>,
        (from, before): (Instant, Instant),
        now: Instant,
    ) -> Self {
        Self {
            system,
            groups,
            from,
            // Its clock may be ahead of ours.
            before: before.min(now.plus_seconds(DAY)),
            days: 1,
        }
    }

    /// Those of the next days; `None` after the last.
    pub async fn next(&mut self, purpose: Purpose) -> Result<Option<Vec<Booking>>, Failure> {
        if self.from >= self.before {
            return Ok(None);
        }
        let (from, until) = (
            self.from,
            self.before.min(self.from.plus_seconds(self.days * DAY)),
        );
        let mut all = self.system.made(from, until, purpose).await?;
        self.from = until;
        self.days = match all.len() {
            MANY.. => 1,
            _ => MOST_DAYS.min(self.days * 2),
        };
        // Both ends are in the answer; the next one has the later end, too.
        all.retain(|booking| {
            let created = booking.created_at;
            self.is_ours(booking) && created.is_none_or(|at| from <= at && at < until)
        });
        all.sort_by_cached_key(|booking| (booking.created_at, booking.id.clone()));
        for booking in &mut all {
            let reference = booking.external_id.take();
            let said = reference.as_deref().and_then(said_by_caller);
            booking.external_id = said.map(str::to_owned);
        }
        Ok(Some(all))
    }

    fn is_ours(&self, booking: &Booking) -> bool {
        let group = booking.fleet_group_id.as_ref();
        group.is_some_and(|group| self.groups.contains(group))
    }
}
