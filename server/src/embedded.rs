//! Our own store: plain SQL with one text for SQLite and PostgreSQL.
//!
//! - [`store`]: opening, reading, writing; [`migrations`] bring it up to date.
//! - [`people`], [`devices`], [`resets`], [`throttle`]: who there is, where they are
//!   signed in, how they get back in, and how often they may try.
//! - [`letters`]: what is to be sent, kept until it has been.
//! - [`sessions`], [`sites`], [`tariffs`], [`promotions`]: what was charged, where, at
//!   what price. [`bills`]: what it cost, line by line.
//! - [`charging`]: charge points, what they are doing, who holds which plug.
//! - [`bookings`]: plugs for a time that comes. [`distance`]: how far it is.
//! - [`groups`]: drivers who share tokens, and what they may spend.
//! - [`disputes`]: what drivers say about costs, and what came of it.
//! - `matching`: texts that are searched for.
//! - [`quota`]: how often a real system may still be asked. [`calls`]: how often each person
//!   may ask us.
//! - [`idempotency`]: what was asked once and must not be done twice.
//! - [`stock`]: what an operator has, brought in from a file.
//! - [`demo`]: invented people for trying the portal out.
//!
//! Times are milliseconds since 1970 in UTC, money is minor units, ids and hashes
//! are text; every column has the same type in both stores.

pub mod bills;
pub mod bookings;
pub mod calls;
pub mod charging;
pub mod demo;
pub mod devices;
pub mod disputes;
pub mod distance;
pub mod groups;
pub mod idempotency;
pub mod letters;
mod matching;
pub mod migrations;
pub mod people;
pub mod promotions;
pub mod quota;
pub mod receipts;
pub mod resets;
pub mod sessions;
pub mod sites;
pub mod stock;
pub mod store;
pub mod tariffs;
pub mod throttle;

pub use self::store::{Store, Write};
