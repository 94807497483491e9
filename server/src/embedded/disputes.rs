//! What drivers say about costs, and what came of it: every step of a dispute
//! with its letter, in one transaction.
//!
//! - `steps`: the driver's; `desk`: the operator's; `upstream`: where the
//!   real system decides.
//! - [`reading`]: what is told of them. [`files`]: photos and papers.

mod desk;
pub mod files;
mod letters;
pub mod reading;
mod steps;
mod upstream;

use portal_api::{dynamo::Session, dynamo::dispute::DisputeRequest, money::Money, time::Instant};

pub use self::upstream::{ATTEMPT, Announced};
use super::{Write, bills::BillError};
use crate::ids::NoRandomness;

/// Where disputes take their steps.
pub struct Life<'a> {
    /// All of a step or nothing.
    pub write: &'a mut Write,
    /// When.
    pub now: Instant,
    /// Where letters say that the portal is, without a slash at the end.
    pub portal: String,
}

/// Something to be filed, checked.
#[derive(Clone, Copy, Debug)]
pub struct Filing<'a> {
    /// Who says it.
    pub person_id: &'a str,
    /// About what.
    pub session: &'a Session,
    /// What is said.
    pub request: &'a DisputeRequest,
    /// What the driver thinks is right.
    pub expected: Option<Money>,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Undone {
    /// There is no such dispute, or it isn't theirs.
    #[error("there is no such dispute")]
    NotFound,
    /// There is one about this session that is not decided.
    #[error("the session has an open dispute")]
    AlreadyDisputed,
    /// It is being filed, for at most so many seconds more.
    #[error("the dispute is being filed")]
    UnderWay(u64),
    /// It is decided.
    #[error("the dispute is decided")]
    Decided,
    /// The real system looks after it.
    #[error("the dispute is looked after elsewhere")]
    Elsewhere,
    /// A file was never sent, or is somebody else's, or was sent too long ago.
    #[error("there is no such file")]
    NoSuchFile,
    /// A decision that says two things.
    #[error("a decision with a credit gives something back, and one without doesn't")]
    Contradiction,
    /// More than was charged, or no amount of its currency.
    #[error("so much cannot be given back")]
    Credit,
    /// The bill cannot be corrected.
    #[error(transparent)]
    Bill(BillError),
    /// No name can be given.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

impl From<BillError> for Undone {
    fn from(error: BillError) -> Self {
        match error {
            BillError::Credit => Self::Credit,
            BillError::Store(error) => Self::Store(error),
            error => Self::Bill(error),
        }
    }
}
