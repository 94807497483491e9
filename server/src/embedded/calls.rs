//! How often each person may still ask Petit Monde's paths.
//!
//! Nobody waits for the disk only to be counted: each copy of the server counts in memory
//! and adds what it counted to the store now and then, where it finds what the others
//! have. Between two such moments they may let a few more through together.
//!
//! `count`: the arithmetic. `standing`: what is told of it.

mod count;
mod standing;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use portal_api::time::Instant;
use sqlx::AnyConnection;

use self::count::Count;
pub use self::standing::{Full, Standing};
use super::{Store, Write};
use crate::{clock::Clock, config::Allowance};

/// Counts what people ask; clones count together.
#[derive(Clone, Debug)]
pub struct Calls {
    store: Store,
    clock: Clock,
    allowance: Allowance,
    people: Arc<Mutex<HashMap<String, Person>>>,
}

/// What one person asked.
#[derive(Clone, Copy, Debug)]
struct Person {
    /// As far as this copy of the server knows.
    all: Count,
    /// What the store doesn't know yet.
    unsaved: Count,
}

impl Calls {
    /// Nobody has asked this copy of the server yet.
    pub fn new(store: Store, clock: Clock, allowance: Allowance) -> Self {
        Self {
            store,
            clock,
            allowance,
            people: Arc::default(),
        }
    }

    /// Counts one call; one that is one too many isn't counted, and it is told why.
    pub async fn take(&self, person_id: &str) -> Result<(Standing, Option<Full>), sqlx::Error> {
        let now = self.clock.now();
        let known = self.people().contains_key(person_id);
        let stored = if known {
            Count::none(now)
        } else {
            let mut reader = self.store.readers().acquire().await?;
            stored(&mut reader, person_id, now).await?
        };
        let mut people = self.people();
        let person = people.entry(person_id.to_owned()).or_insert(Person {
            all: stored,
            unsaved: Count::none(now),
        });
        person.all = person.all.at(now);
        let full = person.all.full(self.allowance, now);
        if full.is_none() {
            person.all = person.all.one_more();
            person.unsaved = person.unsaved.at(now).one_more();
        }
        Ok((Standing::new(person.all, self.allowance, now), full))
    }

    /// How somebody's count stands whose last call was counted just now.
    pub fn standing(&self, person_id: &str) -> Standing {
        let now = self.clock.now();
        let all = self
            .people()
            .get(person_id)
            .map(|person| person.all.at(now));
        Standing::new(all.unwrap_or(Count::none(now)), self.allowance, now)
    }

    /// Adds what was counted here to the store, hears of it what others counted, and
    /// forgets whoever asks no more.
    pub async fn save(&self) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        let unsaved = self.unsaved(now);
        if unsaved.is_empty() {
            return Ok(());
        }
        let mut write = self.store.write().await?;
        let mut saved = Vec::with_capacity(unsaved.len());
        for (person_id, counted) in unsaved {
            let all = add(&mut write, &person_id, counted, now).await?;
            saved.push((person_id, counted, all));
        }
        write.commit().await?;
        let mut people = self.people();
        for (person_id, counted, all) in saved {
            if let Some(person) = people.get_mut(&person_id) {
                person.unsaved = person.unsaved.at(now).without(counted);
                person.all = all.plus(person.unsaved);
            }
        }
        Ok(())
    }

    /// What is to be saved, always in the same order: two copies of the server that save
    /// at once don't wait for each other.
    fn unsaved(&self, now: Instant) -> Vec<(String, Count)> {
        let mut people = self.people();
        people.retain(|_, person| {
            person.all = person.all.at(now);
            person.unsaved = person.unsaved.at(now);
            !person.unsaved.is_none() || person.all.is_recent()
        });
        let unsaved = people.iter().filter(|(_, it)| !it.unsaved.is_none());
        let mut unsaved: Vec<_> = unsaved.map(|(id, it)| (id.clone(), it.unsaved)).collect();
        unsaved.sort_by(|(one, _), (other, _)| one.cmp(other));
        unsaved
    }

    fn people(&self) -> MutexGuard<'_, HashMap<String, Person>> {
        // The counts are whole between any two statements.
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the store knows of somebody's calls.
async fn stored(
    reader: &mut AnyConnection,
    person_id: &str,
    now: Instant,
) -> Result<Count, sqlx::Error> {
    let stored: Option<Count> = sqlx::query_as(
        "select month, in_month, minute, in_minute, in_minute_before from calls
            where person_id = $1",
    )
    .bind(person_id)
    .fetch_optional(reader)
    .await?;
    Ok(stored.map_or(Count::none(now), |stored| stored.at(now)))
}

/// Adds calls to what the store knows, and gives all of it.
async fn add(
    write: &mut Write,
    person_id: &str,
    counted: Count,
    now: Instant,
) -> Result<Count, sqlx::Error> {
    let none = Count::none(now);
    let stored: Count = sqlx::query_as(
        "insert into calls (person_id, month, in_month, minute, in_minute, in_minute_before)
            values ($1, $2, 0, $3, 0, 0)
            on conflict (person_id) do update set month = calls.month
            returning month, in_month, minute, in_minute, in_minute_before",
    )
    .bind(person_id)
    .bind(none.month)
    .bind(none.minute)
    .fetch_one(&mut **write)
    .await?;
    let all = stored.at(now).plus(counted);
    sqlx::query(
        "update calls set month = $2, in_month = $3, minute = $4, in_minute = $5,
            in_minute_before = $6 where person_id = $1",
    )
    .bind(person_id)
    .bind(all.month)
    .bind(all.in_month)
    .bind(all.minute)
    .bind(all.in_minute)
    .bind(all.in_minute_before)
    .execute(&mut **write)
    .await?;
    Ok(all)
}
