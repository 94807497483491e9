//! What a charge point says and is told, whatever the protocol.

use portal_api::time::Instant;

/// What a connector is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Condition {
    /// Free.
    Available,
    /// A car is plugged in and does not charge yet.
    Preparing,
    /// A car charges.
    Charging,
    /// A car is plugged in for charging and draws nothing.
    Full,
    /// A car has charged and is still plugged in.
    Finishing,
    /// Held for somebody.
    Reserved,
    /// Broken.
    Faulted,
}

/// What a charge point says on its own account.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// It has started.
    Boot,
    /// It is still there.
    Heartbeat,
    /// A connector does something else now.
    Status {
        /// Which.
        connector: u32,
        /// What.
        condition: Condition,
        /// Since when.
        at: Instant,
    },
    /// Whether somebody may charge.
    Authorize {
        /// Who.
        tag: String,
    },
    /// How a charge goes.
    Charge(Report),
    /// A hold is over that the server did not end.
    HoldOver {
        /// Which.
        number: i64,
        /// Whether its time was up; else the connector broke.
        expired: bool,
    },
}

impl Message {
    /// Whether it is said again when the server could not take it in.
    pub fn is_worth_a_try(&self) -> bool {
        !matches!(self, Self::Boot | Self::Heartbeat | Self::Authorize { .. })
    }

    /// Whether it must arrive, however late.
    pub fn must_arrive(&self) -> bool {
        matches!(self, Self::Charge(_))
    }
}

/// How a charge goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The charge point's own name for the charge.
    pub charge: String,
    /// Where.
    pub connector: u32,
    /// Whose.
    pub tag: String,
    /// When that was.
    pub at: Instant,
    /// What the meter showed, in watt-hours.
    pub meter_wh: u64,
    /// What flowed, in watts.
    pub power_w: u64,
    /// How many reports of this charge came before.
    pub number: u32,
    /// Where in the charge it stands.
    pub moment: Moment,
}

/// A moment of a charge.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Moment {
    /// It begins.
    Began {
        /// The hold that it used.
        reservation: Option<i64>,
    },
    /// It goes on.
    Sampled,
    /// It is over.
    Ended(End),
}

/// Why a charge is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    /// The car was unplugged.
    Unplugged,
    /// The server doesn't know the tag.
    Refused,
    /// The connector broke.
    Broken,
    /// The server has ended it.
    Stopped,
}

/// What the server asks a charge point to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Hold a connector.
    Reserve(Reserve),
    /// Give a hold up.
    Cancel {
        /// Which.
        number: i64,
    },
    /// End a charge.
    Stop(Which),
}

/// Which charge.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Which {
    /// By the server's number.
    Number(i64),
    /// By the charge point's own name.
    Name(String),
}

/// Hold a connector for somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Reserve {
    /// What the server calls the hold.
    pub number: i64,
    /// Which connector; `None`: any.
    pub connector: Option<u32>,
    /// For whom.
    pub tag: String,
    /// Until when.
    pub until: Instant,
}

/// What a charge point says to a command.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It is done.
    Accepted,
    /// The connector is broken.
    Faulted,
    /// The connector is in use or held for somebody else.
    Occupied,
    /// No.
    Rejected,
}

impl Verdict {
    /// Its word, the same in every protocol.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Faulted => "Faulted",
            Self::Occupied => "Occupied",
            Self::Rejected => "Rejected",
        }
    }
}
