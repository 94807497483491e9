//! What fields may be that several tables have.

use portal_api::{decimal::Decimal, portal::NAME_LONGEST};
use toml::Value;

use super::entry::Kind;

/// The longest of a place's street, and of a town.
const LINE_LONGEST: usize = 200;

/// Minutes of a day.
pub(super) const DAY: i64 = 24 * 60;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub(super) const NAME: Kind<String> = Kind {
    allowed: "1 to 100 characters on one line",
    read: |value| line(value, NAME_LONGEST),
};

pub(super) const LINE: Kind<String> = Kind {
    allowed: "1 to 200 characters on one line",
    read: |value| line(value, LINE_LONGEST),
};

pub(super) const YES: Kind<bool> = Kind {
    allowed: "true or false",
    read: Value::as_bool,
};

/// The day's bits, Monday's the lowest.
pub(super) const WEEKDAYS: Kind<u8> = Kind {
    allowed: "a list of mon, tue, wed, thu, fri, sat and sun",
    read: |value| {
        let days = value.as_array().filter(|days| !days.is_empty())?;
        days.iter().try_fold(0, |bits, day| {
            let number = DAYS.iter().position(|name| day.as_str() == Some(name))?;
            Some(bits | 1 << number)
        })
    },
};

/// In minutes after midnight.
pub(super) const FROM: Kind<i64> = Kind {
    allowed: "a time from \"00:00\" to \"23:59\"",
    read: |value| minute(value).filter(|minute| *minute < DAY),
};

/// The same, up to the midnight after.
pub(super) const UNTIL: Kind<i64> = Kind {
    allowed: "a time from \"00:00\" to \"24:00\"",
    read: minute,
};

fn minute(value: &Value) -> Option<i64> {
    let (hours, minutes) = value.as_str()?.split_once(':')?;
    let two = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    Some(hours * 60 + minutes).filter(|minute| minutes < 60 && *minute <= DAY)
}

/// A text on one line, without spaces around it.
pub(super) fn line(value: &Value, longest: usize) -> Option<String> {
    lines(value, longest).filter(|text| !text.contains('\n'))
}

/// A text, perhaps on several lines, without spaces around it.
pub(super) fn lines(value: &Value, longest: usize) -> Option<String> {
    let text = value.as_str()?.trim().replace("\r\n", "\n");
    let fits = (1..=longest).contains(&text.chars().count());
    let odd = |sign: char| sign.is_control() && sign != '\n';
    (fits && !text.contains(odd)).then_some(text)
}

/// A name for machines that begins in a certain way.
pub(super) fn id(value: &Value, prefix: &str) -> Option<String> {
    let rest = value.as_str()?.strip_prefix(prefix)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    ((1..=40).contains(&rest.len()) && rest.bytes().all(plain)).then(|| [prefix, rest].concat())
}

/// A whole number of a range.
pub(super) fn whole(value: &Value, least: i64, most: i64) -> Option<i64> {
    value
        .as_integer()
        .filter(|number| (least..=most).contains(number))
}

/// A number as it is written, never as a float would have it.
pub(super) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(whole) => Some(Decimal::new(*whole, 0)),
        Value::Float(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// How many `10^-digits` a number is, from nothing to so many whole ones.
pub(super) fn exact(value: &Value, digits: u32, most: i64) -> Option<i64> {
    let units = decimal(value)?.units_at(digits)?;
    let most = most.checked_mul(10_i64.checked_pow(digits)?)?;
    (0..=most).contains(&units).then_some(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_was_written() {
        let table: toml::Table = "a = 0.49\nb = 12\nc = 1e-3\nd = nan\ne = 0.1234567"
            .parse()
            .unwrap();
        let units = |name: &str| exact(&table[name], 4, 100);
        assert_eq!(units("a"), Some(4_900));
        assert_eq!(units("b"), Some(120_000));
        assert_eq!(units("c"), Some(10));
        assert_eq!(units("d"), None);
        assert_eq!(units("e"), None);
    }

    #[test]
    fn a_time_has_two_digits_twice() {
        let minute = |text: &str| (UNTIL.read)(&Value::String(text.to_owned()));
        assert_eq!(minute("07:30"), Some(450));
        assert_eq!(minute("24:00"), Some(1_440));
        for odd in ["7:30", "24:01", "12:60", "-1:00", "+1:00", "noon", ""] {
            assert_eq!(minute(odd), None, "{odd}");
        }
        assert_eq!((FROM.read)(&Value::String("24:00".into())), None);
    }
}
