//! What a driver asks of their sessions, of [`charge_points`], [`bookings`] and [`groups`] and
//! in a [`search`]: the same words in the portal's address, in the request and on the server.

pub mod bookings;
pub mod charge_points;
pub mod groups;
pub mod search;

use std::fmt;

use crate::{
    dynamo::{MOST_SESSIONS, SessionStatus, USUAL_SESSIONS},
    time::{Day, Instant},
};

/// One end of a range of dates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Edge {
    /// A whole day, by the calendar of the place where the session began.
    Day(Day),
    /// A moment.
    Instant(Instant),
}

impl fmt::Display for Edge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(out),
            Self::Instant(instant) => instant.fmt(out),
        }
    }
}

/// Which sessions: every part only narrows the driver's own.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SessionFilter {
    /// Not begun before this.
    pub from: Option<Edge>,
    /// Not begun after this; a day counts whole.
    pub to: Option<Edge>,
    /// At this place only.
    pub site_id: Option<String>,
    /// With this status only.
    pub status: Option<SessionStatus>,
}

/// Which sessions, and which of them in this answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionQuery {
    /// Which sessions.
    pub filter: SessionFilter,
    /// How many at most, 1 to 100.
    pub limit: u32,
    /// How many newer ones to leave out.
    pub offset: u64,
}

impl Default for SessionQuery {
    fn default() -> Self {
        Self {
            filter: SessionFilter::default(),
            limit: USUAL_SESSIONS,
            offset: 0,
        }
    }
}

/// A query parameter with a value that is not allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BadParameter {
    /// Its name.
    pub name: &'static str,
    /// What is allowed, in English.
    pub allowed: &'static str,
}

const DATES: &str = "an ISO 8601 date (2025-03-02) or date-time (2025-03-02T16:05:00Z)";

impl SessionFilter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Reads the parameters of a filter; others are left alone, and an empty
    /// value counts as not given.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, BadParameter> {
        let mut filter = Self::default();
        for (name, value) in parameters {
            if value.is_empty() {
                continue;
            }
            match name {
                "from" => filter.from = Some(edge("from", value)?),
                "to" => filter.to = Some(edge("to", value)?),
                "site_id" => filter.site_id = Some(site_id(value)?),
                "status" => filter.status = Some(status(value)?),
                _ => {}
            }
        }
        Ok(filter)
    }

    /// The parameters that [`read`](Self::read) understands.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        if let Some(from) = &self.from {
            parameters.push(("from", from.to_string()));
        }
        if let Some(to) = &self.to {
            parameters.push(("to", to.to_string()));
        }
        if let Some(site) = &self.site_id {
            parameters.push(("site_id", site.clone()));
        }
        if let Some(status) = &self.status {
            parameters.push(("status", status.as_str().to_owned()));
        }
        parameters
    }
}

impl SessionQuery {
    /// Reads the parameters of a query as the server gets them.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)> + Clone,
    ) -> Result<Self, BadParameter> {
        let mut query = Self {
            filter: SessionFilter::read(parameters.clone())?,
            ..Self::default()
        };
        for (name, value) in parameters {
            match name {
                "limit" => query.limit = limit(value)?,
                "offset" => query.offset = offset(value)?,
                _ => {}
            }
        }
        Ok(query)
    }

    /// The parameters that [`read`](Self::read) understands.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = self.filter.parameters();
        parameters.push(("limit", self.limit.to_string()));
        if self.offset > 0 {
            parameters.push(("offset", self.offset.to_string()));
        }
        parameters
    }
}

fn edge(name: &'static str, value: &str) -> Result<Edge, BadParameter> {
    if let Ok(day) = value.parse() {
        return Ok(Edge::Day(day));
    }
    value.parse().map(Edge::Instant).map_err(|_| BadParameter {
        name,
        allowed: DATES,
    })
}

fn site_id(value: &str) -> Result<String, BadParameter> {
    let plain = value.len() <= 64
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    plain.then(|| value.to_owned()).ok_or(BadParameter {
        name: "site_id",
        allowed: "the id of a place: letters, digits, _ and -, 64 at most",
    })
}

fn status(value: &str) -> Result<SessionStatus, BadParameter> {
    match SessionStatus::of_word(value) {
        SessionStatus::Other(_) => Err(BadParameter {
            name: "status",
            allowed: "active, completed or stopped",
        }),
        known => Ok(known),
    }
}

fn limit(value: &str) -> Result<u32, BadParameter> {
    value
        .parse()
        .ok()
        .filter(|limit| (1..=MOST_SESSIONS).contains(limit))
        .ok_or(BadParameter {
            name: "limit",
            allowed: "a whole number from 1 to 100",
        })
}

fn offset(value: &str) -> Result<u64, BadParameter> {
    value
        .parse()
        .ok()
        .filter(|offset| *offset <= 1_000_000)
        .ok_or(BadParameter {
            name: "offset",
            allowed: "a whole number from 0 to 1000000",
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_being_written_and_read() {
        let query = SessionQuery {
            filter: SessionFilter {
                from: Some(Edge::Day("2025-03-02".parse().unwrap())),
                to: Some(Edge::Instant("2025-03-02T16:05:00Z".parse().unwrap())),
                site_id: Some("site_1".into()),
                status: Some(SessionStatus::Stopped),
            },
            limit: 100,
            offset: 300,
        };
        let parameters = query.parameters();
        let read = SessionQuery::read(
            parameters
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect::<Vec<_>>(),
        );
        assert_eq!(read, Ok(query));
    }

    #[test]
    fn a_wrong_value_is_refused_by_name() {
        for (name, value) in [
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "abc"),
            ("limit", "-1"),
            ("limit", ""),
            ("offset", "-1"),
            ("offset", "9999999999"),
            ("from", "yesterday"),
            ("from", "2025-02-30"),
            ("to", "2025-13-01"),
            ("status", "gone"),
            ("site_id", "../etc"),
        ] {
            let refused = SessionQuery::read([(name, value)]);
            assert_eq!(refused.map_err(|bad| bad.name), Err(name), "{name}={value}");
        }
    }

    #[test]
    fn an_empty_or_unknown_parameter_filters_nothing() {
        let filter = SessionFilter::read([("from", ""), ("status", ""), ("utm", "x")]);
        assert_eq!(filter, Ok(SessionFilter::default()));
    }
}
