//! A driver's filter as Dynamo understands it: instants, by one zone's calendar.

use chrono::{Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use portal_api::{
    dynamo::{Session, SessionStatus},
    query::{Edge, SessionFilter},
    time::{Day, Instant},
};

/// Which sessions, from when to when, both included.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Filter {
    from: Option<Instant>,
    to: Option<Instant>,
    status: Option<SessionStatus>,
    site_id: Option<String>,
}

impl Filter {
    /// The same filter, its days counted by the calendar of `zone`.
    pub fn of(filter: &SessionFilter, zone: Tz) -> Self {
        let from = filter.from.and_then(|edge| match edge {
            Edge::Day(Day(day)) => midnight(zone, day),
            Edge::Instant(instant) => Some(instant),
        });
        let to = filter.to.and_then(|edge| match edge {
            // Dynamo's times have whole seconds.
            Edge::Day(Day(day)) => Some(midnight(zone, day.succ_opt()?)?.plus_seconds(-1)),
            Edge::Instant(instant) => Some(instant),
        });
        Self {
            from,
            to,
            status: filter.status.clone(),
            site_id: filter.site_id.clone(),
        }
    }

    /// What Dynamo is told; places it doesn't filter by.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, String)> {
        let status = self
            .status
            .as_ref()
            .map(|status| status.as_str().to_owned());
        let from = self.from.map(|from| ("from", from.to_string()));
        let to = self.to.map(|to| ("to", to.to_string()));
        let status = status.map(|status| ("status", status));
        from.into_iter().chain(to).chain(status)
    }

    /// Whether it lets a session through.
    pub fn admits(&self, session: &Session) -> bool {
        self.from.is_none_or(|from| session.started_at >= from)
            && self.to.is_none_or(|to| session.started_at <= to)
            && self
                .status
                .as_ref()
                .is_none_or(|status| session.status == *status)
            && (self.site_id.is_none() || self.site_id == session.site_id)
    }
}

/// When a day begins: at the first moment after a midnight that summer time
/// leaves out.
fn midnight(zone: Tz, day: NaiveDate) -> Option<Instant> {
    let wall = day.and_time(NaiveTime::MIN);
    let begins = zone.from_local_datetime(&wall).earliest().or_else(|| {
        zone.from_local_datetime(&(wall + Duration::hours(1)))
            .earliest()
    })?;
    Some(Instant::from_millis(begins.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America::Santiago, Europe::Berlin};

    use super::*;

    fn told(parameters: &[(&str, &str)], zone: Tz) -> Vec<(&'static str, String)> {
        let filter = SessionFilter::read(parameters.iter().copied()).unwrap();
        Filter::of(&filter, zone).parameters().collect()
    }

    #[test]
    fn a_day_lasts_from_midnight_to_midnight_of_its_place() {
        let told = told(&[("from", "2026-03-29"), ("to", "2026-03-29")], Berlin);
        let from = "2026-03-28T23:00:00Z".to_owned();
        let to = "2026-03-29T21:59:59Z".to_owned();
        assert_eq!(told, [("from", from), ("to", to)]);
    }

    #[test]
    fn a_day_that_begins_at_one_begins_at_one() {
        let told = told(&[("from", "2026-09-06")], Santiago);
        assert_eq!(told, [("from", "2026-09-06T04:00:00Z".to_owned())]);
    }

    #[test]
    fn instants_and_words_are_told_as_they_are() {
        let told = told(
            &[
                ("to", "2026-03-29T10:00:00+02:00"),
                ("status", "active"),
                ("site_id", "site_1"),
            ],
            Berlin,
        );
        let to = "2026-03-29T08:00:00Z".to_owned();
        assert_eq!(told, [("to", to), ("status", "active".to_owned())]);
    }
}
