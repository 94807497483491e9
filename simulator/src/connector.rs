//! A connector: who holds it, what is plugged in, what its meter shows.

use portal_api::time::Instant;

use crate::{
    car::{Car, Outlet},
    message::{Condition, End, Moment, Report},
};

/// A connector of a charge point.
#[derive(Debug)]
pub struct Connector {
    /// From 1.
    pub number: u32,
    /// Who may use it next.
    pub hold: Option<Hold>,
    /// What the server was told last that it is doing.
    pub told: Option<&'static str>,
    /// When the holder comes.
    pub holder_comes: Option<Instant>,
    /// When somebody comes by to plug in.
    pub visitor_comes: Option<Instant>,
    /// When who is there leaves.
    pub leaves: Option<Instant>,
    outlet: Outlet,
    bay: Bay,
    broken: bool,
    meter_wh: f64,
}

/// A promise to keep the connector for somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// What the server calls it.
    pub number: i64,
    /// For whom.
    pub tag: String,
    /// Until when.
    pub until: Instant,
}

#[derive(Debug)]
enum Bay {
    Empty,
    Plugged,
    /// A car charges that the server knows of from elsewhere.
    Busy,
    Charging(Charge),
    Finished,
}

#[derive(Debug)]
struct Charge {
    name: String,
    tag: String,
    car: Car,
    /// Up to when its energy is counted.
    counted: Instant,
    /// When it is reported next.
    sampled: Instant,
    reports: u32,
}

impl Connector {
    /// A free connector whose meter has run before; `busy`: with a car that charges.
    pub fn new(number: u32, outlet: Outlet, meter_wh: f64, busy: bool) -> Self {
        Self {
            number,
            hold: None,
            told: None,
            holder_comes: None,
            visitor_comes: None,
            leaves: None,
            outlet,
            bay: if busy { Bay::Busy } else { Bay::Empty },
            broken: false,
            meter_wh,
        }
    }

    /// What it is doing.
    pub fn condition(&self) -> Condition {
        match &self.bay {
            _ if self.broken => Condition::Faulted,
            Bay::Charging(charge) if charge.car.is_full() => Condition::Full,
            Bay::Charging(_) | Bay::Busy => Condition::Charging,
            Bay::Plugged => Condition::Preparing,
            Bay::Finished => Condition::Finishing,
            Bay::Empty if self.hold.is_some() => Condition::Reserved,
            Bay::Empty => Condition::Available,
        }
    }

    /// Why somebody with this tag cannot charge here now; `None`: they can.
    pub fn refuses(&self, tag: &str) -> Option<&'static str> {
        match self.condition() {
            Condition::Faulted => Some("it is broken"),
            Condition::Charging | Condition::Full => Some("a car is charging"),
            Condition::Reserved if !self.is_held_for(tag) => Some("it is held for somebody else"),
            _ => None,
        }
    }

    fn is_held_for(&self, tag: &str) -> bool {
        let holder = self.hold.as_ref().map(|hold| &hold.tag);
        holder.is_some_and(|holder| holder.eq_ignore_ascii_case(tag))
    }

    /// Plugs a car in that does not charge yet.
    pub fn plug(&mut self) -> Result<(), &'static str> {
        match self.condition() {
            Condition::Available => {
                self.bay = Bay::Plugged;
                Ok(())
            }
            Condition::Reserved => Err("it is held"),
            Condition::Faulted => Err("it is broken"),
            _ => Err("a car is plugged in"),
        }
    }

    /// Plugs the car of somebody in whose tag is let through.
    pub fn arrive(&mut self) {
        if matches!(self.bay, Bay::Empty) {
            self.bay = Bay::Plugged;
        }
    }

    /// Begins a charge, which uses the hold up.
    pub fn begin(&mut self, name: String, tag: String, car: Car, now: Instant) -> Option<Report> {
        let used = self
            .hold
            .take_if(|hold| hold.tag.eq_ignore_ascii_case(&tag));
        self.holder_comes = None;
        self.bay = Bay::Charging(Charge {
            name,
            tag,
            car,
            counted: now,
            sampled: now,
            reports: 0,
        });
        let reservation = used.map(|hold| hold.number);
        self.report(now, Moment::Began { reservation })
    }

    /// How the charge goes; `None` if there is none.
    pub fn report(&mut self, now: Instant, moment: Moment) -> Option<Report> {
        let Bay::Charging(charge) = &mut self.bay else {
            return None;
        };
        let millis = now.millis() - charge.counted.millis();
        self.meter_wh += charge.car.charge(&self.outlet, millis);
        charge.counted = charge.counted.max(now);
        charge.sampled = now;
        charge.reports += 1;
        Some(Report {
            charge: charge.name.clone(),
            connector: self.number,
            tag: charge.tag.clone(),
            at: now,
            meter_wh: self.meter_wh as u64,
            power_w: charge.car.draws_w(&self.outlet) as u64,
            number: charge.reports - 1,
            moment,
        })
    }

    /// When the charge was reported last; `None` if there is none.
    pub fn sampled(&self) -> Option<Instant> {
        match &self.bay {
            Bay::Charging(charge) => Some(charge.sampled),
            _ => None,
        }
    }

    /// The name of the charge that goes on.
    pub fn charge(&self) -> Option<&str> {
        match &self.bay {
            Bay::Charging(charge) => Some(&charge.name),
            _ => None,
        }
    }

    /// Ends the charge, the car stays plugged in.
    pub fn finish(&mut self, now: Instant, end: End) -> Option<Report> {
        let report = self.report(now, Moment::Ended(end))?;
        self.bay = Bay::Finished;
        Some(report)
    }

    /// Takes the car away.
    pub fn unplug(&mut self, now: Instant) -> Option<Report> {
        let report = self.finish(now, End::Unplugged);
        self.bay = Bay::Empty;
        self.leaves = None;
        report
    }

    /// Breaks; gives the hold back that nobody can use any more.
    pub fn breaks(&mut self) -> Option<Hold> {
        self.broken = true;
        self.holder_comes = None;
        self.hold.take()
    }

    /// Works again.
    pub fn mend(&mut self) {
        self.broken = false;
    }
}
