//! Amounts, numbers and dates as people of each language write them.
//!
//! A currency is always its code: a receipt is read by bookkeepers, and `$` is
//! many currencies.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use portal_api::{
    decimal::Decimal,
    language::Language,
    money::{Currency, Money},
};

/// A number, such as `1,234.5`.
pub fn number(number: Decimal, language: Language) -> String {
    let plain = number.to_string();
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("", &*plain),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (group, point) = separators(language);
    // In Spanish four digits stay together.
    let grouped = language != Language::Es || whole.len() > 4;
    let mut text = sign.to_owned();
    for (place, digit) in whole.char_indices() {
        if grouped && place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// What stands between thousands, and before the fraction.
const fn separators(language: Language) -> (char, char) {
    match language {
        Language::En => (',', '.'),
        Language::De | Language::Es => ('.', ','),
        Language::Fr => ('\u{202f}', ','),
    }
}

/// An amount with its currency, such as `EUR 1,234.50`.
pub fn money(amount: Money, language: Language) -> String {
    with_code(amount.major(), amount.currency, language)
}

/// What one of something costs, which may have more digits than an amount.
pub fn price(price: Decimal, currency: Currency, language: Language) -> String {
    match Money::from_major(price, currency) {
        Some(amount) => money(amount, language),
        None => with_code(price, currency, language),
    }
}

fn with_code(amount: Decimal, currency: Currency, language: Language) -> String {
    let (figures, code) = (number(amount, language), currency.code());
    match language {
        Language::En => format!("{code}\u{a0}{figures}"),
        Language::De | Language::Fr | Language::Es => format!("{figures}\u{a0}{code}"),
    }
}

/// A share of a hundred, such as `25%`.
pub fn percent(rate: Decimal, language: Language) -> String {
    let figures = number(rate, language);
    match language {
        Language::En => format!("{figures}%"),
        Language::De | Language::Es => format!("{figures}\u{a0}%"),
        Language::Fr => format!("{figures}\u{202f}%"),
    }
}

/// A day, such as `2 March 2025`.
pub fn date(date: NaiveDate, language: Language) -> String {
    let (day, year) = (date.day(), date.year());
    let month = MONTHS[language as usize]
        .get(date.month0() as usize)
        .copied()
        .unwrap_or_default();
    match language {
        Language::En => format!("{day} {month} {year}"),
        Language::De => format!("{day}. {month} {year}"),
        Language::Fr if day == 1 => format!("1er {month} {year}"),
        Language::Fr => format!("{day} {month} {year}"),
        Language::Es => format!("{day} de {month} de {year}"),
    }
}

/// A day and a time where it happened, such as `2 March 2025, 16:05 (CET)`.
pub fn moment(local: NaiveDateTime, zone: &str, language: Language) -> String {
    let (day, time) = (date(local.date(), language), local.format("%H:%M"));
    match language {
        Language::En | Language::De | Language::Es => format!("{day}, {time} ({zone})"),
        Language::Fr => format!("{day} à {time} ({zone})"),
    }
}

/// In the order of [`Language::ALL`].
#[rustfmt::skip]
const MONTHS: [[&str; 12]; 4] = [
    ["January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"],
    ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
     "Oktober", "November", "Dezember"],
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
     "octobre", "novembre", "décembre"],
    ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
     "octubre", "noviembre", "diciembre"],
];

#[cfg(test)]
mod tests {
    use super::*;

    fn in_all<T>(say: impl Fn(Language) -> T) -> [T; 4] {
        Language::ALL.map(say)
    }

    fn amount(minor: i64, code: &str) -> Money {
        Money::new(minor, Currency::new(code).unwrap())
    }

    #[test]
    fn amounts_have_their_separators_and_their_digits() {
        let said = in_all(|language| money(amount(123_456_789, "EUR"), language));
        assert_eq!(said[0], "EUR\u{a0}1,234,567.89");
        assert_eq!(said[1], "1.234.567,89\u{a0}EUR");
        assert_eq!(said[2], "1\u{202f}234\u{202f}567,89\u{a0}EUR");
        assert_eq!(said[3], "1.234.567,89\u{a0}EUR");
        assert_eq!(money(amount(1250, "JPY"), Language::De), "1.250\u{a0}JPY");
        assert_eq!(money(amount(1250, "JPY"), Language::Es), "1250\u{a0}JPY");
        assert_eq!(money(amount(1250, "BHD"), Language::En), "BHD\u{a0}1.250");
        assert_eq!(money(amount(-84, "NOK"), Language::De), "−0,84\u{a0}NOK");
        let nok = Currency::new("NOK").unwrap();
        let said = [Decimal::new(5, 1), Decimal::new(4_999, 4)]
            .map(|amount| price(amount, nok, Language::En));
        assert_eq!(said, ["NOK\u{a0}0.50", "NOK\u{a0}0.4999"]);
    }

    #[test]
    fn rates_are_as_long_as_they_are() {
        let said = in_all(|language| percent(Decimal::new(55, 1), language));
        assert_eq!(said, ["5.5%", "5,5\u{a0}%", "5,5\u{202f}%", "5,5\u{a0}%"]);
        assert_eq!(percent(Decimal::new(25, 0), Language::En), "25%");
    }

    #[test]
    fn dates_are_in_words() {
        let day = NaiveDate::from_ymd_opt(2025, 3, 1).unwrap();
        assert_eq!(
            in_all(|language| date(day, language)),
            [
                "1 March 2025",
                "1. März 2025",
                "1er mars 2025",
                "1 de marzo de 2025"
            ]
        );
        let local = day.and_hms_opt(16, 5, 0).unwrap();
        assert_eq!(
            moment(local, "CET", Language::Fr),
            "1er mars 2025 à 16:05 (CET)"
        );
        assert_eq!(
            moment(local, "CET", Language::De),
            "1. März 2025, 16:05 (CET)"
        );
    }
}
