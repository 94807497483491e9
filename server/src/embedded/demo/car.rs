//! How fast a car charges: the lower of what plug and car can do, less when
//! the battery is nearly full.

/// A car, as far as its charging goes.
#[derive(Clone, Copy, Debug)]
pub struct Car {
    /// What its battery holds.
    pub battery_wh: i64,
    /// The most it takes from an alternating-current plug.
    pub ac_w: i64,
    /// The most it takes from a direct-current plug.
    pub dc_w: i64,
}

/// The plug it is charged at.
#[derive(Clone, Copy, Debug)]
pub struct Plug {
    /// Whether it delivers direct current.
    pub direct: bool,
    /// The most it delivers.
    pub power_w: i64,
}

/// What went into the car.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Charge {
    /// The energy.
    pub energy_wh: i64,
    /// How long it flowed.
    pub seconds: i64,
    /// How it went, from the first point after the beginning on.
    pub curve: Vec<Point>,
}

/// A point of a charge.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Point {
    /// Since the beginning.
    pub seconds: i64,
    /// What went into the car by then.
    pub energy_wh: i64,
    /// What flows.
    pub power_w: i64,
}

/// The curve is walked in steps of so many seconds.
const STEP: i64 = 30;

impl Car {
    /// What flows in `seconds` at most, from `from` to `to` thousandths of the
    /// battery. `condition` thousandths of the best power are reached: cold
    /// batteries and shared feeds take their part.
    pub fn charge(&self, plug: Plug, from: i64, to: i64, condition: i64, seconds: i64) -> Charge {
        let wanted = self.battery_wh * (to - from).max(0);
        let mut energy = 0;
        let mut elapsed = 0;
        let mut curve = Vec::new();
        // Energy is in thousandths of a watt-hour.
        while elapsed < seconds && energy < wanted {
            let level = from + energy / self.battery_wh;
            let power = self.power(plug, level) * condition / 1_000;
            let step = STEP.min(seconds - elapsed);
            let gain = power.max(1) * step * 1_000 / 3_600;
            if energy + gain >= wanted {
                elapsed += (wanted - energy) * step / gain.max(1) + 1;
                energy = wanted;
                break;
            }
            energy += gain;
            elapsed += step;
            curve.push(Point {
                seconds: elapsed,
                energy_wh: energy / 1_000,
                power_w: power,
            });
        }
        Charge {
            energy_wh: energy / 1_000,
            seconds: elapsed.min(seconds),
            curve: thinned(&curve),
        }
    }

    /// The power at a level of the battery in thousandths.
    fn power(&self, plug: Plug, level: i64) -> i64 {
        if plug.direct {
            plug.power_w.min(self.dc_w * taper(level, DIRECT) / 1_000)
        } else {
            plug.power_w.min(self.ac_w) * taper(level, ALTERNATING) / 1_000
        }
    }
}

/// As many points as a charge point would send: one in a quarter of an hour, and
/// more often where it is over in minutes.
fn thinned(curve: &[Point]) -> Vec<Point> {
    let every = curve.len().div_ceil(MOST_POINTS).max(2);
    curve
        .iter()
        .skip(every - 1)
        .step_by(every)
        .copied()
        .collect()
}

const MOST_POINTS: usize = 16;

/// Thousandths of the car's best power, by the battery's level in thousandths.
const DIRECT: &[(i64, i64)] = &[(0, 800), (100, 1_000), (500, 950), (800, 480), (1_000, 90)];
const ALTERNATING: &[(i64, i64)] = &[(0, 1_000), (950, 1_000), (1_000, 350)];

/// What a curve says at a level, straight between its points.
fn taper(level: i64, curve: &[(i64, i64)]) -> i64 {
    for pair in curve.windows(2) {
        let [(left, start), (right, end)] = pair else {
            continue;
        };
        if level <= *right {
            return start + (end - start) * (level - left) / (right - left);
        }
    }
    curve.last().map_or(0, |(_, last)| *last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CAR: Car = Car {
        battery_wh: 64_000,
        ac_w: 11_000,
        dc_w: 125_000,
    };

    #[test]
    fn half_a_battery_at_home_takes_three_hours() {
        let plug = Plug {
            direct: false,
            power_w: 22_000,
        };
        let charge = CAR.charge(plug, 300, 800, 1_000, 100_000);
        assert_eq!(charge.energy_wh, 32_000);
        assert!((10_400..10_600).contains(&charge.seconds), "{charge:?}");
    }

    #[test]
    fn a_fast_charger_slows_down_when_the_battery_fills() {
        let plug = Plug {
            direct: true,
            power_w: 150_000,
        };
        let low = CAR.charge(plug, 100, 500, 1_000, 100_000);
        let high = CAR.charge(plug, 600, 1_000, 1_000, 100_000);
        assert!(high.seconds > 2 * low.seconds, "{low:?} {high:?}");
    }

    proptest! {
        #[test]
        fn no_charge_beats_its_plug_or_its_battery(
            from in 0_i64..1_000,
            to in 0_i64..=1_000,
            power in 3_700_i64..300_000,
            direct: bool,
            condition in 500_i64..=1_000,
            seconds in 0_i64..40_000,
        ) {
            let plug = Plug { direct, power_w: power };
            let charge = CAR.charge(plug, from, to, condition, seconds);
            prop_assert!(charge.energy_wh * 3_600 <= power * charge.seconds);
            prop_assert!(charge.energy_wh <= CAR.battery_wh);
            prop_assert!(charge.seconds <= seconds);
        }
    }
}
