//! How often a system may be asked: counted for all copies of the server together.

use std::{fmt::Debug, time::Duration};

use portal_api::time::Instant;

use super::Asked;

/// What a call is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Somebody waits for the answer.
    Person,
    /// The same, and something is made there, which isn't done in quick succession.
    Making,
    /// Somebody is sent a table as it is read, and waits longer.
    Table,
    /// To see what became of something, whoever looks or not.
    Following,
}

/// Counts the calls to one system.
pub trait Meter: Debug + Send + Sync {
    /// Takes a call before it is made, and says how long to wait before making it: never
    /// longer than `patience`. Without a call left it says when there is one again.
    fn take(&self, purpose: Purpose, patience: Duration) -> Asked<'_, Duration>;

    /// What the system itself says about its limits.
    fn heed(&self, said: Said) -> Asked<'_, ()>;
}

/// What a system says about its limits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Said {
    /// So many calls are left, until that time.
    pub left: Option<(i64, Instant)>,
    /// It wants to be left alone until then.
    pub shut_until: Option<Instant>,
}
