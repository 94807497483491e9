//! Other prices at certain times of the place's week.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;
use portal_api::dynamo::cost::ComponentKind;
use sqlx::{AnyConnection, Row, any::AnyRow};

use crate::embedded::Write;

/// Another price for a part of the cost at certain times.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rule {
    /// Of several that apply, the lowest wins.
    pub priority: i64,
    /// What the operator calls it.
    pub name: String,
    /// What it prices.
    pub part: Part,
    /// On which days it begins.
    pub days: Days,
    /// From which minute after midnight, by the place's clock.
    pub from_minute: i64,
    /// Until which; one before the start is on the next day.
    pub to_minute: i64,
    /// In ten-thousandths of the major unit.
    pub price: i64,
}

/// What a rule prices.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// A kilowatt-hour.
    Energy,
    /// A minute of charging.
    Time,
    /// A minute of standing there afterwards.
    Parking,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Energy, Self::Time, Self::Parking];

    /// Its word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Time => "time",
            Self::Parking => "parking",
        }
    }

    /// The line of a breakdown that it makes.
    pub const fn component(self) -> ComponentKind {
        match self {
            Self::Energy => ComponentKind::Energy,
            Self::Time => ComponentKind::Time,
            Self::Parking => ComponentKind::Parking,
        }
    }
}

/// Days of the week.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Days(u8);

impl Days {
    /// All seven.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WORKDAYS: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKEND: Self = Self(0b110_0000);

    /// Of bits, Monday's the lowest; `None` if there are none, or more than seven.
    pub fn of_bits(bits: i64) -> Option<Self> {
        u8::try_from(bits)
            .ok()
            .filter(|bits| (1..=Self::ALL.0).contains(bits))
            .map(Self)
    }

    /// Whether the day so many days after Monday is one of them.
    pub const fn has(self, from_monday: u32) -> bool {
        self.0 & (1 << from_monday) != 0
    }
}

const DAY_MINUTES: i64 = 24 * 60;

impl Rule {
    /// Whether it applies at a time of the place's clock.
    pub fn applies(&self, local: &DateTime<Tz>) -> bool {
        let minute = i64::from(local.hour() * 60 + local.minute());
        let today = local.weekday().num_days_from_monday();
        let yesterday = (today + 6) % 7;
        if self.from_minute < self.to_minute {
            return self.days.has(today) && (self.from_minute..self.to_minute).contains(&minute);
        }
        (self.days.has(today) && (self.from_minute..DAY_MINUTES).contains(&minute))
            || (self.days.has(yesterday) && minute < self.to_minute)
    }
}

/// Gives a tariff these rules, whatever it had before.
pub(super) async fn put(
    write: &mut Write,
    tariff_id: &str,
    rules: &[Rule],
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from tariff_rules where tariff_id = $1")
        .bind(tariff_id)
        .execute(&mut **write)
        .await?;
    for rule in rules {
        add(write, tariff_id, rule).await?;
    }
    Ok(())
}

async fn add(write: &mut Write, tariff_id: &str, rule: &Rule) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into tariff_rules (tariff_id, priority, name, part, days, from_minute, to_minute,
            price) values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(tariff_id)
    .bind(rule.priority)
    .bind(&rule.name)
    .bind(rule.part.as_str())
    .bind(i64::from(rule.days.0))
    .bind(rule.from_minute)
    .bind(rule.to_minute)
    .bind(rule.price)
    .execute(&mut **write)
    .await
    .map(drop)
}

/// A tariff's rules, the one that wins first.
pub(super) async fn of_tariff(
    reader: &mut AnyConnection,
    tariff_id: &str,
) -> Result<Vec<Rule>, sqlx::Error> {
    let rows = sqlx::query(
        "select priority, name, part, days, from_minute, to_minute, price from tariff_rules
            where tariff_id = $1 order by priority",
    )
    .bind(tariff_id)
    .fetch_all(reader)
    .await?;
    rows.iter().map(of_row).collect()
}

fn of_row(row: &AnyRow) -> Result<Rule, sqlx::Error> {
    let word: &str = row.try_get(2)?;
    let part = Part::ALL.into_iter().find(|part| part.as_str() == word);
    let days = Days::of_bits(row.try_get(3)?);
    let odd = || sqlx::Error::Decode("not a tariff's rule".into());
    Ok(Rule {
        priority: row.try_get(0)?,
        name: row.try_get(1)?,
        part: part.ok_or_else(odd)?,
        days: days.ok_or_else(odd)?,
        from_minute: row.try_get(4)?,
        to_minute: row.try_get(5)?,
        price: row.try_get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn rule(days: Days, from_minute: i64, to_minute: i64) -> Rule {
        Rule {
            priority: 1,
            name: "Night".into(),
            part: Part::Energy,
            days,
            from_minute,
            to_minute,
            price: 1,
        }
    }

    /// A time of the week that began on Monday, 3 March 2025.
    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Tz> {
        chrono_tz::Europe::Oslo
            .with_ymd_and_hms(2025, 3, day, hour, minute, 59)
            .unwrap()
    }

    #[test]
    fn a_window_has_its_first_minute_and_not_its_last() {
        let morning = rule(Days::ALL, 6 * 60, 10 * 60);
        assert!(!morning.applies(&at(3, 5, 59)));
        assert!(morning.applies(&at(3, 6, 0)));
        assert!(morning.applies(&at(3, 9, 59)));
        assert!(!morning.applies(&at(3, 10, 0)));
    }

    #[test]
    fn a_night_belongs_to_the_day_on_which_it_begins() {
        let night = rule(Days::WEEKEND, 22 * 60, 6 * 60);
        assert!(!night.applies(&at(7, 23, 0)), "Friday evening");
        assert!(!night.applies(&at(8, 5, 0)), "Saturday before dawn");
        assert!(night.applies(&at(8, 22, 0)), "Saturday evening");
        assert!(night.applies(&at(9, 5, 59)), "Sunday before dawn");
        assert!(night.applies(&at(10, 5, 59)), "Monday before dawn");
        assert!(!night.applies(&at(10, 22, 0)), "Monday evening");
    }

    #[test]
    fn the_whole_day_is_from_midnight_to_midnight() {
        let workdays = rule(Days::WORKDAYS, 0, 1_440);
        assert!(workdays.applies(&at(7, 0, 0)));
        assert!(workdays.applies(&at(7, 23, 59)));
        assert!(!workdays.applies(&at(8, 0, 0)));
    }
}
