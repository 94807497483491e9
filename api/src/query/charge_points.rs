//! Which charge points somebody looks for.

use super::{BadParameter, limit, offset};
use crate::{
    decimal::Decimal,
    portal::charge_points::{Plug, Position},
};

/// How many charge points an answer has when the request doesn't say.
pub const USUAL_CHARGE_POINTS: u32 = 20;

/// The most characters of a text that is searched for.
pub const TEXT_LONGEST: usize = 100;

/// Which charge points: every part narrows, and a connector must fit all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChargePointFilter {
    /// In the place's name or address, or in the number on the sticker.
    pub text: Option<String>,
    /// With this plug.
    pub plug: Option<Plug>,
    /// With so many kilowatts at least.
    pub min_kw: Option<u32>,
    /// Free now.
    pub free: bool,
    /// Takes holds.
    pub reservable: bool,
}

/// Which charge points, in which order, and which of them in this answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChargePointQuery {
    /// Which.
    pub filter: ChargePointFilter,
    /// The nearest first.
    pub near: Option<Near>,
    /// How many at most, 1 to 100.
    pub limit: u32,
    /// How many to leave out before.
    pub offset: u64,
}

/// From where it is counted what is near.
#[derive(Clone, Debug, PartialEq)]
pub enum Near {
    /// A position.
    Position(Position),
    /// Another charge point, by its id; it is left out itself.
    ChargePoint(String),
}

impl Default for ChargePointQuery {
    fn default() -> Self {
        Self {
            filter: ChargePointFilter::default(),
            near: None,
            limit: USUAL_CHARGE_POINTS,
            offset: 0,
        }
    }
}

impl ChargePointFilter {
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
                "q" => filter.text = Some(text(value)?),
                "plug" => filter.plug = Some(plug(value)?),
                "min_kw" => filter.min_kw = Some(kilowatts(value)?),
                "free" => filter.free = yes("free", value)?,
                "reservable" => filter.reservable = yes("reservable", value)?,
                _ => {}
            }
        }
        Ok(filter)
    }

    /// The parameters that [`read`](Self::read) understands.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        if let Some(text) = &self.text {
            parameters.push(("q", text.clone()));
        }
        if let Some(plug) = &self.plug {
            parameters.push(("plug", plug.as_str().to_owned()));
        }
        if let Some(kilowatts) = self.min_kw {
            parameters.push(("min_kw", kilowatts.to_string()));
        }
        if self.free {
            parameters.push(("free", "1".to_owned()));
        }
        if self.reservable {
            parameters.push(("reservable", "1".to_owned()));
        }
        parameters
    }
}

impl ChargePointQuery {
    /// Reads the parameters of a query as the server gets them.
    pub fn read<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)> + Clone,
    ) -> Result<Self, BadParameter> {
        let mut query = Self {
            filter: ChargePointFilter::read(parameters.clone())?,
            ..Self::default()
        };
        for (name, value) in parameters {
            match name {
                "at" => query.near = Some(Near::Position(position(value)?)),
                "near" => query.near = Some(Near::ChargePoint(charge_point_id(value)?)),
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
        match &self.near {
            Some(Near::Position(at)) => {
                parameters.push(("at", format!("{},{}", at.latitude, at.longitude)));
            }
            Some(Near::ChargePoint(id)) => parameters.push(("near", id.clone())),
            None => {}
        }
        parameters.push(("limit", self.limit.to_string()));
        if self.offset > 0 {
            parameters.push(("offset", self.offset.to_string()));
        }
        parameters
    }
}

/// Whether it can be the id of a charge point: what stands on its sticker.
pub fn is_charge_point_id(id: &str) -> bool {
    (1..=48).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn charge_point_id(value: &str) -> Result<String, BadParameter> {
    is_charge_point_id(value)
        .then(|| value.to_owned())
        .ok_or(BadParameter {
            name: "near",
            allowed: "the id of a charge point: letters, digits, _ and -, 48 at most",
        })
}

fn text(value: &str) -> Result<String, BadParameter> {
    let fits = value.chars().count() <= TEXT_LONGEST && !value.chars().any(char::is_control);
    fits.then(|| value.trim().to_owned()).ok_or(BadParameter {
        name: "q",
        allowed: "a text of 100 characters at most",
    })
}

fn plug(value: &str) -> Result<Plug, BadParameter> {
    match Plug::of_word(value) {
        Plug::Other(_) => Err(BadParameter {
            name: "plug",
            allowed: "type2, ccs or chademo",
        }),
        known => Ok(known),
    }
}

fn kilowatts(value: &str) -> Result<u32, BadParameter> {
    let parsed = value.parse().ok().filter(|kilowatts| *kilowatts <= 2_000);
    parsed.ok_or(BadParameter {
        name: "min_kw",
        allowed: "a whole number from 0 to 2000",
    })
}

fn yes(name: &'static str, value: &str) -> Result<bool, BadParameter> {
    match value {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err(BadParameter {
            name,
            allowed: "1 or 0",
        }),
    }
}

fn position(value: &str) -> Result<Position, BadParameter> {
    let parse = |text: &str, most: i64| {
        let degrees: Decimal = text.parse().ok()?;
        // Six digits are a hand's breadth.
        let fits = degrees
            .units_at(6)
            .is_some_and(|units| units.abs() <= most * 1_000_000);
        fits.then_some(degrees)
    };
    value
        .split_once(',')
        .and_then(|(latitude, longitude)| {
            Some(Position {
                latitude: parse(latitude, 90)?,
                longitude: parse(longitude, 180)?,
            })
        })
        .ok_or(BadParameter {
            name: "at",
            allowed: "latitude and longitude in degrees with 6 digits at most: 47.99,7.85",
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_being_written_and_read() {
        let query = ChargePointQuery {
            filter: ChargePointFilter {
                text: Some("am Bogen".into()),
                plug: Some(Plug::Ccs),
                min_kw: Some(50),
                free: true,
                reservable: true,
            },
            near: Some(Near::Position(Position {
                latitude: "47.995".parse().unwrap(),
                longitude: "-7.85".parse().unwrap(),
            })),
            limit: 30,
            offset: 60,
        };
        let parameters = query.parameters();
        let pairs: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(ChargePointQuery::read(pairs), Ok(query));
    }

    #[test]
    fn a_wrong_value_is_refused_by_name() {
        for (name, value) in [
            ("plug", "schuko"),
            ("min_kw", "-1"),
            ("min_kw", "many"),
            ("free", "yes"),
            ("reservable", "2"),
            ("at", "47.99"),
            ("at", "91,0"),
            ("at", "0,180.000001"),
            ("at", "NaN,0"),
            ("at", "1.1234567,2"),
            ("near", "../etc"),
            ("near", ""),
            ("limit", "101"),
            ("offset", "-1"),
            ("q", &"x".repeat(101)),
            ("q", "a\u{0}b"),
        ] {
            let refused = ChargePointQuery::read([(name, value)]);
            assert_eq!(refused.map_err(|bad| bad.name), Err(name), "{name}={value}");
        }
    }
}
