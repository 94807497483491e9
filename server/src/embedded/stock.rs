//! What an operator has: read from a file, and brought into the store.
//!
//! - `entry`, `kinds`, `wrong`: reading a file field by field, and saying what is wrong.
//! - `operators`, `tariffs`, `places`, `charge_points`, `organisations`, `people`, `groups`:
//!   a table each. `letters`: what somebody new is sent.
//!
//! What the file says is in the store afterwards, all of it or nothing; what it doesn't
//! speak of stays as it is. The same file again changes nothing.

mod charge_points;
mod entry;
mod groups;
mod kinds;
mod letters;
mod operators;
mod organisations;
mod people;
mod places;
mod tariffs;
mod wrong;

use std::{collections::HashSet, fmt, hash::Hash, path::Path};

use portal_api::time::Instant;
use toml::Value;

pub use self::wrong::{Refused, Wrong};
use self::{
    charge_points::Point,
    entry::{Entry, Said},
    groups::Fleet,
    people::{Around, Somebody},
    places::Place,
};
use super::{
    Store, charging::points::SetKeyError, groups::Unmade, people::Organisation, sites::Operator,
    tariffs::Tariff,
};
use crate::{config, ids::NoRandomness};

/// The largest file, in bytes.
pub const LARGEST: u64 = 10_000_000;

/// The tables of a file, in the order in which they are brought: nothing is named before it
/// is there.
const TABLES: [&str; 7] = [
    "tariffs",
    "operators",
    "places",
    "charge_points",
    "organisations",
    "people",
    "groups",
];

/// Everything that a file says.
#[derive(Clone, Debug, Default)]
pub struct Stock {
    tariffs: Vec<Said<Tariff>>,
    operators: Vec<Said<Operator>>,
    places: Vec<Said<Place>>,
    charge_points: Vec<Said<Point>>,
    organisations: Vec<Said<Organisation>>,
    people: Vec<Said<Somebody>>,
    groups: Vec<Said<Fleet>>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file says what can't be.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No id, no token.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// A charge point has no key.
    #[error(transparent)]
    Key(#[from] SetKeyError),
    /// The store says no.
    #[error("the store cannot be written: {0}")]
    Store(#[from] sqlx::Error),
}

impl From<Unmade> for Failure {
    fn from(unmade: Unmade) -> Self {
        match unmade {
            Unmade::Random(error) => error.into(),
            Unmade::Store(error) => error.into(),
        }
    }
}

impl From<Wrong> for Failure {
    fn from(wrong: Wrong) -> Self {
        Refused::from(wrong).into()
    }
}

/// What came of an entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Done {
    Added,
    Changed,
    Unchanged,
}

impl Done {
    /// Of something that was brought.
    const fn of(known: bool) -> Self {
        if known { Self::Changed } else { Self::Added }
    }
}

/// How many entries of a table were what.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// Were not there before.
    pub added: usize,
    /// Were there, and otherwise.
    pub changed: usize,
    /// Were there as the file says.
    pub unchanged: usize,
}

impl Tally {
    fn count(&mut self, done: Done) {
        match done {
            Done::Added => self.added += 1,
            Done::Changed => self.changed += 1,
            Done::Unchanged => self.unchanged += 1,
        }
    }
}

/// What came of a file, by its tables.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report(pub [Tally; TABLES.len()]);

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (table, tally)) in TABLES.iter().zip(self.0).enumerate() {
            let Tally {
                added,
                changed,
                unchanged,
            } = tally;
            let end = if number == 0 { "" } else { "\n" };
            write!(
                out,
                "{end}{table}: {added} added, {changed} changed, {unchanged} unchanged"
            )?;
        }
        Ok(())
    }
}

