//! What a car draws while it charges.

use portal_api::portal::Current;

use crate::chance::Chance;

/// In how large steps a charge is counted, in milliseconds.
const STEP: i64 = 10_000;

/// What a connector gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlet {
    /// What flows.
    pub current: Current,
    /// The most of it, in watts.
    pub most_w: f64,
}

/// A car's battery and what it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Car {
    battery_wh: f64,
    stored_wh: f64,
    most_ac_w: f64,
    most_dc_w: f64,
}

impl Car {
    /// Some car that needs to charge.
    pub fn any(chance: &mut Chance) -> Self {
        let battery_wh = chance.between(38_000.0, 98_000.0);
        Self {
            battery_wh,
            stored_wh: battery_wh * chance.between(0.08, 0.45),
            most_ac_w: if chance.share() < 0.8 {
                11_000.0
            } else {
                22_000.0
            },
            most_dc_w: chance.between(70_000.0, 230_000.0),
        }
    }

    /// What it draws now. Alternating current stays the same to the end; direct
    /// current falls once the battery is more than half full.
    pub fn draws_w(&self, outlet: &Outlet) -> f64 {
        if self.is_full() {
            return 0.0;
        }
        if outlet.current != Current::Dc {
            return outlet.most_w.min(self.most_ac_w);
        }
        let share = self.stored_wh / self.battery_wh;
        let taper = if share < 0.55 {
            1.0
        } else {
            1.0 - (share - 0.55) / 0.45 * 0.85
        };
        outlet.most_w.min(self.most_dc_w * taper)
    }

    /// Charges for so many milliseconds; gives what it took, in watt-hours.
    pub fn charge(&mut self, outlet: &Outlet, millis: i64) -> f64 {
        let before = self.stored_wh;
        let mut left = millis;
        while left > 0 && !self.is_full() {
            let step = left.min(STEP);
            let taken = self.draws_w(outlet) * step as f64 / 3_600_000.0;
            self.stored_wh = (self.stored_wh + taken).min(self.battery_wh);
            left -= step;
        }
        self.stored_wh - before
    }

    /// Whether it takes no more.
    pub fn is_full(&self) -> bool {
        self.stored_wh >= self.battery_wh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn car() -> Car {
        Car {
            battery_wh: 60_000.0,
            stored_wh: 12_000.0,
            most_ac_w: 11_000.0,
            most_dc_w: 120_000.0,
        }
    }

    #[test]
    fn alternating_current_flows_evenly_until_the_battery_is_full() {
        let outlet = Outlet {
            current: Current::Ac,
            most_w: 22_000.0,
        };
        let mut car = car();
        let hours: Vec<f64> = (0..6).map(|_| car.charge(&outlet, HOUR).round()).collect();
        assert_eq!(
            hours,
            [11_000.0, 11_000.0, 11_000.0, 11_000.0, 4_000.0, 0.0]
        );
        assert!(car.is_full());
    }

    #[test]
    fn direct_current_falls_when_the_battery_fills() {
        let outlet = Outlet {
            current: Current::Dc,
            most_w: 100_000.0,
        };
        let mut car = car();
        let mut draws = Vec::new();
        while !car.is_full() {
            draws.push(car.draws_w(&outlet));
            car.charge(&outlet, 60_000);
        }
        assert_eq!(draws[0], 100_000.0);
        assert!(draws.is_sorted_by(|one, next| one >= next), "{draws:?}");
        assert!((20..90).contains(&draws.len()), "{}", draws.len());
    }
}
