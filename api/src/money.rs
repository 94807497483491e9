//! Amounts: whole minor units and a currency, never a float, never added
//! across currencies.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::decimal::Decimal;

/// An ISO 4217 currency, by its three capital letters.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency of a code in either case, or `None` if it is not three letters.
    pub fn new(code: &str) -> Option<Self> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    /// Its code in capital letters.
    pub fn code(&self) -> &str {
        // Only ASCII letters ever get in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many digits its amounts have after the point (ISO 4217's exponent).
    pub fn digits(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Self::new(&code).ok_or_else(|| de::Error::custom("not a currency code"))
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Money {
    /// Whole minor units (cents, øre; the yen itself).
    pub minor: i64,
    /// What it is an amount of.
    pub currency: Currency,
}

impl Money {
    /// `minor` units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The amount a system sent as a decimal of the major unit, or `None` if it
    /// has more digits than the currency.
    pub fn from_major(amount: Decimal, currency: Currency) -> Option<Self> {
        let minor = amount.units_at(currency.digits())?;
        Some(Self { minor, currency })
    }

    /// The amount that a system's floats come nearest to, or `None` if it is too large.
    pub fn nearest(amount: Decimal, currency: Currency) -> Option<Self> {
        let minor = amount.product_at(Decimal::new(1, 0), currency.digits())?;
        Some(Self { minor, currency })
    }

    /// The amount that somebody typed, with a point or a comma before the parts
    /// of the unit; `None` if it has more digits than the currency, or is none.
    pub fn from_typed(text: &str, currency: Currency) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|sign| !sign.is_whitespace() && !matches!(sign, '\'' | '’'))
            .collect();
        if plain.starts_with(['-', '+']) || plain.contains(['e', 'E']) {
            return None;
        }
        let last = plain.rfind(['.', ',']);
        let (whole, parts) = last.map_or((plain.as_str(), ""), |at| {
            let (whole, parts) = plain.split_at(at);
            (whole, parts.get(1..).unwrap_or_default())
        });
        // What stands before the last sign groups thousands, and is another one.
        let sign = last.and_then(|at| plain.get(at..=at)).unwrap_or_default();
        if !sign.is_empty() && whole.contains(sign) {
            return None;
        }
        let whole: String = whole
            .chars()
            .filter(|sign| !matches!(sign, '.' | ','))
            .collect();
        let decimal = [&whole, ".", parts].concat().parse().ok()?;
        Self::from_major(decimal, currency)
    }

    /// The amount as a decimal of the major unit.
    pub fn major(self) -> Decimal {
        Decimal::new(self.minor, self.currency.digits())
    }

    /// The sum, or `None` if the currencies differ or it is too large.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        (self.currency == other.currency)
            .then(|| self.minor.checked_add(other.minor))
            .flatten()
            .map(|minor| Self::new(minor, self.currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::new(code).unwrap()
    }

    #[test]
    fn every_currency_has_its_own_digits() {
        for (code, minor, major) in [
            ("EUR", 1250, "12.50"),
            ("JPY", 1250, "1250"),
            ("BHD", 1250, "1.250"),
        ] {
            assert_eq!(Money::new(minor, currency(code)).major().to_string(), major);
        }
    }

    #[test]
    fn an_amount_is_typed_with_a_point_or_a_comma() {
        for (text, code, minor) in [
            ("12.50", "EUR", Some(1250)),
            (" 12,5 ", "EUR", Some(1250)),
            ("1.234,50", "EUR", Some(123_450)),
            ("1,234.50", "EUR", Some(123_450)),
            ("1 234,50", "NOK", Some(123_450)),
            ("1’234.50", "CHF", Some(123_450)),
            ("12.", "EUR", Some(1200)),
            ("0", "EUR", Some(0)),
            ("800", "JPY", Some(800)),
            ("1,234", "EUR", None),
            ("8.5", "JPY", None),
            ("-1", "EUR", None),
            ("1e3", "EUR", None),
            ("1.2.3", "EUR", None),
            ("12 €", "EUR", None),
            ("", "EUR", None),
        ] {
            let money = Money::from_typed(text, currency(code));
            assert_eq!(money.map(|money| money.minor), minor, "{text}");
        }
    }

    #[test]
    fn currencies_do_not_mix() {
        let euros = Money::new(100, currency("EUR"));
        assert_eq!(euros.checked_add(Money::new(100, currency("NOK"))), None);
        assert_eq!(
            euros.checked_add(euros),
            Some(Money::new(200, currency("EUR")))
        );
    }

    #[test]
    fn a_fraction_of_a_cent_is_not_an_amount() {
        assert_eq!(
            Money::from_major(Decimal::new(12345, 3), currency("EUR")),
            None
        );
    }

    #[test]
    fn floats_come_near_to_an_amount() {
        for (text, code, minor) in [
            ("2204.179999999999", "EUR", Some(220_418)),
            ("14.305", "EUR", Some(1_431)),
            ("14.304", "EUR", Some(1_430)),
            ("799.5", "JPY", Some(800)),
            ("-0.004", "EUR", Some(0)),
            ("99999999999999999", "EUR", None),
        ] {
            let money = Money::nearest(text.parse().unwrap(), currency(code));
            assert_eq!(money.map(|money| money.minor), minor, "{text}");
        }
    }

    #[test]
    fn a_code_is_three_letters_in_any_case() {
        assert_eq!(Currency::new("eur"), Currency::new("EUR"));
        assert_eq!(Currency::new("EU"), None);
        assert_eq!(Currency::new("E1R"), None);
        assert_eq!(Currency::new("€"), None);
    }
}
