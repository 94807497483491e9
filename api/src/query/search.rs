//! What somebody asks of Petit Monde's search.

use super::BadParameter;
use crate::{
    decimal::Decimal,
    petit_monde::search::{Coordinates, LARGEST_RADIUS_KM, USUAL_RADIUS_KM},
    time::Instant,
};

/// How many places an answer has unless asked otherwise.
const USUAL: u32 = 20;

/// How many places an answer has at most.
const MOST: u32 = 100;

/// So many decimals of a degree are a hand's breadth.
const DEGREE_DIGITS: u32 = 6;

/// Places with plugs, the nearest first.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchQuery {
    /// From where.
    pub at: Coordinates,
    /// How far around, in metres.
    pub radius_m: u32,
    /// What fits, by its OCPI name.
    pub connector_type: Option<String>,
    /// With so many watts at least.
    pub power_min_w: Option<u32>,
    /// Only what can be booked from then to then.
    pub window: Option<(Instant, Instant)>,
    /// How many at most.
    pub limit: u32,
}

impl SearchQuery {
    /// Reads the parameters as the server gets them; an empty value counts as not
    /// given.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, BadParameter> {
        let (mut lat, mut lng, mut start, mut end) = (None, None, None, None);
        let (mut radius_m, mut limit) = (USUAL_RADIUS_KM * 1_000, USUAL);
        let (mut connector_type, mut power_min_w) = (None, None);
        for (name, value) in parameters
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
        {
            match name {
                "lat" => lat = Some(value),
                "lng" => lng = Some(value),
                "radius" => radius_m = thousandths(value, LARGEST_RADIUS_KM).ok_or(RADIUS)?,
                "connector_type" => connector_type = Some(word(value)?),
                "power_min" => power_min_w = Some(thousandths(value, 2_000).ok_or(POWER)?),
                "start_time" => start = Some(moment("start_time", value)?),
                "end_time" => end = Some(moment("end_time", value)?),
                "limit" => limit = number(value, 1, MOST).ok_or(LIMIT)?,
                _ => {}
            }
        }
        Ok(Self {
            at: Coordinates {
                lat: degrees(lat, 90).ok_or(LATITUDE)?,
                lng: degrees(lng, 180).ok_or(LONGITUDE)?,
            },
            radius_m,
            connector_type,
            power_min_w,
            window: window(start, end)?,
            limit,
        })
    }
}

impl SearchQuery {
    /// Everything near a point that can be booked there.
    pub const fn near(at: Coordinates) -> Self {
        Self {
            at,
            radius_m: USUAL_RADIUS_KM * 1_000,
            connector_type: None,
            power_min_w: None,
            window: None,
            limit: USUAL,
        }
    }

    /// The parameters as the server gets them.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let thousandths = |units: u32| Decimal::new(units.into(), 3).to_string();
        let mut parameters = vec![
            ("lat", self.at.lat.to_string()),
            ("lng", self.at.lng.to_string()),
            ("radius", thousandths(self.radius_m)),
        ];
        let kind = self.connector_type.clone();
        parameters.extend(kind.map(|kind| ("connector_type", kind)));
        let power = self.power_min_w.map(thousandths);
        parameters.extend(power.map(|power| ("power_min", power)));
        if let Some((start, end)) = self.window {
            parameters.push(("start_time", start.to_string()));
            parameters.push(("end_time", end.to_string()));
        }
        parameters.push(("limit", self.limit.to_string()));
        parameters
    }
}

const LATITUDE: BadParameter = BadParameter {
    name: "latitude",
    allowed: "between -90 and 90",
};
const LONGITUDE: BadParameter = BadParameter {
    name: "longitude",
    allowed: "between -180 and 180",
};
const RADIUS: BadParameter = BadParameter {
    name: "radius",
    allowed: "between 0 and 200",
};
const POWER: BadParameter = BadParameter {
    name: "power_min",
    allowed: "between 0 and 2000",
};
const LIMIT: BadParameter = BadParameter {
    name: "limit",
    allowed: "a whole number from 1 to 100",
};