/// Reads a file's text; other files that it names are in `folder`.
pub fn read(text: &str, folder: &Path) -> Result<Stock, Refused> {
    let table: toml::Table = text.parse().map_err(|error| {
        let problem = config::problem_in_toml(text, &error);
        Refused::from(Wrong::at("the file", problem))
    })?;
    let mut wrong = Vec::new();
    if let Some(unknown) = table.keys().find(|key| !TABLES.contains(&&key[..])) {
        let what = format!(
            "{unknown:.60} is no table here; there are {}",
            TABLES.join(", ")
        );
        wrong.push(Wrong::at("the file", what));
    }
    let nothing = Value::Array(Vec::new());
    let of = |name: &str| table.get(name).unwrap_or(&nothing);
    let mut all = Reading { wrong };
    let stock = Stock {
        tariffs: all.table(("tariffs", of("tariffs")), &tariffs::FIELDS, tariffs::read),
        operators: all.table(
            ("operators", of("operators")),
            &operators::FIELDS,
            |entry| operators::read(entry, folder),
        ),
        places: all.table(("places", of("places")), &places::FIELDS, places::read),
        charge_points: all.table(
            ("charge_points", of("charge_points")),
            &charge_points::FIELDS,
            charge_points::read,
        ),
        organisations: all.table(
            ("organisations", of("organisations")),
            &organisations::FIELDS,
            organisations::read,
        ),
        people: all.table(("people", of("people")), &people::FIELDS, people::read),
        groups: all.table(("groups", of("groups")), &groups::FIELDS, groups::read),
    };
    all.once(&stock.tariffs, |tariff| Some(&tariff.id));
    all.once(&stock.operators, |operator| Some(&operator.id));
    all.once(&stock.places, |place| Some(&place.site.id));
    all.once(&stock.charge_points, |point| Some(&point.id));
    all.once(&stock.organisations, |organisation| Some(&organisation.id));
    all.once(&stock.people, |somebody| Some(&somebody.email));
    all.once(&stock.people, |somebody| &somebody.cards);
    all.once(&stock.groups, |fleet| Some(&fleet.id));
    match all.wrong.is_empty() {
        true => Ok(stock),
        false => Err(Refused(all.wrong)),
    }
}

impl Stock {
    /// Refuses a file that limits groups: a real Petit Monde keeps what they may spend.
    pub fn refuse_limits(&self) -> Result<(), Refused> {
        let wrong: Vec<_> = self
            .groups
            .iter()
            .filter_map(groups::refuse_limits)
            .collect();
        if wrong.is_empty() {
            return Ok(());
        }
        Err(Refused(wrong))
    }
}

/// A file being read, and what was found wrong with it.
struct Reading {
    wrong: Vec<Wrong>,
}

impl Reading {
    fn table<'a, T>(
        &mut self,
        (name, value): (&str, &'a Value),
        fields: &[&str],
        read: impl Fn(Entry<'a>) -> Result<Said<T>, Wrong>,
    ) -> Vec<Said<T>> {
        let mut read_all = Vec::new();
        for entry in Entry::all(name, value, fields) {
            match entry.and_then(&read) {
                Ok(said) => read_all.push(said),
                Err(wrong) => self.wrong.push(wrong),
            }
        }
        read_all
    }

    /// Refuses what two entries say of themselves.
    fn once<'a, T, K: Eq + Hash + fmt::Debug + 'a, I: IntoIterator<Item = &'a K>>(
        &mut self,
        entries: &'a [Said<T>],
        keys: impl Fn(&'a T) -> I,
    ) {
        let mut seen = HashSet::new();
        for entry in entries {
            for key in keys(&entry.what) {
                if !seen.insert(key) {
                    let what = format!("{key:?} stands in the file twice");
                    self.wrong.push(Wrong::at(&entry.place, what));
                }
            }
        }
    }
}

/// Brings a store to what a file says. Where the portal is, is needed if whoever is new is
/// sent a letter.
pub async fn import(
    store: &Store,
    stock: &Stock,
    letters: Option<&str>,
    now: Instant,
) -> Result<Report, Failure> {
    let emails = stock.people.iter().map(|said| &said.what.email[..]);
    let around = Around {
        now,
        letters,
        emails: &emails.collect(),
    };
    let mut report = Report::default();
    let [
        tariffs,
        operators,
        places,
        charge_points,
        organisations,
        people,
        groups,
    ] = &mut report.0;
    let mut write = store.write().await?;
    for said in &stock.tariffs {
        tariffs.count(tariffs::bring(&mut write, store.kind(), said).await?);
    }
    for said in &stock.operators {
        operators.count(operators::bring(&mut write, said).await?);
    }
    for said in &stock.places {
        places.count(places::bring(&mut write, said).await?);
    }
    for said in &stock.charge_points {
        charge_points.count(charge_points::bring(&mut write, said).await?);
    }
    for said in &stock.organisations {
        organisations.count(organisations::bring(&mut write, said).await?);
    }
    for said in &stock.people {
        people.count(people::bring(&mut write, said, around).await?);
    }
    for said in &stock.groups {
        groups.count(groups::bring(&mut write, said, now).await?);
    }
    write.commit().await?;
    Ok(report)
}
