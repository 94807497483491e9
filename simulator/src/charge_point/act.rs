//! What people do at a charge point, and what is done to it.

use portal_api::time::Instant;

use super::{ChargePoint, Done, Effect, Line, Manner, NEVER, Visit, after, told};
use crate::{
    car::Car,
    message::{Condition, End, Message},
};

/// What is done at, or to, a charge point.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A car is plugged in that does not charge yet.
    Plug(u32),
    /// A driver charges with a tag; without one it is the holder's.
    Charge(u32, Option<String>),
    /// The car leaves.
    Unplug(u32),
    /// A connector breaks.
    Break(u32),
    /// A connector works again.
    Mend(u32),
    /// The network is gone.
    Offline,
    /// The network is back; done when the server was told everything.
    Online,
    /// It takes commands in this way from now on.
    Behave(Manner),
}

impl ChargePoint {
    /// Does it, and tells what came of it.
    pub fn act(&mut self, now: Instant, action: Action, done: Done) {
        let outcome = match action {
            Action::Charge(number, tag) => {
                self.charge(now, number, tag, Some(done));
                return self.go_on(now);
            }
            Action::Online if !self.is_up_to_date() => {
                self.away_until = now;
                return self.returning.push(done);
            }
            Action::Online => Ok(()),
            Action::Offline => {
                self.stay_away_until(NEVER);
                Ok(())
            }
            Action::Behave(manner) => {
                self.behave(now, manner);
                Ok(())
            }
            Action::Plug(number) => self.connector(number).and_then(|one| one.plug()),
            Action::Unplug(number) => self.unplug(now, number),
            Action::Break(number) => self.break_down(now, number),
            Action::Mend(number) => self.connector(number).map(|one| one.mend()),
        };
        told(Some(done), outcome);
        self.go_on(now);
    }

    /// Takes commands in this way from now on.
    pub fn behave(&mut self, now: Instant, manner: Manner) {
        self.manner = manner;
        self.plan_mishap(now);
    }

    pub(super) fn plan_mishap(&mut self, now: Instant) {
        self.mishap = match self.manner {
            Manner::Dropping | Manner::Rebooting => {
                after(now, self.chance.between(20_000.0, 90_000.0) as i64)
            }
            _ => NEVER,
        };
    }

    pub(super) fn stay_away_until(&mut self, until: Instant) {
        self.away_until = until;
        self.hang_up();
    }

    /// Ends the connection; nothing more is said on it.
    pub(super) fn hang_up(&mut self) {
        self.line = Line::Down;
        self.effects.push(Effect::HangUp);
    }

    /// Asks the server about the tag, or lets it through while there is no server.
    pub(super) fn charge(
        &mut self,
        now: Instant,
        number: u32,
        tag: Option<String>,
        done: Option<Done>,
    ) {
        let tag = match self.who_charges(number, tag) {
            Ok(tag) => tag,
            Err(why) => return told(done, Err(why)),
        };
        if !self.is_registered() {
            let outcome = self.begin(now, number, &tag);
            return told(done, outcome);
        }
        self.outbox.put(Message::Authorize { tag: tag.clone() });
        self.visits.push(Visit {
            connector: number,
            tag,
            done,
        });
    }

    fn who_charges(&mut self, number: u32, tag: Option<String>) -> Result<String, &'static str> {
        let connector = self.connector(number)?;
        let holder = || connector.hold.as_ref().map(|hold| hold.tag.clone());
        let tag = tag.or_else(holder).ok_or("nobody holds it: whose tag?")?;
        connector.refuses(&tag).map_or(Ok(tag), Err)
    }

    /// Begins to charge, unless something has come in between.
    pub(super) fn begin(
        &mut self,
        now: Instant,
        number: u32,
        tag: &str,
    ) -> Result<(), &'static str> {
        let connector = self.connector(number)?;
        if let Some(why) = connector.refuses(tag) {
            return Err(why);
        }
        connector.arrive();
        self.tell_conditions(now);
        self.charges += 1;
        let name = format!("{:x}-{}", now.millis(), self.charges);
        let car = Car::any(&mut self.chance);
        let connector = self.connector(number)?;
        let report = connector.begin(name, tag.to_owned(), car, now);
        self.outbox.extend(report.map(Message::Charge));
        Ok(())
    }

    pub(super) fn unplug(&mut self, now: Instant, number: u32) -> Result<(), &'static str> {
        let connector = self.connector(number)?;
        if matches!(
            connector.condition(),
            Condition::Available | Condition::Reserved
        ) {
            return Err("nothing is plugged in");
        }
        let report = connector.unplug(now);
        self.outbox.extend(report.map(Message::Charge));
        Ok(())
    }

    fn break_down(&mut self, now: Instant, number: u32) -> Result<(), &'static str> {
        let connector = self.connector(number)?;
        let report = connector.finish(now, End::Broken);
        let hold = connector.breaks();
        self.outbox.extend(report.map(Message::Charge));
        self.outbox.extend(hold.map(|hold| Message::HoldOver {
            number: hold.number,
            expired: false,
        }));
        Ok(())
    }
}
