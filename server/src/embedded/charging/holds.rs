//! Holding a plug. A hold is asked for, then held once its charge point says so, then
//! over; until the charge point has heard that it is over, it is ending. It is in the
//! store before the charge point is asked, and has one number all its life: whatever
//! breaks off in between is taken up again by asking with the same number.
//!
//! - [`asking`]: a driver asks, extends, gives up. [`reading`]: what is told of a hold.
//!   `orders`: what charge points are ordered and what they say, also of charges that are
//!   to end.

pub mod asking;
mod orders;
pub mod reading;

use portal_api::{
    dynamo::reservation::Blocked,
    portal::{events::HOLD, holds::HoldEnd},
};

use super::{Charging, News, Work};
use crate::{embedded::bookings::reading as bookings, ocpp::message::State};

/// A hold that ends so shortly before its time has expired; so late a reason may come.
const CLOCKS_DIFFER: i64 = 60;

/// A charge point that is not there is waited for so many seconds.
const WAIT_FOR_CHARGE_POINT: i64 = 10;

impl Work {
    /// Ends a hold: the charge point knows of it.
    pub(super) async fn end(&mut self, id: &str, end: &HoldEnd) -> Result<(), sqlx::Error> {
        sqlx::query(
            "update reservations set stage = 'over', ended = coalesce(ended, $2),
                wanted_until = null, updated_at = $3 where id = $1 and stage <> 'over'",
        )
        .bind(id)
        .bind(end.as_str())
        .bind(self.now.millis())
        .execute(&mut *self.write)
        .await?;
        self.tell_hold(id).await
    }

    /// Ends a hold for the driver: the charge point is to hear of it.
    pub(in crate::embedded) async fn give_up(
        &mut self,
        id: &str,
        end: &HoldEnd,
        blocked: Option<&Blocked>,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "update reservations set stage = 'ending', ended = $2, blocked = $3, tries = 0,
                wanted_until = null, updated_at = $4
                where id = $1 and stage in ('asking', 'held')",
        )
        .bind(id)
        .bind(end.as_str())
        .bind(blocked.map(Blocked::as_str))
        .bind(self.now.millis())
        .execute(&mut *self.write)
        .await?;
        self.tell_hold(id).await
    }

    /// Tells its driver how a hold is, and wakes its charge point. Of one that was booked
    /// the booking is told.
    pub(in crate::embedded) async fn tell_hold(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let Some((whose, hold)) =
            reading::one(&mut self.write, self.longest_hold, id, None).await?
        else {
            return Ok(());
        };
        let charge_point_id = hold.reservation.charge_point_id.clone();
        let connector = i64::from(hold.reservation.connector_id);
        let news = match whose {
            reading::Whose::Driver(person_id) => News::of(&person_id, HOLD, &hold),
            reading::Whose::Booking(id) => bookings::news(&mut self.write, &id).await?,
        };
        if let Some(mut news) = news {
            news.charge_point_id = Some(charge_point_id.clone());
            self.news.push(news);
        }
        super::points::tell(self, &charge_point_id, connector).await
    }
}

/// What the state of a connector means for the hold of it.
pub(super) async fn follow(
    work: &mut Work,
    (charge_point_id, connector): (&str, i64),
    state: State,
    was_reserved: bool,
) -> Result<(), sqlx::Error> {
    let held: Option<(String, i64, Option<i64>)> = sqlx::query_as(
        "select id, expires_at, wanted_until from reservations
            where charge_point_id = $1 and connector = $2 and stage = 'held'",
    )
    .bind(charge_point_id)
    .bind(connector)
    .fetch_optional(&mut *work.write)
    .await?;
    let Some((id, expires_at, wanted_until)) = held else {
        return match state {
            State::Faulted | State::Unavailable => {
                explain(work, (charge_point_id, connector)).await
            }
            State::Available | State::Occupied | State::Reserved => Ok(()),
        };
    };
    let nearly_over = work.now.plus_seconds(CLOCKS_DIFFER).millis() >= expires_at;
    match state {
        State::Faulted | State::Unavailable => work.end(&id, &HoldEnd::OutOfOrder).await,
        // Unless the charge point is about to be asked again.
        State::Available if was_reserved && wanted_until.is_none() => {
            let end = if nearly_over {
                HoldEnd::Expired
            } else {
                HoldEnd::ByOperator
            };
            work.end(&id, &end).await
        }
        State::Available | State::Occupied | State::Reserved => Ok(()),
    }
}

