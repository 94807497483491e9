//! Exact decimal numbers as they stand in JSON, never through a float.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeStruct};
use serde_json::value::RawValue;

/// The most digits after the point that are kept.
const MOST_DIGITS: u32 = 12;

/// `units / 10^scale`, exactly.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    units: i64,
    scale: u32,
}

/// The text is not a number that can be kept exactly.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotADecimal;

impl fmt::Display for NotADecimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not an exact decimal number")
    }
}

impl std::error::Error for NotADecimal {}

impl Decimal {
    /// `units / 10^scale`.
    pub const fn new(units: i64, scale: u32) -> Self {
        Self { units, scale }
    }

    /// How many `10^-scale` it is, or `None` if it has more digits than that
    /// or is too large.
    pub fn units_at(self, scale: u32) -> Option<i64> {
        let shortest = self.shortest();
        let missing = scale.checked_sub(shortest.scale)?;
        shortest.units.checked_mul(10_i64.checked_pow(missing)?)
    }

    /// How many `10^-scale` the product with another number is, a half rounded
    /// up; `None` if it is too large.
    pub fn product_at(self, other: Self, scale: u32) -> Option<i64> {
        let product = i128::from(self.units) * i128::from(other.units);
        let digits = self.scale + other.scale;
        let units = match digits.checked_sub(scale) {
            None | Some(0) => product.checked_mul(10_i128.checked_pow(scale - digits)?)?,
            Some(surplus) => {
                let divisor = 10_i128.checked_pow(surplus)?;
                (2 * product + divisor).div_euclid(2 * divisor)
            }
        };
        i64::try_from(units).ok()
    }

    /// Reads a number with more digits than can be kept, too: rounded.
    pub fn rounded_from(text: &str) -> Result<Self, NotADecimal> {
        text.parse().or_else(|_| round(text))
    }

    /// Whether it is less than zero.
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Whether it is neither more nor less than nothing.
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// The same number without zeros at its end.
    fn shortest(mut self) -> Self {
        while self.scale > 0 && self.units % 10 == 0 {
            self.units /= 10;
            self.scale -= 1;
        }
        self
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.shortest(), other.shortest());
        a.units == b.units && a.scale == b.scale
    }
}

impl Eq for Decimal {}

impl FromStr for Decimal {
    type Err = NotADecimal;

    /// Reads what JSON calls a number.
    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.parse::<i32>().map_err(|_| NotADecimal)?)
            }
            None => (text, 0),
        };
        let (digits, negative) = match mantissa.strip_prefix('-') {
            Some(rest) => (rest, true),
            None => (mantissa, false),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        if whole.is_empty() || fraction.len() > MOST_DIGITS as usize {
            return Err(NotADecimal);
        }
        let mut units: i64 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return Err(NotADecimal);
            }
            units = units
                .checked_mul(10)
                .and_then(|units| units.checked_add(i64::from(digit - b'0')))
                .ok_or(NotADecimal)?;
        }
        let scale = i32::try_from(fraction.len())
            .ok()
            .and_then(|digits| digits.checked_sub(exponent))
            .ok_or(NotADecimal)?;
        let units = if negative { -units } else { units };
        match u32::try_from(scale) {
            Ok(scale) if scale <= MOST_DIGITS => Ok(Self { units, scale }),
            Ok(_) => Err(NotADecimal),
            Err(_) => 10_i64
                .checked_pow(scale.unsigned_abs())
                .and_then(|factor| units.checked_mul(factor))
                .map(|units| Self { units, scale: 0 })
                .ok_or(NotADecimal),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.units < 0 {
            out.write_str("-")?;
        }
        let digits = self.units.unsigned_abs().to_string();
        let scale = self.scale as usize;
        if scale == 0 {
            return out.write_str(&digits);
        }
        let padded = if digits.len() <= scale {
            let mut padded = "0".repeat(scale + 1 - digits.len());
            padded.push_str(&digits);
            padded
        } else {
            digits
        };
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        out.write_str(whole)?;
        out.write_str(".")?;
        out.write_str(fraction)
    }
}

/// By this name `serde_json` hands a number over with all its digits, and takes
/// it: as a structure and its only field.
pub const EXACT: &str = "$serde_json::private::RawValue";

impl<'de> Deserialize<'de> for Decimal {
    /// Reads a number, or a number in quotes.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        raw.get()
            .trim_matches('"')
            .parse()
            .map_err(de::Error::custom)
    }
}

/// So many digits after the point are kept of a number that isn't exact.
const DIGITS_OF_ROUNDED: usize = 6;

