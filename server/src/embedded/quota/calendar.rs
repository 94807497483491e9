//! Months of the calendar (UTC), in which calls are counted.

use chrono::Datelike;
use portal_api::time::Instant;

/// The month of a moment, as a number such as 202503.
pub(in crate::embedded) fn month(at: Instant) -> i64 {
    at.utc()
        .map_or(0, |at| i64::from(at.year()) * 100 + i64::from(at.month()))
}

/// The first moment after a month.
pub(in crate::embedded) fn next_month(month: i64) -> Instant {
    let (year, month) = match (month / 100, month % 100) {
        (year, 12) => (year + 1, 1),
        (year, month) => (year, month + 1),
    };
    let first = format!("{year:04}-{month:02}-01T00:00:00Z").parse();
    first.unwrap_or(Instant::from_millis(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_with_its_last_day() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        assert_eq!(month(at("2026-05-31T23:59:59Z")), 202_605);
        assert_eq!(next_month(202_605), at("2026-06-01T00:00:00Z"));
        assert_eq!(next_month(202_612), at("2027-01-01T00:00:00Z"));
    }
}