/// A charge point that breaks takes its hold away first and says why afterwards.
async fn explain(
    work: &mut Work,
    (charge_point_id, connector): (&str, i64),
) -> Result<(), sqlx::Error> {
    let taken_away: Option<String> = sqlx::query_scalar(
        "update reservations set ended = 'out_of_order' where charge_point_id = $1
            and connector = $2 and stage = 'over' and ended = 'by_operator' and updated_at >= $3
            returning id",
    )
    .bind(charge_point_id)
    .bind(connector)
    .bind(work.now.plus_seconds(-CLOCKS_DIFFER).millis())
    .fetch_optional(&mut *work.write)
    .await?;
    match taken_away {
        Some(id) => work.tell_hold(&id).await,
        None => Ok(()),
    }
}

/// A hold ended at the charge point, by its number.
pub(super) async fn ended_there(
    work: &mut Work,
    charge_point_id: &str,
    number: i64,
    expired: bool,
) -> Result<(), sqlx::Error> {
    let id: Option<String> = sqlx::query_scalar(
        "select id from reservations
            where number = $1 and charge_point_id = $2 and stage in ('held', 'ending')",
    )
    .bind(number)
    .bind(charge_point_id)
    .fetch_optional(&mut *work.write)
    .await?;
    let end = if expired {
        HoldEnd::Expired
    } else {
        HoldEnd::ByOperator
    };
    match id {
        Some(id) => work.end(&id, &end).await,
        None => Ok(()),
    }
}

/// A charge began: the hold that it used, by its number or because it is the tag's.
pub(super) async fn used(
    work: &mut Work,
    (charge_point_id, connector): (&str, i64),
    number: Option<i64>,
    person_id: &str,
    session_id: &str,
) -> Result<(), sqlx::Error> {
    let id: Option<String> = sqlx::query_scalar(
        "select id from reservations where charge_point_id = $1 and person_id = $4
            and (number = $3 or connector = $2) and stage <> 'over'
            order by case when number = $3 then 0 else 1 end limit 1",
    )
    .bind(charge_point_id)
    .bind(connector)
    .bind(number)
    .bind(person_id)
    .fetch_optional(&mut *work.write)
    .await?;
    let Some(id) = id else {
        return Ok(());
    };
    sqlx::query(
        "update reservations set session_id = $2, ended = 'used', stage = 'ending' where id = $1",
    )
    .bind(&id)
    .bind(session_id)
    .execute(&mut *work.write)
    .await?;
    work.end(&id, &HoldEnd::Used).await
}

/// A charge point has started and may have forgotten its holds: it is asked again.
pub(super) async fn remind(work: &mut Work, charge_point_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update reservations set wanted_until = coalesce(wanted_until, expires_at)
            where charge_point_id = $1 and stage = 'held'",
    )
    .bind(charge_point_id)
    .execute(&mut *work.write)
    .await
    .map(drop)
}

impl Charging {
    /// Ends the holds whose time is over, and those that wait for a charge point which
    /// isn't there.
    pub async fn end_what_is_over(&self) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        // Most of the time there is nothing, and nobody has to wait for that.
        let due: Vec<(String, String, i64)> = sqlx::query_as(
            "select r.id, r.stage, case when r.expires_at <= $1 then 1 else 0 end
                from reservations r join charge_points p on p.id = r.charge_point_id
                where r.stage <> 'over' and (r.expires_at <= $1
                    or (r.stage = 'asking' and p.server_id is null and r.updated_at <= $2))",
        )
        .bind(now.millis())
        .bind(now.plus_seconds(-WAIT_FOR_CHARGE_POINT).millis())
        .fetch_all(self.store.readers())
        .await?;
        for (id, stage, expired) in due {
            let mut work = self.begin().await?;
            match (&stage[..], expired == 1) {
                ("held", _) => work.end(&id, &HoldEnd::Expired).await?,
                // It isn't there: it may have heard, or not.
                ("asking", false) => {
                    let blocked = Some(&Blocked::NoAnswer);
                    work.give_up(&id, &HoldEnd::NoAnswer, blocked).await?;
                }
                _ => work.end(&id, &HoldEnd::NoAnswer).await?,
            }
            work.commit().await?;
        }
        Ok(())
    }
}
