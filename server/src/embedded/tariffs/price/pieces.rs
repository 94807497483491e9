//! A session cut where the price of a part changes.

use portal_api::time::Instant;

use super::{Course, NoPrice};
use crate::embedded::tariffs::{Part, Rule, Tariff};

/// A stretch of a session in which one price holds.
pub struct Piece<'a> {
    /// From when.
    pub from: Instant,
    /// Until when.
    pub to: Instant,
    /// In ten-thousandths of the major unit.
    pub price: i64,
    /// The rule that set it; none if it is the usual one.
    pub rule: Option<&'a str>,
    /// What was used in it.
    pub sold: Sold,
}

/// How much was used, in watt-hours or seconds.
#[derive(Clone, Copy)]
pub struct Sold {
    /// Really.
    pub used: i64,
    /// In whole steps.
    pub quantity: i64,
    /// The step.
    pub step: i64,
}

const MINUTE: i64 = 60_000;

/// The stretches of one part of the cost in which something was used that has, or
/// could have had, a price.
pub fn pieces<'a>(
    tariff: &'a Tariff,
    part: Part,
    course: &Course<'_>,
) -> Result<Vec<Piece<'a>>, NoPrice> {
    let scale = Scale::of(tariff, part, course)?;
    let rules: Vec<&Rule> = rules_of(tariff, part).collect();
    let usual = usual_price(tariff, part);
    if usual == 0 && rules.iter().all(|rule| rule.price == 0) && part != Part::Energy {
        return Ok(Vec::new());
    }
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    for (from, to) in scale.stretches(&rules, course) {
        let rule = ruling(&rules, from, course);
        let sold = scale.between(from, to, course);
        if sold.quantity > 0 {
            pieces.push(Piece {
                from,
                to,
                price: rule.map_or(usual, |rule| rule.price),
                rule: rule.map(|rule| rule.name.as_str()),
                sold,
            });
        }
    }
    Ok(pieces)
}

fn rules_of(tariff: &Tariff, part: Part) -> impl Iterator<Item = &Rule> {
    tariff.rules.iter().filter(move |rule| rule.part == part)
}

fn usual_price(tariff: &Tariff, part: Part) -> i64 {
    match part {
        Part::Energy => tariff.per_kwh,
        Part::Time => tariff.per_minute,
        Part::Parking => tariff.idle_per_minute,
    }
}

/// The rule that holds at an instant: of several the one with the lowest priority.
fn ruling<'a>(rules: &[&'a Rule], at: Instant, course: &Course<'_>) -> Option<&'a Rule> {
    let local = at.utc()?.with_timezone(&course.zone);
    let applying = rules.iter().filter(|rule| rule.applies(&local));
    applying.min_by_key(|rule| rule.priority).copied()
}

/// From when to when a part of the cost is counted, and in which steps.
struct Scale {
    part: Part,
    from: Instant,
    to: Instant,
    step: i64,
}

impl Scale {
    fn of(tariff: &Tariff, part: Part, course: &Course<'_>) -> Result<Self, NoPrice> {
        let (from, to, step) = match part {
            Part::Energy => (course.started, course.charged_until, tariff.energy_step_wh),
            Part::Time => (
                course.started,
                course.charged_until,
                tariff.time_step_seconds,
            ),
            Part::Parking => {
                let free_until = course.charged_until.plus_seconds(tariff.idle_grace_seconds);
                (free_until, course.until, tariff.idle_step_seconds)
            }
        };
        if step < 1 || course.energy_wh < 0 || course.energy_wh > MOST_WH {
            return Err(NoPrice);
        }
        Ok(Self {
            part,
            from,
            to: to.max(from),
            step,
        })
    }

    /// Stretches in which the same rule holds; clocks change on whole minutes only.
    fn stretches(&self, rules: &[&Rule], course: &Course<'_>) -> Vec<(Instant, Instant)> {
        let mut cuts = vec![self.from];
        if !rules.is_empty() {
            let mut before = ruling(rules, self.from, course);
            let mut at = (self.from.millis().div_euclid(MINUTE) + 1) * MINUTE;
            while at < self.to.millis() {
                let now = ruling(rules, Instant::from_millis(at), course);
                if now.map(|rule| rule.priority) != before.map(|rule| rule.priority) {
                    cuts.push(Instant::from_millis(at));
                }
                before = now;
                at += MINUTE;
            }
        }
        cuts.push(self.to);
        cuts.windows(2)
            .filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
            .collect()
    }

    /// What was used from one instant to another. A step belongs to where it begins.
    fn between(&self, from: Instant, to: Instant, course: &Course<'_>) -> Sold {
        let (before, after) = (self.used_by(from, course), self.used_by(to, course));
        let steps = |used: i64| (used + self.step - 1) / self.step * self.step;
        Sold {
            used: after - before,
            quantity: steps(after) - steps(before),
            step: self.step,
        }
    }

    /// What was used by an instant, since the counting began.
    fn used_by(&self, at: Instant, course: &Course<'_>) -> i64 {
        match self.part {
            Part::Energy if at >= self.to => course.energy_wh,
            Part::Energy => energy_by(at, course),
            Part::Time | Part::Parking => ((at.millis() - self.from.millis()) / 1_000).max(0),
        }
    }
}

/// More than any car takes.
const MOST_WH: i64 = 1_000_000_000_000;

/// What the meter showed at an instant: straight between its readings, and never
/// less than before nor more than at the end.
fn energy_by(at: Instant, course: &Course<'_>) -> i64 {
    let mut left = (course.started, 0);
    for reading in course.readings {
        let energy = reading.energy_wh.clamp(left.1, course.energy_wh);
        let inside = left.0 < reading.at && reading.at < course.charged_until;
        if !inside {
            continue;
        }
        if at < reading.at {
            return straight(left, (reading.at, energy), at);
        }
        left = (reading.at, energy);
    }
    straight(left, (course.charged_until, course.energy_wh), at)
}

fn straight(left: (Instant, i64), right: (Instant, i64), at: Instant) -> i64 {
    let span = i128::from(right.0.millis() - left.0.millis());
    let passed = i128::from(at.millis() - left.0.millis());
    if span <= 0 || passed <= 0 {
        return left.1;
    }
    let gained = i128::from(right.1 - left.1) * passed / span;
    left.1 + i64::try_from(gained).unwrap_or(0)
}
