//! When and where the demo's people charge: at home and at work, on Saturdays
//! at the market, on weekends away, and twice or thrice a year far from home.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{
    calendar::{after, before},
    dice::Dice,
    visits::Visit,
};

/// One stop of a journey: how many days after it began, at what hour and
/// minute, where, at a fast plug or not, for how many minutes, from what to
/// what percentage.
type Stop = (u64, i64, i64, &'static str, bool, i64, i64, i64);

/// The journey to the fjords, in July.
const NORWAY: &[Stop] = &[
    (0, 8, 10, "motorway", true, 45, 22, 80),
    (0, 12, 40, "kassel", true, 40, 14, 80),
    (0, 18, 25, "hamburg", false, 250, 31, 90),
    (2, 15, 10, "oslo", false, 170, 44, 80),
    (4, 13, 5, "mjosa", true, 45, 35, 80),
    (7, 11, 32, "mjosa", true, 50, 21, 85),
    (9, 16, 5, "bergen", true, 55, 18, 60),
    (11, 19, 0, "bergen", false, 130, 40, 80),
    (13, 12, 15, "mjosa", true, 45, 16, 80),
    (14, 10, 0, "oslo", false, 150, 55, 85),
    (16, 14, 20, "kassel", true, 40, 20, 80),
    (16, 18, 45, "motorway", true, 35, 17, 65),
];

/// The visit to friends in Britain, in May.
const BRITAIN: &[Stop] = &[
    (0, 10, 30, "reims", true, 45, 15, 80),
    (0, 18, 40, "london", true, 55, 20, 60),
    (2, 9, 10, "london", false, 190, 40, 85),
    (4, 13, 20, "edinburgh", false, 230, 25, 80),
    (6, 18, 0, "edinburgh", false, 170, 48, 90),
    (8, 16, 30, "london", true, 60, 13, 60),
    (9, 15, 10, "reims", true, 45, 12, 80),
];

/// The week in the snow, in February.
const SNOW: &[Stop] = &[
    (0, 9, 30, "bregenz", true, 45, 25, 75),
    (0, 13, 0, "tyrol", true, 45, 20, 80),
    (3, 17, 30, "tyrol", true, 45, 28, 85),
    (6, 10, 20, "tyrol", true, 40, 33, 80),
    (6, 14, 10, "bregenz", true, 40, 24, 75),
];

/// A weekend at the lake.
const LAKE: &[Stop] = &[
    (0, 11, 5, "bregenz", true, 45, 24, 70),
    (0, 19, 30, "bregenz", false, 780, 50, 95),
];

/// Where a Saturday may lead, in percent of the Saturdays.
const SATURDAYS: &[(i64, &[Stop])] = &[
    (9, &[(0, 10, 20, "basel", false, 170, 42, 85)]),
    (4, &[(0, 17, 15, "basel", true, 35, 24, 75)]),
    (4, &[(0, 10, 40, "luzern", false, 280, 35, 95)]),
    (6, &[(0, 11, 15, "colmar", false, 160, 45, 80)]),
    (4, LAKE),
    (26, &[(0, 10, 5, "market", true, 45, 38, 75)]),
];

/// The visits of somebody who lives in Freiburg, up to the day before `today`.
pub fn of_a_traveller(today: NaiveDate, days: u64, dice: &mut Dice) -> Vec<Visit> {
    let mut visits = Vec::new();
    let mut since_home = 3;
    let mut day = before(today, days);
    while day < today {
        if let Some((journey, length)) = journey_on(day) {
            visits.extend(journey.iter().map(|stop| visit(day, stop, dice)));
            day = after(day, length);
            since_home = 5;
            continue;
        }
        visits.extend(usual_day(day, &mut since_home, dice));
        day = after(day, 1);
    }
    visits
}

/// The journey that begins on a day, and how many days it takes.
fn journey_on(day: NaiveDate) -> Option<(&'static [Stop], u64)> {
    let friday = day.weekday() == Weekday::Fri;
    let saturday = day.weekday() == Weekday::Sat;
    match (day.month(), day.day()) {
        (7, 8..=14) if friday => Some((NORWAY, 17)),
        (5, 20..=26) if friday => Some((BRITAIN, 10)),
        (2, 12..=18) if saturday => Some((SNOW, 7)),
        _ => None,
    }
}

fn usual_day(day: NaiveDate, since_home: &mut u32, dice: &mut Dice) -> Vec<Visit> {
    *since_home += 1;
    let mut visits = Vec::new();
    match day.weekday() {
        Weekday::Tue | Weekday::Thu if dice.chance(31) => {
            visits.push(visit(
                day,
                &(0, 8, 12, "work", false, 490, dice.within(34, 58), 80),
                dice,
            ));
        }
        Weekday::Sat => visits.extend(saturday(day, dice)),
        _ => {}
    }
    if visits.is_empty() && *since_home > 4 && dice.chance(27) {
        *since_home = 0;
        let (from, to) = (dice.within(24, 52), dice.within(80, 95));
        let evening = &(0, 18, 50, "home", false, 720, from, to);
        visits.push(visit(day, evening, dice));
    }
    visits
}

fn saturday(day: NaiveDate, dice: &mut Dice) -> Vec<Visit> {
    let mut roll = dice.within(1, 100);
    for (percent, stops) in SATURDAYS {
        if roll <= *percent {
            return stops.iter().map(|stop| visit(day, stop, dice)).collect();
        }
        roll -= percent;
    }
    Vec::new()
}

/// The same stop is never made at quite the same time.
fn visit(first: NaiveDate, stop: &Stop, dice: &mut Dice) -> Visit {
    let (days, hour, minute, place, direct, stay, from, to) = *stop;
    Visit {
        place,
        direct,
        day: after(first, days),
        minute: hour * 60 + minute + dice.within(-7, 38),
        stay: stay + dice.within(-4, 14),
        from: from * 10 + dice.within(-40, 40),
        to: (to * 10 + dice.within(-15, 25)).min(1_000),
    }
}

/// The visits of somebody who charges `count` times in `days` days on workdays,
/// at one of `places` (with a fast plug or not).
pub fn of_a_commuter(
    today: NaiveDate,
    days: u64,
    count: u64,
    places: &[(&'static str, bool)],
    dice: &mut Dice,
) -> Vec<Visit> {
    let gap = (days / count.max(1)).max(1);
    let spread = i64::try_from(gap).unwrap_or(1) - 1;
    let mut visits = Vec::new();
    for turn in 0..count {
        let shift = u64::try_from(dice.within(0, spread)).unwrap_or(0);
        let day = workday(before(today, days - turn * gap - shift));
        let Some((place, direct)) = dice.pick(places) else {
            continue;
        };
        let stop = if *direct {
            (0, dice.within(12, 17), 10, *place, true, 42, 26, 78)
        } else {
            (0, 7, 20, *place, false, dice.within(220, 520), 41, 85)
        };
        visits.push(visit(day, &stop, dice));
    }
    visits
}

/// The day itself, or the Monday after it.
fn workday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => after(day, 2),
        Weekday::Sun => after(day, 1),
        _ => day,
    }
}

/// Where a taxi charges, most often first.
const TAXI_RANKS: &[&str] = &[
    "taxi", "taxi", "taxi", "taxi", "taxi", "airport", "airport", "airport", "airport",
];

/// Where long fares lead.
const LONG_FARES: &[&str] = &["tyrol", "bregenz", "basel", "motorway"];

/// The taxi's own stand: a plug is always free there.
pub const TAXI_STAND: &str = "taxi";

/// The visits of a taxi that charges exactly `count` times in `days` days.
pub fn of_a_taxi(today: NaiveDate, days: u64, count: u64, dice: &mut Dice) -> Vec<Visit> {
    let mut visits = Vec::new();
    for number in 0..days {
        let on_this_day = (number + 1) * count / days - number * count / days;
        let day = before(today, days - number);
        for slot in 0..on_this_day {
            visits.push(taxi_stop(day, slot, dice));
        }
    }
    visits
}

fn taxi_stop(day: NaiveDate, slot: u64, dice: &mut Dice) -> Visit {
    let places = if dice.chance(2) {
        LONG_FARES
    } else {
        TAXI_RANKS
    };
    let hour = 4 + 4 * i64::try_from(slot).unwrap_or(0);
    Visit {
        place: dice.pick(places).copied().unwrap_or(TAXI_STAND),
        direct: true,
        day,
        minute: hour * 60 + dice.within(0, 100),
        stay: dice.within(18, 48),
        from: dice.within(120, 420),
        to: dice.within(600, 820),
    }
}
