//! Days of the week and times of day, by a place's clock.

use portal_api::time::Instant;

use super::date;
use crate::i18n::words;

/// Noon of a Sunday, in milliseconds.
const A_SUNDAY: i64 = 1_704_024_000_000;

/// The minutes of a day.
const DAY: u16 = 1440;

/// `Mon`: 1 is Monday, 7 is Sunday.
fn day(number: u8) -> String {
    let at = Instant::from_millis(A_SUNDAY + i64::from(number) * 86_400_000);
    let options = [("weekday", "short"), ("timeZone", "UTC")];
    date("weekday", at, &options).unwrap_or_else(|| number.to_string())
}

/// `22:00`, in minutes after midnight.
fn time(minute: u16) -> String {
    let at = Instant::from_millis(i64::from(minute % DAY) * 60_000);
    let options = [("timeStyle", "short"), ("timeZone", "UTC")];
    date("time of day", at, &options).unwrap_or_default()
}

/// `06:00–22:00`, or that it is all day.
pub fn times(from_minute: u16, to_minute: u16) -> String {
    if from_minute.is_multiple_of(DAY) && (to_minute == DAY || to_minute == from_minute) {
        return words::week_all_day();
    }
    words::week_times(&time(from_minute), &time(to_minute))
}

/// `Mon–Fri, Sun`, or that it is every day.
pub fn days(numbers: &[u8]) -> String {
    let parts = runs(numbers);
    if parts == [(1, 7)] {
        return words::week_every_day();
    }
    let say = |(first, last): &(u8, u8)| match last - first {
        0 => day(*first),
        1 => [day(*first), day(*last)].join(", "),
        _ => words::week_days(&day(*first), &day(*last)),
    };
    parts.iter().map(say).collect::<Vec<_>>().join(", ")
}

/// Days that follow each other: the first and the last of each run.
fn runs(numbers: &[u8]) -> Vec<(u8, u8)> {
    let mut numbers: Vec<u8> = numbers
        .iter()
        .copied()
        .filter(|day| (1..=7).contains(day))
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut runs: Vec<(u8, u8)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_follow_each_other_are_one_run() {
        assert_eq!(runs(&[1, 2, 3, 4, 5, 7]), [(1, 5), (7, 7)]);
        assert_eq!(runs(&[7, 1, 2, 3, 6, 5, 4, 4]), [(1, 7)]);
        assert_eq!(runs(&[0, 8]), []);
    }
}
