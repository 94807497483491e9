//! How a charge point takes what it is told.

/// How a charge point takes what it is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Manner {
    /// As it should.
    Obeying,
    /// Does everything, and answers, only after so many milliseconds.
    Slow(i64),
    /// Holds nothing for anybody, and ends no charge because it is told to.
    Refusing,
    /// Hears no command.
    Silent,
    /// Hangs up instead of answering a command, which it carries out all the same, and
    /// now and then without any.
    Dropping,
    /// Starts anew now and then.
    Rebooting,
}

impl Manner {
    /// The one of a word on the command line.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "slow" => Self::Slow(10_000),
            "refusing" => Self::Refusing,
            "silent" => Self::Silent,
            "dropping" => Self::Dropping,
            "rebooting" => Self::Rebooting,
            _ => return None,
        })
    }
}
