//! How often a system may still be asked. The counts are in the store, so that several
//! copies of the server stay under its limits together and a restart forgets none.
//!
//! Whoever looks at the portal and what is open there never starve each other: of each
//! minute a fifth is for open bookings alone and a fifth for people alone, of each month a
//! tenth for either. A table, which can wait, leaves people another fifth of
//! the minute.
//!
//! `telling`: how a count stands. `calendar`: its months.

pub(super) mod calendar;
mod telling;

use std::time::Duration;

use portal_api::time::Instant;
use sqlx::{AnyConnection, FromRow};

use self::calendar::{month, next_month};
use super::{Store, Write};
use crate::{
    clock::Clock,
    config::Allowance,
    provider::{
        Asked, Failure,
        meter::{Meter, Purpose, Said},
    },
};

/// A minute, and what a call may take on its way: however late one arrives, no minute of
/// the system's own has more than it allows.
const WINDOW: i64 = 65;

/// So many milliseconds lie between two that make something.
const BETWEEN: i64 = 600;

/// Counts the calls to one system.
#[derive(Clone, Debug)]
pub struct Quota {
    store: Store,
    clock: Clock,
    system: &'static str,
    allowance: Allowance,
}

/// How a count stands.
#[derive(Clone, Copy, Debug, FromRow)]
struct Row {
    month: i64,
    calls: i64,
    /// Those of them that were made for open bookings.
    following: i64,
    told_left: Option<i64>,
    told_until: Option<i64>,
    shut_until: i64,
    make_at: i64,
}

/// The calls of the last minute.
#[derive(Clone, Copy, Debug, FromRow)]
struct Minute {
    /// By people.
    people: i64,
    /// For open bookings.
    following: i64,
    /// When the first of them was made.
    first: Option<i64>,
}

impl Quota {
    /// Of the calls to a system that a word stands for.
    pub const fn new(
        store: Store,
        clock: Clock,
        system: &'static str,
        allowance: Allowance,
    ) -> Self {
        Self {
            store,
            clock,
            system,
            allowance,
        }
    }

    /// So many calls may be made in a month.
    pub const fn a_month(&self) -> i64 {
        self.allowance.a_month
    }

    async fn take_one(&self, purpose: Purpose, patience: Duration) -> Result<Duration, Failure> {
        let mut write = self.store.write().await?;
        let now = self.clock.now();
        let row = self.locked(&mut write, now).await?;
        let minute = self.minute(&mut write, now).await?;
        if let Some(until) = self.shut(&row, &minute, purpose, now) {
            let wait = until.max(now.millis() + 1) - now.millis();
            let retry_after = u64::try_from(wait).unwrap_or(1).div_ceil(1_000);
            return Err(Failure::Limited { retry_after });
        }
        let at = match purpose {
            Purpose::Making => row.make_at.max(now.millis()),
            _ => now.millis(),
        };
        let wait = Duration::from_millis(u64::try_from(at - now.millis()).unwrap_or(0));
        if wait > patience {
            let retry_after = wait.as_millis().div_ceil(1_000) as u64;
            return Err(Failure::Limited { retry_after });
        }
        let make_at = match purpose {
            Purpose::Making => at + BETWEEN,
            _ => row.make_at,
        };
        let next = Row {
            calls: row.calls + 1,
            following: row.following + i64::from(purpose == Purpose::Following),
            make_at,
            ..row
        };
        self.count(&mut write, &next, (at, purpose)).await?;
        write.commit().await?;
        Ok(wait)
    }

    async fn count(
        &self,
        write: &mut Write,
        next: &Row,
        (at, purpose): (i64, Purpose),
    ) -> Result<(), sqlx::Error> {
        sqlx::query("insert into quota_calls (system, at, following) values ($1, $2, $3)")
            .bind(self.system)
            .bind(at)
            .bind(i64::from(purpose == Purpose::Following))
            .execute(&mut **write)
            .await?;
        sqlx::query(
            "update quotas set month = $2, calls = $3, following = $4,
                told_left = told_left - 1, make_at = $5 where system = $1",
        )
        .bind(self.system)
        .bind(next.month)
        .bind(next.calls)
        .bind(next.following)
        .bind(next.make_at)
        .execute(&mut **write)
        .await
        .map(drop)
    }