fn degrees(value: Option<&str>, most: i64) -> Option<Decimal> {
    // Devices tell places with as many digits as their floats have.
    let degrees = Decimal::rounded_from(value?).ok()?;
    let units = degrees.product_at(Decimal::new(1, 0), DEGREE_DIGITS)?;
    let fits = units.abs() <= most * 10_i64.pow(DEGREE_DIGITS);
    let rounded = || Decimal::new(units, DEGREE_DIGITS);
    let exact = degrees.units_at(DEGREE_DIGITS).map(|_| degrees);
    fits.then(|| exact.unwrap_or_else(rounded))
}

/// A number from 0 to `most` in thousandths.
fn thousandths(value: &str, most: u32) -> Option<u32> {
    let number: Decimal = value.parse().ok()?;
    let units = u32::try_from(number.units_at(3)?).ok()?;
    (units <= most * 1_000).then_some(units)
}

pub(super) fn number(value: &str, least: u32, most: u32) -> Option<u32> {
    let number = value.parse().ok();
    number.filter(|number| (least..=most).contains(number))
}

fn word(value: &str) -> Result<String, BadParameter> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let fits = value.len() <= 40 && value.bytes().all(is_word);
    fits.then(|| value.to_owned()).ok_or(BadParameter {
        name: "connector_type",
        allowed: "an OCPI name such as IEC_62196_T2_COMBO",
    })
}

pub(super) fn moment(name: &'static str, value: &str) -> Result<Instant, BadParameter> {
    value.parse().map_err(|_| BadParameter {
        name,
        allowed: "an ISO 8601 date-time such as 2026-05-14T06:00:00Z",
    })
}

fn window(
    start: Option<Instant>,
    end: Option<Instant>,
) -> Result<Option<(Instant, Instant)>, BadParameter> {
    match (start, end) {
        (None, None) => Ok(None),
        (Some(start), Some(end)) if start < end => Ok(Some((start, end))),
        _ => Err(BadParameter {
            name: "end_time",
            allowed: "after start_time, and both are given",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<SearchQuery, BadParameter> {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        SearchQuery::read(pairs.collect::<Vec<_>>())
    }

    #[test]
    fn a_place_is_enough() {
        let query = read("lat=48.4&lng=9.98").unwrap();
        assert_eq!((query.radius_m, query.limit), (50_000, 20));
        assert_eq!((query.window, query.power_min_w), (None, None));
        let query = read("lat=48.4&lng=9.98&radius=2.5&power_min=22").unwrap();
        assert_eq!((query.radius_m, query.power_min_w), (2_500, Some(22_000)));
    }

    #[test]
    fn a_wrong_value_is_refused_by_name() {
        for (query, name) in [
            ("lng=1", "latitude"),
            ("lat=90.000001&lng=1", "latitude"),
            ("lat=abc&lng=1", "latitude"),
            ("lat=1", "longitude"),
            ("lat=1&lng=-181", "longitude"),
            ("lat=1&lng=1&radius=-1", "radius"),
            ("lat=1&lng=1&radius=200.001", "radius"),
            ("lat=1&lng=1&power_min=-1", "power_min"),
            ("lat=1&lng=1&connector_type=a b", "connector_type"),
            ("lat=1&lng=1&limit=101", "limit"),
            ("lat=1&lng=1&start_time=tomorrow", "start_time"),
            ("lat=1&lng=1&start_time=2026-05-14T06:00:00Z", "end_time"),
            (
                "lat=1&lng=1&start_time=2026-05-14T06:00:00Z&end_time=2026-05-14T06:00:00Z",
                "end_time",
            ),
        ] {
            assert_eq!(read(query).map_err(|bad| bad.name), Err(name), "{query}");
        }
    }
}
