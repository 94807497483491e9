//! What somebody asks of their bookings, and of a plug that they want to book.

use super::{
    BadParameter,
    search::{moment, number},
};
use crate::{petit_monde::booking::BookingStatus, time::Instant};

/// How many bookings an answer has unless asked otherwise.
const USUAL: u32 = 20;

/// How many bookings an answer has at most.
const MOST: u32 = 100;

/// Bookings, the newest first: every part only narrows the caller's own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BookingQuery {
    /// With this status only.
    pub status: Option<BookingStatus>,
    /// Not asked for before this.
    pub from: Option<Instant>,
    /// Not asked for after this.
    pub to: Option<Instant>,
    /// How many at most, 1 to 100.
    pub limit: u32,
    /// How many newer ones to leave out.
    pub offset: u64,
}

impl BookingQuery {
    /// Reads the parameters as the server gets them; an empty value counts as not given.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, BadParameter> {
        let mut query = Self {
            status: None,
            from: None,
            to: None,
            limit: USUAL,
            offset: 0,
        };
        let given = parameters
            .into_iter()
            .filter(|(_, value)| !value.is_empty());
        for (name, value) in given {
            match name {
                "status" => query.status = Some(known(value)?),
                "from_date" => query.from = Some(moment("from_date", value)?),
                "to_date" => query.to = Some(moment("to_date", value)?),
                "limit" => query.limit = number(value, 1, MOST).ok_or(LIMIT)?,
                "offset" => query.offset = value.parse().map_err(|_| OFFSET)?,
                _ => {}
            }
        }
        Ok(query)
    }
}

const LIMIT: BadParameter = BadParameter {
    name: "limit",
    allowed: "a whole number from 1 to 100",
};
const OFFSET: BadParameter = BadParameter {
    name: "offset",
    allowed: "a whole number from 0 on",
};

fn known(word: &str) -> Result<BookingStatus, BadParameter> {
    match BookingStatus::of_word(word) {
        BookingStatus::Other(_) => Err(BadParameter {
            name: "status",
            allowed: "a booking's status such as CONFIRMED",
        }),
        known => Ok(known),
    }
}

/// A plug that somebody wants to book.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OptionsQuery {
    /// Where.
    pub location_id: String,
    /// Which plug.
    pub evse_uid: String,
    /// Which of its cables.
    pub connector_id: Option<String>,
    /// From when.
    pub start: Instant,
    /// Until when.
    pub end: Instant,
}

impl OptionsQuery {
    /// Reads the parameters as the server gets them; an empty value counts as not given.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, BadParameter> {
        let [mut location_id, mut evse_uid, mut connector_id] = [None, None, None];
        let [mut start, mut end] = [None, None];
        let given = parameters
            .into_iter()
            .filter(|(_, value)| !value.is_empty());
        for (name, value) in given {
            match name {
                "location_id" => location_id = Some(value.to_owned()),
                "evse_uid" => evse_uid = Some(value.to_owned()),
                "connector_id" => connector_id = Some(value.to_owned()),
                "start" => start = Some(moment("start", value)?),
                "end" => end = Some(moment("end", value)?),
                _ => {}
            }
        }
        let needed = |name| BadParameter {
            name,
            allowed: "given",
        };
        let (start, end) = (start.ok_or(needed("start"))?, end.ok_or(needed("end"))?);
        if end <= start {
            return Err(BadParameter {
                name: "end",
                allowed: "after start",
            });
        }
        Ok(Self {
            location_id: location_id.ok_or(needed("location_id"))?,
            evse_uid: evse_uid.ok_or(needed("evse_uid"))?,
            connector_id,
            start,
            end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &str) -> Vec<(&str, &str)> {
        let pairs = query.split('&');
        pairs.filter_map(|pair| pair.split_once('=')).collect()
    }

    #[test]
    fn a_list_is_narrowed_and_a_wrong_value_refused_by_name() {
        let query = "status=confirmed&from_date=2026-05-14T06:00:00Z&limit=100&offset=3";
        let query = BookingQuery::read(pairs(query)).unwrap();
        assert_eq!(query.status, Some(BookingStatus::Confirmed));
        assert_eq!((query.limit, query.offset, query.to), (100, 3, None));
        for (query, name) in [
            ("status=ON_HOLD", "status"),
            ("from_date=tomorrow", "from_date"),
            ("limit=101", "limit"),
            ("limit=0", "limit"),
            ("offset=-1", "offset"),
        ] {
            let read = BookingQuery::read(pairs(query));
            assert_eq!(read.map_err(|bad| bad.name), Err(name), "{query}");
        }
    }

    #[test]
    fn all_about_a_plug_and_a_time_is_needed() {
        let whole = "location_id=L&evse_uid=E&start=2026-05-14T06:00:00Z&end=2026-05-14T07:00:00Z";
        assert!(OptionsQuery::read(pairs(whole)).is_ok());
        for left_out in ["location_id", "evse_uid", "start", "end"] {
            let rest = whole.replace(&format!("{left_out}="), "other=");
            let read = OptionsQuery::read(pairs(&rest));
            assert_eq!(read.map_err(|bad| bad.name), Err(left_out));
        }
    }
}