    /// How the count stands, which nobody else changes from here on.
    async fn locked(&self, write: &mut Write, now: Instant) -> Result<Row, sqlx::Error> {
        sqlx::query(
            "insert into quotas (system, month, calls, shut_until, make_at, checked_at)
                values ($1, $2, 0, 0, 0, 0) on conflict (system) do nothing",
        )
        .bind(self.system)
        .bind(month(now))
        .execute(&mut **write)
        .await?;
        sqlx::query("update quotas set calls = calls where system = $1")
            .bind(self.system)
            .execute(&mut **write)
            .await?;
        let row = self.row(write, now).await?;
        row.ok_or(sqlx::Error::RowNotFound)
    }

    /// How the count stands in the month of `now`.
    async fn row(
        &self,
        reader: &mut AnyConnection,
        now: Instant,
    ) -> Result<Option<Row>, sqlx::Error> {
        let row: Option<Row> = sqlx::query_as(
            "select month, calls, following, told_left, told_until, shut_until, make_at
                from quotas where system = $1",
        )
        .bind(self.system)
        .fetch_optional(reader)
        .await?;
        Ok(row.map(|row| {
            if row.month == month(now) {
                return row;
            }
            Row {
                month: month(now),
                calls: 0,
                following: 0,
                ..row
            }
        }))
    }

    async fn minute(
        &self,
        reader: &mut AnyConnection,
        now: Instant,
    ) -> Result<Minute, sqlx::Error> {
        sqlx::query_as(
            "select cast(coalesce(sum(1 - following), 0) as bigint) as people,
                cast(coalesce(sum(following), 0) as bigint) as following, min(at) as first
                from quota_calls where system = $1 and at > $2",
        )
        .bind(self.system)
        .bind(now.plus_seconds(-WINDOW).millis())
        .fetch_one(reader)
        .await
    }

    /// Until when no call may be made, if none may now.
    fn shut(&self, row: &Row, minute: &Minute, purpose: Purpose, now: Instant) -> Option<i64> {
        let Allowance { a_minute, a_month } = self.allowance;
        let now = now.millis();
        if row.shut_until > now {
            return Some(row.shut_until);
        }
        let own = match purpose {
            Purpose::Following => row.following,
            // And whoever else uses the same key.
            _ => row.calls - row.following,
        };
        if row.calls >= a_month || own >= a_month - a_month / 10 {
            return Some(next_month(row.month).millis());
        }
        let fifth = a_minute / 5;
        let (own, parts, kept) = match purpose {
            Purpose::Following => (minute.following, a_minute - fifth, 0),
            Purpose::Table => (minute.people, a_minute - 2 * fifth, 2 * fifth),
            Purpose::Person | Purpose::Making => (minute.people, a_minute - fifth, fifth),
        };
        if minute.people + minute.following >= a_minute || own >= parts {
            return Some(minute.first.unwrap_or(now) + WINDOW * 1_000);
        }
        match (row.told_left, row.told_until) {
            (Some(left), Some(until)) if until > now && left <= kept => Some(until),
            _ => None,
        }
    }

    async fn heed_it(&self, said: Said) -> Result<(), Failure> {
        let mut write = self.store.write().await?;
        if let Some((left, until)) = said.left {
            sqlx::query("update quotas set told_left = $2, told_until = $3 where system = $1")
                .bind(self.system)
                .bind(left)
                .bind(until.millis())
                .execute(&mut *write)
                .await?;
        }
        if let Some(until) = said.shut_until {
            sqlx::query("update quotas set shut_until = $2 where system = $1 and shut_until < $2")
                .bind(self.system)
                .bind(until.millis())
                .execute(&mut *write)
                .await?;
        }
        write.commit().await?;
        Ok(())
    }
}

impl Meter for Quota {
    fn take(&self, purpose: Purpose, patience: Duration) -> Asked<'_, Duration> {
        Box::pin(self.take_one(purpose, patience))
    }

    fn heed(&self, said: Said) -> Asked<'_, ()> {
        Box::pin(self.heed_it(said))
    }
}

/// Forgets calls that no limit counts any more.
pub async fn forget_old(write: &mut Write, now: Instant) -> Result<(), sqlx::Error> {
    sqlx::query("delete from quota_calls where at <= $1")
        .bind(now.plus_seconds(-WINDOW).millis())
        .execute(&mut **write)
        .await
        .map(drop)
}
