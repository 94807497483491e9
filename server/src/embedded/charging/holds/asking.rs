//! A driver asks for a plug, asks to keep it for longer, gives it up.

use portal_api::{
    dynamo::reservation::{Blocked, ReservationRequest},
    portal::{bookings::HELD_EARLIER_MINUTES, charge_points::ConnectorState, holds::HoldEnd},
    time::Instant,
};

use super::reading;
use crate::{
    embedded::{
        bookings::plugs,
        charging::{Charging, Work, feed, points, tags},
        people::Person,
        throttle::{self, HOLDS, Limit, Subject},
    },
    ids,
};

/// Somebody asks for a plug.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who.
    pub person: &'a Person,
    /// For which.
    pub request: &'a ReservationRequest,
    /// What makes it the same request, if anything does.
    pub key: Option<&'a str>,
    /// A hash of all that was asked.
    pub fingerprint: &'a str,
}

/// A hold that was asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked {
    /// Prefix `rsv_`.
    pub id: String,
    /// Whether it was asked for before.
    pub again: bool,
}

/// Why a hold was not asked for, extended or given up.
#[derive(Debug, thiserror::Error)]
pub enum Undone {
    /// There is no such plug or hold, or it isn't theirs.
    #[error("there is no such thing")]
    NotFound,
    /// The plug cannot be held.
    #[error("the plug cannot be held")]
    Blocked(Blocked),
    /// The tag is somebody else's or nobody's.
    #[error("the tag is not theirs")]
    Tag,
    /// The time is too short, too long or over.
    #[error("the time does not fit")]
    Time,
    /// Something else was asked with the same key.
    #[error("the key is another request's")]
    Otherwise,
    /// Too many tries; so many seconds to wait.
    #[error("too many tries")]
    TooMany(u64),
    /// No id.
    #[error(transparent)]
    Random(#[from] ids::NoRandomness),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

impl Charging {
    /// Asks for a plug: the hold is written down, and its charge point will be asked.
    pub async fn ask(&self, asking: &Asking<'_>) -> Result<Asked, Undone> {
        let Some(key) = asking.key else {
            return self.write_down(asking, None).await;
        };
        let key = [&asking.person.id, " ", key].concat();
        if let Some(before) = self.before(&key, asking.fingerprint).await? {
            return Ok(before);
        }
        match self.write_down(asking, Some(&key)).await {
            // Perhaps by the same request, a moment ago.
            Err(Undone::Blocked(Blocked::Taken)) => {
                let before = self.before(&key, asking.fingerprint).await?;
                before.ok_or(Undone::Blocked(Blocked::Taken))
            }
            done => done,
        }
    }

    async fn write_down(&self, asking: &Asking<'_>, key: Option<&str>) -> Result<Asked, Undone> {
        let mut work = self.begin().await?;
        let now = work.now;
        let until = self.within_rules(asking.request.expires_at, now, now)?;
        let connector = i64::from(asking.request.connector_id);
        let place = (&asking.request.charge_point_id[..], connector);
        check_free(&mut work, place).await?;
        check_not_booked(&mut work, place, until).await?;
        let tag = tags::sent(&mut work.write, asking.person, &asking.request.id_tag).await?;
        let tag = tag.ok_or(Undone::Tag)?;
        self.check_most(&mut work, &asking.person.id).await?;
        let most = self.rules.tries;
        let subject = Subject(Limit { most, ..HOLDS }, &asking.person.id);
        if let Some(wait) = throttle::count(&mut work.write, &[subject], now).await? {
            return Err(Undone::TooMany(wait));
        }
        let id = ids::new_id("rsv")?;
        let number = feed::next(&mut work.write, "reservation").await?;
        let added = sqlx::query(
            "insert into reservations (id, number, person_id, charge_point_id, connector, id_tag,
                sent_tag, stage, request_key, fingerprint, expires_at, created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, 'asking', $8, $9, $10, $11, $11)
                on conflict do nothing",
        )
        .bind(&id)
        .bind(number)
        .bind(&asking.person.id)
        .bind(place.0)
        .bind(place.1)
        .bind(&asking.request.id_tag)
        .bind(tag)
        .bind(key)
        .bind(asking.fingerprint)
        .bind(until.millis())
        .bind(now.millis())
        .execute(&mut *work.write)
        .await?;
        if added.rows_affected() == 0 {
            return Err(Undone::Blocked(Blocked::Taken));
        }
        work.tell_hold(&id).await?;
        work.commit().await?;
        Ok(Asked { id, again: false })
    }

    /// What was asked for before with the same key.
    async fn before(&self, key: &str, fingerprint: &str) -> Result<Option<Asked>, Undone> {
        let row: Option<(String, String)> =
            sqlx::query_as("select id, fingerprint from reservations where request_key = $1")
                .bind(key)
                .fetch_optional(self.store.readers())
                .await?;
        match row {
            None => Ok(None),
            Some((id, before)) if before == fingerprint => Ok(Some(Asked { id, again: true })),
            Some(_) => Err(Undone::Otherwise),
        }
    }

    /// Asks to keep a plug for longer.
    pub async fn extend(&self, person_id: &str, id: &str, until: Instant) -> Result<(), Undone> {
        let mut work = self.begin().await?;
        let hold = reading::one(&mut work.write, work.longest_hold, id, Some(person_id)).await?;
        let (_, hold) = hold.ok_or(Undone::NotFound)?;
        if !hold.is_live() {
            return Err(Undone::Blocked(Blocked::Over));
        }
        let created = hold.reservation.created_at.unwrap_or(work.now);
        let until = self.within_rules(until, work.now, created)?;
        let connector = i64::from(hold.reservation.connector_id);
        let place = (&hold.reservation.charge_point_id[..], connector);
        check_not_booked(&mut work, place, until).await?;
        sqlx::query(
            "update reservations set wanted_until = $2, tries = 0, updated_at = $3
                where id = $1 and stage = 'held' and expires_at <> $2",
        )
        .bind(id)
        .bind(until.millis())
        .bind(work.now.millis())
        .execute(&mut *work.write)
        .await?;
        work.tell_hold(id).await?;
        work.commit().await?;
        Ok(())
    }

    /// Whether a longer time that was asked for has been answered.
    pub async fn extended(&self, id: &str) -> Result<bool, sqlx::Error> {
        let waiting: Option<i64> = sqlx::query_scalar(
            "select 1 from reservations where id = $1 and stage = 'held'
                and wanted_until is not null",
        )
        .bind(id)
        .fetch_optional(self.store.readers())
        .await?;
        Ok(waiting.is_none())
    }

    /// Gives a hold up: it is over for the driver, and its charge point will hear of it.
    pub async fn cancel(&self, person_id: &str, id: &str) -> Result<(), Undone> {
        let mut work = self.begin().await?;
        let hold = reading::one(&mut work.write, work.longest_hold, id, Some(person_id)).await?;
        let (_, hold) = hold.ok_or(Undone::NotFound)?;
        match hold.end {
            None => work.give_up(id, &HoldEnd::Cancelled, None).await?,
            // It was asked for twice.
            Some(HoldEnd::Cancelled) => return Ok(()),
            Some(_) => return Err(Undone::Blocked(Blocked::Over)),
        }
        work.commit().await?;
        Ok(())
    }

    /// The time to the second, if it is one for which a plug can be held.
    pub fn within_rules(
        &self,
        until: Instant,
        now: Instant,
        since: Instant,
    ) -> Result<Instant, Undone> {
        let rules = &self.rules.holds;
        let earliest = now.plus_seconds(i64::from(rules.shortest_minutes) * 60);
        let latest = since.plus_seconds(self.rules.longest_hold());
        // A request takes a moment on its way, and the wire tells whole seconds.
        let fits = until >= earliest.plus_seconds(-5) && until <= latest.plus_seconds(5);
        let whole = Instant::from_millis(until.millis().div_euclid(1_000) * 1_000);
        fits.then_some(whole).ok_or(Undone::Time)
    }

    async fn check_most(&self, work: &mut Work, person_id: &str) -> Result<(), Undone> {
        // Two requests of one driver at the same moment count one after the other.
        sqlx::query("update people set id = id where id = $1")
            .bind(person_id)
            .execute(&mut *work.write)
            .await?;
        let live: i64 = sqlx::query_scalar(
            "select count(*) from reservations where person_id = $1 and ended is null
                and booking_id is null",
        )
        .bind(person_id)
        .fetch_one(&mut *work.write)
        .await?;
        if live >= i64::from(self.rules.holds.most) {
            return Err(Undone::Blocked(Blocked::MostHolds));
        }
        Ok(())
    }
}

/// Says why a plug cannot be held now, without asking its charge point.
async fn check_free(work: &mut Work, (id, connector): (&str, i64)) -> Result<(), Undone> {
    let state = points::shown(&mut work.write, id, connector).await?;
    let blocked = match state.ok_or(Undone::NotFound)? {
        ConnectorState::Available => return check_untaken(work, (id, connector)).await,
        ConnectorState::Reserved => Blocked::Taken,
        ConnectorState::Occupied => Blocked::Occupied,
        ConnectorState::Faulted => Blocked::Faulted,
        ConnectorState::Unavailable | ConnectorState::Other(_) => Blocked::Unavailable,
        ConnectorState::Offline => Blocked::Offline,
    };
    Err(Undone::Blocked(blocked))
}

/// Whether nobody asks for it at this moment; most who come too late end here.
async fn check_untaken(work: &mut Work, (id, connector): (&str, i64)) -> Result<(), Undone> {
    let (takes_holds, taken): (i64, i64) = sqlx::query_as(
        "select p.takes_holds, (select count(*) from reservations r
            where r.charge_point_id = p.id and r.connector = $2 and r.stage <> 'over')
            from charge_points p where p.id = $1",
    )
    .bind(id)
    .bind(connector)
    .fetch_one(&mut *work.write)
    .await?;
    if takes_holds == 0 {
        return Err(Undone::Blocked(Blocked::Unsupported));
    }
    if taken > 0 {
        return Err(Undone::Blocked(Blocked::Taken));
    }
    Ok(())
}

/// Whether nobody has booked it for a time before then. Whoever books it at this moment
/// waits, or was first.
async fn check_not_booked(
    work: &mut Work,
    place: (&str, i64),
    until: Instant,
) -> Result<(), Undone> {
    plugs::lock(&mut work.write, place).await?;
    let window = (work.now, until.plus_seconds(HELD_EARLIER_MINUTES * 60));
    if plugs::is_booked(&mut work.write, place, window).await? {
        return Err(Undone::Blocked(Blocked::Taken));
    }
    Ok(())
}
