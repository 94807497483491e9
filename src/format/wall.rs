//! What a place's clock shows, and when it shows that.

use portal_api::time::Instant;

use super::date_in;

/// A language that writes a day and a time as `2025-03-02 16:05`.
const DIGITS: &str = "sv-SE";

/// The minutes of an hour and of a day, in milliseconds.
const MINUTE: i64 = 60_000;

/// A day and a time, as a form has them: `2025-03-02` and `16:05`.
pub fn day_and_time(at: Instant, zone: Option<&str>) -> Option<(String, String)> {
    let wall = shown(at, zone)?.to_string();
    let (day, time) = wall.split_once('T')?;
    Some((day.to_owned(), time.get(..5)?.to_owned()))
}

/// When a place's clock shows a day and a time; `None` if it never does, as when the
/// clocks go forward.
pub fn instant(day: &str, time: &str, zone: Option<&str>) -> Option<Instant> {
    let wall: Instant = [day, "T", time, ":00Z"].concat().parse().ok()?;
    found(wall, |at| shown(at, zone))
}

/// When a clock shows that, as if it were one in UTC.
fn found(wall: Instant, shown: impl Fn(Instant) -> Option<Instant>) -> Option<Instant> {
    let mut at = wall;
    // The first try is wrong by what the clocks were changed in between, if they were.
    for _ in 0..2 {
        let ahead = shown(at)?.millis() - at.millis();
        at = Instant::from_millis(wall.millis() - ahead);
    }
    (shown(at)? == wall).then_some(at)
}

/// What a place's clock shows to the minute, as if it were one in UTC.
fn shown(at: Instant, zone: Option<&str>) -> Option<Instant> {
    let options = [
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("hourCycle", "h23"),
    ];
    let whole = Instant::from_millis(at.millis().div_euclid(MINUTE) * MINUTE);
    let text = |zone: Option<&str>| {
        let mut options = options.to_vec();
        options.extend(zone.map(|zone| ("timeZone", zone)));
        date_in(
            DIGITS,
            &["wall ", zone.unwrap_or_default()].concat(),
            whole,
            &options,
        )
    };
    read(&text(zone).or_else(|| text(None))?)
}

/// Reads `2025-03-02 16:05`, whatever stands between the numbers.
fn read(text: &str) -> Option<Instant> {
    let numbers: Vec<&str> = text
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    let [year, month, day, hour, minute] = numbers.get(..5)?.try_into().ok()?;
    [year, "-", month, "-", day, "T", hour, ":", minute, ":00Z"]
        .concat()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    /// Central Europe in the spring of 2025: an hour ahead, two from the change on.
    fn berlin(now: Instant) -> Option<Instant> {
        let change = at("2025-03-30T01:00:00Z");
        let hours = if now < change { 1 } else { 2 };
        Some(now.plus_seconds(hours * 3600))
    }

    #[test]
    fn a_time_is_found_before_and_after_the_clocks_change() {
        for (wall, utc) in [
            ("2025-03-30T01:30:00Z", Some("2025-03-30T00:30:00Z")),
            ("2025-03-30T03:00:00Z", Some("2025-03-30T01:00:00Z")),
            ("2025-03-30T03:30:00Z", Some("2025-03-30T01:30:00Z")),
            ("2025-06-14T15:00:00Z", Some("2025-06-14T13:00:00Z")),
            // No clock there ever showed it.
            ("2025-03-30T02:30:00Z", None),
        ] {
            assert_eq!(found(at(wall), berlin), utc.map(at), "{wall}");
        }
    }

    #[test]
    fn what_the_browser_writes_is_read() {
        let read_at = Some(at("2025-03-02T16:05:00Z"));
        assert_eq!(read("2025-03-02 16:05"), read_at);
        assert_eq!(read("2025-03-02\u{202f}16:05"), read_at);
        assert_eq!(read("2025"), None);
    }
}
