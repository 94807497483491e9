//! What is odd about a bill: checked by the portal when it shows one and by the
//! server when somebody disputes it, with the same rules.

use crate::{decimal::Decimal, money::Money, portal::Reading, time::Instant};

/// What is known about a session.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// When it began.
    pub started: Instant,
    /// When it ended; `None` while it runs.
    pub ended: Option<Instant>,
    /// What is billed.
    pub energy_kwh: Option<Decimal>,
    /// The most the connector delivers.
    pub power_kw: Option<Decimal>,
    /// What it cost.
    pub cost: Option<Money>,
    /// What the meter showed, oldest first.
    pub readings: &'a [Reading],
    /// The driver's other sessions with the same tag at the same time.
    pub overlaps: &'a [String],
}

/// Something odd about a bill.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Finding {
    /// More energy than the connector delivers in that time.
    TooMuchEnergy {
        /// The most it can have been.
        most_kwh: Decimal,
    },
    /// Nothing was charged, and yet it costs something.
    CostWithoutEnergy,
    /// The same tag charged elsewhere at the same time.
    Overlap {
        /// The other session.
        session_id: String,
    },
    /// It ended before it began.
    EndBeforeStart,
    /// The meter showed less than before.
    MeterRanBackwards {
        /// When it did.
        at: Instant,
    },
    /// It took longer than a day.
    LongerThanADay,
}

impl Finding {
    /// Its word on the wire and in the store.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::TooMuchEnergy { .. } => "too_much_energy",
            Self::CostWithoutEnergy => "cost_without_energy",
            Self::Overlap { .. } => "overlap",
            Self::EndBeforeStart => "end_before_start",
            Self::MeterRanBackwards { .. } => "meter_ran_backwards",
            Self::LongerThanADay => "longer_than_a_day",
        }
    }
}

/// Connectors deliver a little more than their plate says, and meters are read to
/// the watt-hour: so many hundredths are no finding, and so many watt-hours.
const TOLERANCE_PERCENT: i64 = 5;
const TOLERANCE_WH: i64 = 100;

const DAY_MILLIS: i64 = 24 * 3_600 * 1_000;

/// All that is odd, the gravest first.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lasted = facts
        .ended
        .map(|ended| ended.millis() - facts.started.millis());
    if lasted.is_some_and(|lasted| lasted < 0) {
        findings.push(Finding::EndBeforeStart);
    }
    findings.extend(too_much_energy(facts, lasted));
    if facts.energy_kwh.is_some_and(Decimal::is_zero)
        && facts.cost.is_some_and(|cost| cost.minor > 0)
    {
        findings.push(Finding::CostWithoutEnergy);
    }
    findings.extend(backwards(facts.readings));
    let overlaps = facts.overlaps.iter().cloned();
    findings.extend(overlaps.map(|session_id| Finding::Overlap { session_id }));
    if lasted.is_some_and(|lasted| lasted > DAY_MILLIS) {
        findings.push(Finding::LongerThanADay);
    }
    findings
}

fn too_much_energy(facts: &Facts<'_>, lasted: Option<i64>) -> Option<Finding> {
    let energy_wh = facts.energy_kwh?.units_at(3)?;
    let power_w = facts.power_kw?.units_at(3)?;
    let most_wh = i128::from(power_w) * i128::from(lasted?.max(0)) / 3_600_000;
    let most_wh = i64::try_from(most_wh).ok()?;
    let allowed = most_wh
        .checked_mul(100 + TOLERANCE_PERCENT)?
        .checked_div(100)?
        .checked_add(TOLERANCE_WH)?;
    (energy_wh > allowed).then(|| Finding::TooMuchEnergy {
        most_kwh: Decimal::new(most_wh, 3),
    })
}

fn backwards(readings: &[Reading]) -> Option<Finding> {
    let pair = readings.windows(2).find(|pair| {
        let [before, after] = pair else { return false };
        match (before.energy_kwh.units_at(3), after.energy_kwh.units_at(3)) {
            (Some(before), Some(after)) => after < before,
            _ => false,
        }
    })?;
    Some(Finding::MeterRanBackwards {
        at: pair.last()?.at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    const START: Instant = Instant::from_millis(1_700_000_000_000);

    fn facts() -> Facts<'static> {
        Facts {
            started: START,
            ended: Some(START.plus_seconds(3_600)),
            energy_kwh: Some(Decimal::new(10_900, 3)),
            power_kw: Some(Decimal::new(11, 0)),
            cost: Currency::new("EUR").map(|currency| Money::new(500, currency)),
            readings: &[],
            overlaps: &[],
        }
    }

    fn reading(seconds: i64, wh: i64) -> Reading {
        Reading {
            at: START.plus_seconds(seconds),
            energy_kwh: Decimal::new(wh, 3),
            power_kw: None,
        }
    }

    #[test]
    fn an_ordinary_bill_has_nothing_odd() {
        assert_eq!(check(&facts()), []);
    }

    #[test]
    fn a_session_under_way_is_not_judged_by_its_end() {
        let running = Facts {
            ended: None,
            ..facts()
        };
        assert_eq!(check(&running), []);
    }

    #[test]
    fn more_than_the_connector_delivers_is_found_beyond_the_tolerance() {
        let with = |wh| Facts {
            energy_kwh: Some(Decimal::new(wh, 3)),
            ..facts()
        };
        assert_eq!(check(&with(11_650)), []);
        assert_eq!(
            check(&with(11_651)),
            [Finding::TooMuchEnergy {
                most_kwh: Decimal::new(11_000, 3)
            }]
        );
    }

    #[test]
    fn a_cost_for_nothing_is_found() {
        let nothing = Facts {
            energy_kwh: Some(Decimal::new(0, 0)),
            ..facts()
        };
        assert_eq!(check(&nothing), [Finding::CostWithoutEnergy]);
    }

    #[test]
    fn an_end_before_the_start_and_more_than_a_day_are_found() {
        let ends = |seconds| Facts {
            ended: Some(START.plus_seconds(seconds)),
            energy_kwh: None,
            ..facts()
        };
        assert_eq!(check(&ends(-1)), [Finding::EndBeforeStart]);
        assert_eq!(check(&ends(86_400)), []);
        assert_eq!(check(&ends(86_401)), [Finding::LongerThanADay]);
    }

    #[test]
    fn a_meter_that_ran_backwards_is_found_where_it_did() {
        let readings = [reading(0, 0), reading(60, 500), reading(120, 499)];
        let with = Facts {
            readings: &readings,
            ..facts()
        };
        let at = START.plus_seconds(120);
        assert_eq!(check(&with), [Finding::MeterRanBackwards { at }]);
    }

    #[test]
    fn each_overlap_is_named() {
        let overlaps = ["sess_2".to_owned()];
        let with = Facts {
            overlaps: &overlaps,
            ..facts()
        };
        let session_id = "sess_2".to_owned();
        assert_eq!(check(&with), [Finding::Overlap { session_id }]);
    }
}
