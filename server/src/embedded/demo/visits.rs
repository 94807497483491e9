//! A visit to a place, and what it charged there.

use chrono::{Datelike, NaiveDate};
use portal_api::time::Instant;

use super::{
    calendar::{instant, shuts_at},
    car::{Car, Charge, Plug, Point},
    dice::Dice,
    forecourt::{Forecourt, Spot},
    places::{Place, place},
};
use crate::embedded::tariffs::price::Reading;

/// Somebody means to charge.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// Where, by the place's key.
    pub place: &'static str,
    /// At a fast plug or not.
    pub direct: bool,
    /// On which day of the place's calendar.
    pub day: NaiveDate,
    /// When they plug in, in minutes after midnight there.
    pub minute: i64,
    /// How many minutes they have.
    pub stay: i64,
    /// How full the battery is, in thousandths.
    pub from: i64,
    /// How full they want it, in thousandths.
    pub to: i64,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Charged {
    /// Where.
    pub place: &'static Place,
    /// At which charge point.
    pub charge_point_id: String,
    /// At which of its connectors.
    pub connector: u32,
    /// What charging there costs.
    pub tariff: &'static str,
    /// When they plugged in.
    pub started: Instant,
    /// When the car had what they wanted, if it stayed on.
    pub charged_until: Option<Instant>,
    /// When they drove off.
    pub ended: Instant,
    /// What went into the car.
    pub energy_wh: i64,
    /// What the meter showed on the way.
    pub readings: Vec<Reading>,
    /// Whether it was cut short.
    pub stopped: bool,
}

/// Of a hundred sessions, so many are cut short.
const STOPPED_PERCENT: i64 = 4;

/// Nobody plugs in for less.
const SHORTEST_SECONDS: i64 = 8 * 60;

impl Visit {
    /// Charges, if the place is open and a plug is free, and is gone by `latest`.
    pub fn charge(
        &self,
        car: Car,
        forecourt: &mut Forecourt,
        dice: &mut Dice,
        latest: Instant,
    ) -> Option<Charged> {
        let place = place(self.place)?;
        let started = instant(place.zone, self.day, self.minute)?.plus_seconds(dice.within(0, 59));
        let shuts = shuts_at(&place.hours, place.zone, started)?;
        let leave = started
            .plus_seconds(self.stay * 60 + dice.within(0, 240))
            .min(shuts.plus_seconds(-dice.within(60, 600)))
            .min(latest);
        if seconds_between(started, leave) < SHORTEST_SECONDS {
            return None;
        }
        let turn = usize::try_from(dice.within(0, 99)).ok()?;
        let spot = forecourt.free(self.place, self.direct, started, leave, turn)?;
        let charged = self.charge_at(spot, place, car, dice, (started, leave));
        spot.take(charged.started, charged.ended);
        Some(charged)
    }

    fn charge_at(
        &self,
        spot: &Spot,
        place: &'static Place,
        car: Car,
        dice: &mut Dice,
        (started, leave): (Instant, Instant),
    ) -> Charged {
        let plug = Plug {
            direct: spot.plugs.direct,
            power_w: spot.plugs.power_w,
        };
        let condition = self.condition(dice);
        let stay = seconds_between(started, leave);
        let mut charge = car.charge(plug, self.from, self.to, condition, stay);
        let stopped = dice.chance(STOPPED_PERCENT) && charge.seconds > 20 * 60;
        let (charged_until, ended) = if stopped {
            let cut = charge.seconds * dice.within(20, 70) / 100;
            charge = car.charge(plug, self.from, self.to, condition, cut);
            (None, started.plus_seconds(cut))
        } else {
            self.departure(&charge, started, leave, dice)
        };
        Charged {
            place,
            charge_point_id: spot.charge_point_id.clone(),
            connector: spot.connector,
            tariff: spot.tariff,
            started,
            charged_until,
            ended,
            energy_wh: charge.energy_wh,
            readings: readings(&charge.curve, started),
            stopped,
        }
    }

    /// When the car was done, if it stayed on, and when it left: nobody
    /// lingers at a fast plug.
    fn departure(
        &self,
        charge: &Charge,
        started: Instant,
        leave: Instant,
        dice: &mut Dice,
    ) -> (Option<Instant>, Instant) {
        let done = started.plus_seconds(charge.seconds);
        let lingers = dice.within(40, 900);
        let ended = if self.direct {
            done.plus_seconds(lingers).min(leave)
        } else {
            leave
        };
        let stayed = seconds_between(done, ended) >= 60;
        (stayed.then_some(done), ended)
    }

    /// Cold batteries take their part, in thousandths.
    fn condition(&self, dice: &mut Dice) -> i64 {
        match self.day.month() {
            12 | 1 | 2 if self.direct => dice.within(620, 820),
            12 | 1 | 2 => dice.within(900, 960),
            _ => dice.within(930, 990),
        }
    }
}

/// What the meter shows in the course of a charge.
pub fn readings(curve: &[Point], started: Instant) -> Vec<Reading> {
    let reading = |point: &Point| Reading {
        at: started.plus_seconds(point.seconds),
        energy_wh: point.energy_wh,
        power_w: Some(point.power_w),
    };
    curve.iter().map(reading).collect()
}

/// How many seconds lie between them.
pub fn seconds_between(from: Instant, to: Instant) -> i64 {
    (to.millis() - from.millis()) / 1_000
}

/// Lets somebody make their visits one after the other, leaving out those for
/// which they would have to be in two places.
pub fn charge_all(
    visits: &mut [Visit],
    car: Car,
    forecourt: &mut Forecourt,
    dice: &mut Dice,
    latest: Instant,
) -> Vec<Charged> {
    visits.sort_by_key(|visit| (visit.day, visit.minute));
    let mut all: Vec<Charged> = Vec::new();
    for visit in visits {
        let free_from = all.last().map(|last| last.ended.plus_seconds(45 * 60));
        let starts = place(visit.place)
            .and_then(|place| instant(place.zone, visit.day, visit.minute))
            .filter(|starts| free_from.is_none_or(|free| *starts >= free));
        if starts.is_some() {
            all.extend(visit.charge(car, forecourt, dice, latest));
        }
    }
    all
}
