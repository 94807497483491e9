//! What is asked of a group's lists.

use super::{BadParameter, limit, offset};
use crate::{dynamo::USUAL_SESSIONS, petit_monde::group::TokenStatus, time::Month};

/// The most characters that are searched for.
pub const TEXT_LONGEST: usize = 100;

/// Which part of a list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Part {
    /// How many at most, 1 to 100.
    pub limit: u32,
    /// How many to leave out.
    pub offset: u64,
}

impl Default for Part {
    fn default() -> Self {
        Self {
            limit: USUAL_SESSIONS,
            offset: 0,
        }
    }
}

impl Part {
    /// The parameters that the server understands.
    pub fn parameters(self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("limit", self.limit.to_string())];
        if self.offset > 0 {
            parameters.push(("offset", self.offset.to_string()));
        }
        parameters
    }
}

/// Which of a group's members, tokens or charges, and of which month; what a list has
/// no use for it leaves alone.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GroupQuery {
    /// Which part.
    pub part: Part,
    /// Members with this in their names only.
    pub text: Option<String>,
    /// Tokens with this status only.
    pub status: Option<TokenStatus>,
    /// What of; the current one if it isn't said.
    pub month: Option<Month>,
}

impl GroupQuery {
    /// Reads the parameters; others are left alone, and an empty value counts as not
    /// given.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, BadParameter> {
        let mut query = Self::default();
        for (name, value) in parameters {
            match name {
                "limit" => query.part.limit = limit(value)?,
                "offset" => query.part.offset = offset(value)?,
                _ if value.is_empty() => {}
                "q" => query.text = Some(text(value)?),
                "status" => query.status = Some(status(value)?),
                "month" => query.month = Some(month(value)?),
                _ => {}
            }
        }
        Ok(query)
    }

    /// The parameters that [`read`](Self::read) understands.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = self.part.parameters();
        if let Some(text) = &self.text {
            parameters.push(("q", text.clone()));
        }
        if let Some(status) = &self.status {
            parameters.push(("status", status.as_str().to_owned()));
        }
        if let Some(month) = &self.month {
            parameters.push(("month", month.to_string()));
        }
        parameters
    }
}

fn text(value: &str) -> Result<String, BadParameter> {
    let fits = value.chars().count() <= TEXT_LONGEST && !value.chars().any(char::is_control);
    fits.then(|| value.to_owned()).ok_or(BadParameter {
        name: "q",
        allowed: "100 characters at most",
    })
}

fn status(value: &str) -> Result<TokenStatus, BadParameter> {
    match TokenStatus::of_word(value) {
        TokenStatus::Other(_) => Err(BadParameter {
            name: "status",
            allowed: "ACTIVE or BLOCKED",
        }),
        known => Ok(known),
    }
}

fn month(value: &str) -> Result<Month, BadParameter> {
    value.parse().map_err(|_| BadParameter {
        name: "month",
        allowed: "a month such as 2025-03",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_being_written_and_read() {
        let query = GroupQuery {
            part: Part {
                limit: 100,
                offset: 300,
            },
            text: Some("mara".into()),
            status: Some(TokenStatus::Blocked),
            month: Some("2025-03".parse().unwrap()),
        };
        let written = query.parameters();
        let pairs = written.iter().map(|(name, value)| (*name, &value[..]));
        assert_eq!(GroupQuery::read(pairs), Ok(query));
    }

    #[test]
    fn a_wrong_value_is_refused_by_name() {
        for (name, value) in [
            ("limit", "101"),
            ("offset", "-1"),
            ("status", "LOST"),
            ("month", "2025-13"),
            ("q", "a\nb"),
        ] {
            let refused = GroupQuery::read([(name, value)]);
            assert_eq!(refused.map_err(|bad| bad.name), Err(name), "{name}={value}");
        }
    }
}
