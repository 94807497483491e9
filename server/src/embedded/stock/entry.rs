//! One entry of a table in the file, read field by field.

use toml::{Table, Value};

use super::wrong::Wrong;

/// What a field may be.
pub(super) struct Kind<T> {
    /// In English.
    pub allowed: &'static str,
    /// Reads it; `None` if it is not allowed.
    pub read: fn(&Value) -> Option<T>,
}

/// One entry of a table.
pub(super) struct Entry<'a> {
    place: String,
    table: &'a Table,
}

/// What an entry says, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Said<T> {
    pub place: String,
    pub what: T,
}

impl<'a> Entry<'a> {
    /// The entries of a table, or of a list within another entry. The first of the fields
    /// is what people know an entry by.
    pub fn all(name: &str, value: &'a Value, fields: &[&str]) -> Vec<Result<Self, Wrong>> {
        let Value::Array(entries) = value else {
            return vec![Err(Wrong::at(name, "this must be a list of tables"))];
        };
        (1..)
            .zip(entries)
            .map(|(number, value)| Self::new(name, number, value, fields))
            .collect()
    }

    fn new(name: &str, number: usize, value: &'a Value, fields: &[&str]) -> Result<Self, Wrong> {
        let mut place = format!("{name}, entry {number}");
        let Value::Table(table) = value else {
            return Err(Wrong::at(&place, "this must be a table"));
        };
        if let Some(Value::String(text)) = fields.first().and_then(|first| table.get(*first)) {
            place.push_str(&format!(" ({text:.60})"));
        }
        if let Some(unknown) = table.keys().find(|key| !fields.contains(&&key[..])) {
            let known = fields.join(", ");
            let what = format!("{unknown:.60} is no field here; there are {known}");
            return Err(Wrong::at(&place, what));
        }
        Ok(Self { place, table })
    }

    /// A field that may be left out.
    pub fn optional<T>(&self, name: &str, kind: &Kind<T>) -> Result<Option<T>, Wrong> {
        let read = |value| (kind.read)(value).ok_or_else(|| self.wrong(name, kind.allowed));
        self.table.get(name).map(read).transpose()
    }

    /// A field that must be there.
    pub fn required<T>(&self, name: &str, kind: &Kind<T>) -> Result<T, Wrong> {
        let value = self.optional(name, kind)?;
        value.ok_or_else(|| self.wrong(name, kind.allowed))
    }

    /// A list of entries within this one; empty if it is left out.
    pub fn entries(&self, name: &str, fields: &[&str]) -> Result<Vec<Entry<'a>>, Wrong> {
        let within = format!("{}, {name}", self.place);
        match self.table.get(name) {
            Some(value) => Entry::all(&within, value, fields).into_iter().collect(),
            None => Ok(Vec::new()),
        }
    }

    /// A field as it stands there.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.table.get(name)
    }

    /// A mistake in a field.
    pub fn wrong(&self, name: &str, allowed: &str) -> Wrong {
        Wrong::field(&self.place, name, self.table.get(name), allowed)
    }

    /// What this entry says.
    pub fn says<T>(self, what: T) -> Said<T> {
        Said {
            place: self.place,
            what,
        }
    }
}
