//! What charge points report and are ordered to do, whichever dialect they speak.

use portal_api::time::Instant;

/// What a charge point reports.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// It has started and knows nothing of what it was told before.
    Booted,
    /// It lives.
    Heartbeat,
    /// What a connector is doing.
    Status {
        /// From 1.
        connector: i64,
        /// What it is doing.
        state: State,
        /// Since when, by its own clock.
        at: Option<Instant>,
        /// Of a car that is plugged in: whether it has what it wanted, if it says.
        idle: Option<bool>,
    },
    /// Somebody holds a tag to the reader.
    Authorize {
        /// The tag.
        tag: String,
    },
    /// A charge began, went on or ended.
    Charge(Charge),
    /// A hold ended at the charge point.
    HoldEnded {
        /// What it calls the hold.
        number: i64,
        /// Whether its time was over; else somebody took it away.
        expired: bool,
    },
    /// Something that is none of our business.
    Other,
}

/// Why a call says nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unread {
    /// Nobody documented such a call.
    Unknown,
    /// It is not as documented.
    Malformed,
}

/// What a connector is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// Free.
    Available,
    /// A car is plugged in.
    Occupied,
    /// Held for somebody.
    Reserved,
    /// Broken.
    Faulted,
    /// Out of service.
    Unavailable,
}

impl State {
    /// Its word in the store and on the wire of our own paths.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Occupied => "occupied",
            Self::Reserved => "reserved",
            Self::Faulted => "faulted",
            Self::Unavailable => "unavailable",
        }
    }
}

/// A charge that began, went on or ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Charge {
    /// Which charge.
    pub id: ChargeId,
    /// What happened.
    pub step: Step,
    /// When, by the charge point's clock.
    pub at: Instant,
    /// Where, if it says.
    pub connector: Option<i64>,
    /// The tag that was held to the reader, if it says.
    pub tag: Option<String>,
    /// The hold that it used, by its number.
    pub reservation: Option<i64>,
    /// What the meter showed, oldest first.
    pub samples: Vec<Sample>,
}

/// What a charge is called.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ChargeId {
    /// By the charge point itself.
    Name(String),
    /// By us, when it began.
    Number(i64),
}

/// What happened to a charge.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// It began.
    Started,
    /// It goes on.
    GoesOn {
        /// Whether the car has what it wanted and stays, if that is said.
        idle: Option<bool>,
    },
    /// It ended.
    Ended {
        /// Whether it was cut short.
        early: bool,
    },
}

/// What the meter showed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sample {
    /// When.
    pub at: Instant,
    /// All that ever went through it.
    pub meter_wh: i64,
    /// What flowed at that moment.
    pub power_w: Option<i64>,
}

/// Whether a tag may charge, and why not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TagStatus {
    /// It may.
    Accepted,
    /// It is nobody's.
    Unknown,
    /// Somebody has lost it.
    Blocked,
    /// Whoever pays can't pay for more.
    NoCredit,
}

/// What a report is answered with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reply {
    /// The server's clock.
    pub now: Instant,
    /// Whether the tag may charge, where one was shown.
    pub tag: TagStatus,
    /// What an accepted tag has in common with others that may use the same hold.
    pub parent_tag: Option<String>,
    /// What we call the charge that began.
    pub number: i64,
}

/// What a charge point is ordered to do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Order {
    /// Hold a connector, or hold it for longer.
    Hold {
        /// What the hold is called.
        number: i64,
        /// From 1.
        connector: i64,
        /// Who may use it.
        tag: String,
        /// What all who may use it have in common, if they are several.
        parent: Option<String>,
        /// Until when.
        until: Instant,
    },
    /// Give a hold up.
    Release {
        /// What the hold is called.
        number: i64,
    },
    /// End a charge.
    Stop {
        /// What we call it.
        number: i64,
        /// What the charge point calls it.
        name: String,
    },
}

/// What came of an order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It was done.
    Accepted,
    /// A car is plugged in, or somebody else holds it.
    Occupied,
    /// Broken.
    Faulted,
    /// Out of service.
    Unavailable,
    /// No, and not why.
    Rejected,
    /// The charge point doesn't know such orders.
    Unsupported,
    /// It didn't answer: perhaps it was done.
    Unknown,
}
