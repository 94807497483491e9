//! What is wrong with a file, said so that it can be put right.

use std::fmt;

use toml::Value;

/// The most that is quoted of a value.
const QUOTED: usize = 60;

/// How many mistakes are told at a time.
const TOLD: usize = 20;

/// A mistake: where it stands, and what would be right.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wrong(String);

impl Wrong {
    /// About a place in the file.
    pub(super) fn at(place: &str, what: impl fmt::Display) -> Self {
        Self(format!("{place}: {what}"))
    }

    /// A field without its value, or with one that is not allowed.
    pub(super) fn field(place: &str, name: &str, value: Option<&Value>, allowed: &str) -> Self {
        match value {
            Some(value) => Self::at(
                place,
                format_args!(
                    "{name}{} is not allowed; it must be {allowed}",
                    shown(name, value)
                ),
            ),
            None => Self::at(
                place,
                format_args!("{name} is missing; it must be {allowed}"),
            ),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A value as it is quoted; a key never is.
fn shown(name: &str, value: &Value) -> String {
    if name == "key" {
        return String::new();
    }
    let text = match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    let mut quoted: String = text.chars().take(QUOTED).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    format!(" = {quoted}")
}

/// Why a file was refused as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refused(pub Vec<Wrong>);

impl From<Wrong> for Refused {
    fn from(wrong: Wrong) -> Self {
        Self(vec![wrong])
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("nothing was imported")?;
        for wrong in self.0.iter().take(TOLD) {
            write!(out, "\n  {wrong}")?;
        }
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(out, "\n  and {more} more"),
        }
    }
}

impl std::error::Error for Refused {}
