//! What each system can be asked: the seam between `http` and those who answer.
//!
//! [`bookings`]: a real Petit Monde. [`meter`]: how often a system may be asked.
//! [`sums`] is for all of them: what sessions add up to.

pub mod bookings;
pub mod meter;
pub mod sums;

use std::pin::Pin;

use portal_api::{
    dynamo::{
        Session, SessionPage,
        cost::CostBreakdown,
        dispute::{DisputeRequest, DisputeStatus},
        reservation::{Reservation, ReservationRequest},
    },
    language::Language,
    portal::{Payment, SessionDetail, SessionSummary},
    query::{SessionFilter, SessionQuery},
    time::Instant,
};

use crate::documents::press::Unprinted;

/// Whose sessions are asked for. Whatever a provider could see beyond that, it
/// answers with this person's only.
#[derive(Clone, Copy, Debug)]
pub struct Driver<'a> {
    /// Our own id of them.
    pub person_id: &'a str,
    /// Whom a real Dynamo knows them as.
    pub dynamo_user_id: Option<&'a str>,
}

/// An answer that is on its way.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// The system of sessions: our own store, or a real Dynamo.
pub trait Sessions: Send + Sync {
    /// Some of a driver's sessions, newest first.
    fn page<'a>(&'a self, driver: Driver<'a>, query: &'a SessionQuery) -> Asked<'a, SessionPage>;

    /// What the sessions that a filter lets through add up to.
    fn summary<'a>(
        &'a self,
        driver: Driver<'a>,
        filter: &'a SessionFilter,
    ) -> Asked<'a, SessionSummary>;

    /// All about one of a driver's sessions.
    fn detail<'a>(&'a self, driver: Driver<'a>, id: &'a str) -> Asked<'a, SessionDetail>;

    /// What one of them cost, line by line; so far if it is under way.
    fn cost<'a>(&'a self, driver: Driver<'a>, id: &'a str) -> Asked<'a, CostBreakdown>;

    /// The same sessions as [`page`](Self::page) has, as a table has them.
    fn entries<'a>(&'a self, driver: Driver<'a>, query: &'a SessionQuery) -> Asked<'a, Vec<Entry>>;

    /// A receipt of one of them as a PDF, the same bytes every time.
    fn receipt<'a>(&'a self, driver: Driver<'a>, wanted: Wanted<'a>) -> Asked<'a, Vec<u8>>;
}

/// A session in a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// As it stands in the list.
    pub session: Session,
    /// What the list has no room for.
    pub more: More,
}

/// What a table says of an ended session beyond the list, as far as the system
/// tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct More {
    /// Who runs the place.
    pub operator: Option<String>,
    /// The plug's number in the world.
    pub evse_id: Option<String>,
    /// When the car stopped charging though it stayed.
    pub charged_until: Option<Instant>,
    /// How it was paid.
    pub payment: Option<Payment>,
    /// The number of its newest receipt.
    pub receipt: Option<String>,
    /// What it cost.
    pub cost: Option<CostBreakdown>,
}

/// A receipt that somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Of which session.
    pub session_id: &'a str,
    /// Which of its receipts; `None` for the newest.
    pub number: Option<&'a str>,
    /// The language, if nobody has asked for it before.
    pub language: Language,
    /// Where the session is in the portal.
    pub link: &'a str,
}

/// The system that decides disputes, where that isn't our own desk.
pub trait Disputes: Send + Sync {
    /// Files a dispute about one of a driver's sessions. Never tried twice in
    /// one call; with the same key it is the same dispute.
    fn file<'a>(
        &'a self,
        driver: Driver<'a>,
        session_id: &'a str,
        request: &'a DisputeRequest,
        key: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Filed, Unfiled>> + Send + 'a>>;
}

/// The system that holds plugs, where that isn't our own. Whatever it could tell of
/// others, it answers with what belongs to the tags that are named.
pub trait Reservations: Send + Sync {
    /// Asks it to hold a plug. Never tried twice in one call.
    fn reserve<'a>(
        &'a self,
        request: &'a ReservationRequest,
        key: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Reservation, Unfiled>> + Send + 'a>>;

    /// The holds of some tags, the newest first.
    fn of_tags<'a>(&'a self, id_tags: &'a [String]) -> Asked<'a, Vec<Reservation>>;

    /// Gives a hold up.
    fn cancel<'a>(&'a self, id: &'a str) -> Asked<'a, ()>;
}

/// What a system said of a dispute that it took.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Filed {
    /// What it calls it, if it says.
    pub dispute_id: Option<String>,
    /// How far it is.
    pub status: DisputeStatus,
}

impl Filed {
    /// It is there, and no more is known.
    pub fn unknown() -> Self {
        Self {
            dispute_id: None,
            status: DisputeStatus::Other("unknown".to_owned()),
        }
    }
}

/// Why nobody knows of a dispute or a hold in a system.
#[derive(Debug, thiserror::Error)]
pub enum Unfiled {
    /// The system surely doesn't have it.
    #[error(transparent)]
    Refused(Failure),
    /// It may have it all the same.
    #[error(transparent)]
    Unsure(Failure),
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such thing, or it isn't this driver's.
    #[error("there is no such thing")]
    NotFound,
    /// It cannot be done as things are.
    #[error("it cannot be done as things are")]
    Conflict,
    /// There is none yet.
    #[error("there is none yet")]
    NotReady {
        /// How many seconds to wait before asking again.
        again_in: u64,
    },
    /// The system refuses the request as it is, and says why.
    #[error("the system refuses the request: {message}")]
    Refused {
        /// 400 or 422.
        status: u16,
        /// Its words, meant for whoever asked.
        message: String,
    },
    /// The system has too much to do or cannot be reached.
    #[error("the system is not available")]
    Unavailable {
        /// How many seconds to wait before asking again.
        retry_after: u64,
    },
    /// It was asked as often as it may be: it did nothing.
    #[error("the system may not be asked more often")]
    Limited {
        /// How many seconds to wait before asking again.
        retry_after: u64,
    },
    /// The system did not answer in time.
    #[error("the system did not answer in time")]
    TimedOut,
    /// The system doesn't take the operator's key, or no longer.
    #[error("the system refuses the operator's key")]
    KeyRefused,
    /// The system's answer makes no sense.
    #[error("the system's answer makes no sense: {0}")]
    Nonsense(&'static str),
    /// Our own store failed.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
    /// A document was not written.
    #[error(transparent)]
    Unprinted(#[from] Unprinted),
}

impl Failure {
    /// Whether the system understood the request and said no.
    pub const fn is_no(&self) -> bool {
        matches!(self, Self::NotFound | Self::Conflict | Self::Refused { .. })
    }

    /// A word for the log: what a system says may be about somebody.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::NotReady { .. } => "not_ready",
            Self::Refused { .. } => "refused",
            Self::Unavailable { .. } => "unavailable",
            Self::Limited { .. } => "limited",
            Self::TimedOut => "timed_out",
            Self::KeyRefused => "key_refused",
            Self::Nonsense(_) => "nonsense",
            Self::Store(_) => "store",
            Self::Unprinted(_) => "unprinted",
        }
    }
}