/// Reads a number as another system's floats left it: `13.600000000000001` is 13.6.
pub fn rounded<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    Rounded::deserialize(from).map(|number| number.0)
}

/// The same, where there may be none.
pub fn rounded_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    let number = Option::<Rounded>::deserialize(from)?;
    Ok(number.map(|number| number.0))
}

struct Rounded(Decimal);

impl<'de> Deserialize<'de> for Rounded {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        let text = raw.get().trim_matches('"');
        let number = Decimal::rounded_from(text);
        number.map(Self).map_err(de::Error::custom)
    }
}

/// A number with more digits than can be kept, a half rounded away from zero.
fn round(text: &str) -> Result<Decimal, NotADecimal> {
    let point = text.find('.').ok_or(NotADecimal)?;
    let end = point + 1 + DIGITS_OF_ROUNDED;
    let (kept, lost) = text.split_at_checked(end).ok_or(NotADecimal)?;
    if !lost.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(NotADecimal);
    }
    let Decimal { units, scale } = kept.parse()?;
    let missing = u32::try_from(DIGITS_OF_ROUNDED).map_err(|_| NotADecimal)? - scale;
    let units = units.checked_mul(10_i64.pow(missing)).ok_or(NotADecimal)?;
    let carry = match (lost.as_bytes().first(), text.starts_with('-')) {
        (Some(b'5'..=b'9'), false) => 1,
        (Some(b'5'..=b'9'), true) => -1,
        _ => 0,
    };
    Ok(Decimal::new(units + carry, scale + missing))
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut exact = to.serialize_struct(EXACT, 1)?;
        exact.serialize_field(EXACT, &self.to_string())?;
        exact.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn json_numbers_are_read_exactly() {
        for (text, units, scale) in [
            ("97.20", 9720, 2),
            ("97.2", 9720, 2),
            ("-0.84", -84, 2),
            ("0.05", 5, 2),
            ("1e2", 100, 0),
            ("1.5e1", 15, 0),
            ("12E-2", 12, 2),
            ("90071992547409.93", 9_007_199_254_740_993, 2),
        ] {
            let read: Decimal = serde_json::from_str(text).unwrap();
            assert_eq!(read.units_at(scale), Some(units), "{text}");
        }
    }

    #[test]
    fn a_number_in_quotes_is_read_too() {
        assert_eq!(
            serde_json::from_str::<Decimal>("\"3.50\"").unwrap(),
            Decimal::new(35, 1)
        );
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_refused() {
        for text in [
            "1e40",
            "0.1234567890123",
            "99999999999999999999",
            "\"x\"",
            "true",
            "1e-40",
        ] {
            assert!(serde_json::from_str::<Decimal>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_floats_have_left_is_rounded_where_it_is_no_exact_number() {
        let read = |text: &str| rounded(&mut serde_json::Deserializer::from_str(text));
        for (text, units) in [
            ("13.600000000000001", 13_600_000),
            ("14.299999999999999", 14_300_000),
            ("-0.99999999999999989", -1_000_000),
            ("48.4", 48_400_000),
            ("48.39999940000000013", 48_399_999),
            ("0.0000001234567890123", 0),
        ] {
            let read = read(text).unwrap();
            assert_eq!(read.units_at(6), Some(units), "{text}");
        }
        for text in [
            "1e40",
            "0.12345678901234e2",
            "\"x\"",
            "true",
            "99999999999999999999",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn more_digits_than_the_currency_has_are_noticed() {
        assert_eq!(Decimal::new(1234, 3).units_at(2), None);
        assert_eq!(Decimal::new(1230, 3).units_at(2), Some(123));
    }

    #[test]
    fn products_are_rounded_half_up() {
        let of = |text: &str| text.parse::<Decimal>().unwrap();
        for (a, b, product) in [
            ("21.6", "3.50", 7_560),
            ("0.01", "0.5", 1),
            ("0.01", "0.49", 0),
            ("-0.01", "0.5", 0),
            ("-0.01", "0.51", -1),
            ("3", "4", 1_200),
        ] {
            assert_eq!(of(a).product_at(of(b), 2), Some(product), "{a} × {b}");
        }
        let large = Decimal::new(i64::MAX, 0);
        assert_eq!(large.product_at(large, 2), None);
    }

    proptest! {
        #[test]
        fn written_and_read_again_it_is_the_same(units in any::<i64>().prop_map(|n| n / 10), scale in 0_u32..=12) {
            let number = Decimal::new(units, scale);
            let text = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(serde_json::from_str::<Decimal>(&text).unwrap(), number);
        }
    }
}
