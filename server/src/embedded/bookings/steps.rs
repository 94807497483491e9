//! What becomes of a booking. Each step is one conditional `update`: of two that take it
//! at once, one does, and tells of it.

use portal_api::{
    money::{Currency, Money},
    petit_monde::booking::BookingStatus,
    portal::{
        bookings::{BookingTrouble, HELD_EARLIER_MINUTES},
        holds::HoldEnd,
    },
    time::Instant,
};

use super::{
    payers, plugs,
    reading::{self, Stored},
};
use crate::embedded::{
    charging::{Work, feed},
    groups::{limits, stops},
    sessions,
};

/// What is written with a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change<'a> {
    /// What it cost in the end, in the currency's smallest unit.
    pub price: Option<i64>,
    /// If that is in another currency than was thought.
    pub currency: Option<Currency>,
    pub trouble: Option<&'a BookingTrouble>,
    pub reason: Option<&'a str>,
    pub session: Option<&'a str>,
    pub reservation: Option<&'a str>,
}

/// Somebody begins to charge.
#[derive(Clone, Copy, Debug)]
pub struct Coming<'a> {
    /// Where.
    pub place: (&'a str, i64),
    /// Whoever pays.
    pub person_id: &'a str,
    /// What was held to the reader.
    pub tag: &'a str,
    /// When.
    pub at: Instant,
}

impl Work {
    /// Takes a booking a step further, if it stands where it is expected to.
    pub(super) async fn turn(
        &mut self,
        id: &str,
        from: &BookingStatus,
        to: &BookingStatus,
        change: &Change<'_>,
    ) -> Result<bool, sqlx::Error> {
        let price = change.price.or(to.is_over().then_some(0));
        let done = sqlx::query(
            "update bookings set status = $3, status_at = $4, updated_at = $4, price_minor = $5,
                currency = coalesce($6, currency), trouble = $7, cancel_reason = $8,
                session_id = coalesce($9, session_id),
                cpo_reservation_id = coalesce($10, cpo_reservation_id)
                where id = $1 and status = $2",
        )
        .bind(id)
        .bind(from.as_str())
        .bind(to.as_str())
        .bind(self.now.millis())
        .bind(price)
        .bind(change.currency.as_ref().map(|currency| currency.code()))
        .bind(change.trouble.map(BookingTrouble::as_str))
        .bind(change.reason)
        .bind(change.session)
        .bind(change.reservation)
        .execute(&mut *self.write)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let Some(stored) = reading::one(&mut self.write, id).await? else {
            return Ok(false);
        };
        if to.is_over() {
            let spent = stored.price().filter(|price| price.minor > 0);
            limits::settle(&mut self.write, id, spent).await?;
        }
        self.write_to_booker(&stored).await?;
        self.tell_booking(id).await?;
        Ok(true)
    }

    pub(super) async fn tell_booking(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let news = reading::news(&mut self.write, id).await?;
        self.news.extend(news);
        Ok(())
    }

    /// Gives up what the charge point holds for a booking.
    pub(super) async fn release(&mut self, stored: &Stored) -> Result<(), sqlx::Error> {
        match &stored.cpo_reservation_id {
            Some(hold) => self.give_up(hold, &HoldEnd::Cancelled, None).await,
            None => Ok(()),
        }
    }

    /// The booking that somebody comes for who begins to charge, if there is one; nobody
    /// else takes it further from here on.
    pub async fn expected(&mut self, coming: &Coming<'_>) -> Result<Option<String>, sqlx::Error> {
        let id: Option<String> = sqlx::query_scalar(
            "select id from bookings where charge_point_id = $1 and connector = $2
                and status = 'CONFIRMED' and starts_at <= $3 and ends_at > $4
                and case strategy when 'ad_hoc' then tag = $5 else payer_id = $6 end
                order by starts_at limit 1",
        )
        .bind(coming.place.0)
        .bind(coming.place.1)
        .bind(soon(coming.at).millis())
        .bind(coming.at.millis())
        .bind(coming.tag.to_uppercase())
        .bind(coming.person_id)
        .fetch_optional(&mut *self.write)
        .await?;
        let Some(id) = id else {
            return Ok(None);
        };
        sqlx::query_scalar(
            "update bookings set updated_at = updated_at
                where id = $1 and status = 'CONFIRMED' returning id",
        )
        .bind(id)
        .fetch_optional(&mut *self.write)
        .await
    }

    /// The driver of a booking is there, and charges.
    pub async fn attend(&mut self, id: &str, session_id: &str) -> Result<(), sqlx::Error> {
        let change = Change {
            session: Some(session_id),
            ..Change::default()
        };
        let (from, to) = (BookingStatus::Confirmed, BookingStatus::Attending);
        if self.turn(id, &from, &to, &change).await? {
            limits::begun(&mut self.write, id, session_id).await?;
        }
        Ok(())
    }

    /// A session has ended, and the booking that it was with it: for its real price.
    pub async fn complete(&mut self, session_id: &str) -> Result<(), sqlx::Error> {
        let id: Option<String> = sqlx::query_scalar(
            "select id from bookings where session_id = $1 and status = 'ATTENDING'",
        )
        .bind(session_id)
        .fetch_optional(&mut *self.write)
        .await?;
        let Some(id) = id else {
            return Ok(());
        };
        let cost = sessions::cost_now(&mut self.write, session_id, self.now).await?;
        let stopped = stops::stopped(&mut self.write, session_id).await?;
        let change = Change {
            price: cost.map(|cost| cost.minor),
            currency: cost.map(|cost: Money| cost.currency),
            trouble: stopped.then_some(&BookingTrouble::GroupLimit),
            ..Change::default()
        };
        let (from, to) = (BookingStatus::Attending, BookingStatus::Completed);
        self.turn(&id, &from, &to, &change).await.map(drop)
    }

    /// Nobody came. Where the plug was held for them to the end, that may cost something;
    /// whoever came and found it broken, or its charge point without power, has nothing to
    /// pay: that it was not there is all that is known then.
    pub(in crate::embedded) async fn lapse(
        &mut self,
        stored: &Stored,
        was_there: bool,
    ) -> Result<(), sqlx::Error> {
        let held: Option<i64> = sqlx::query_scalar(
            "select held_at from reservations where id = $1 and held_at is not null
                and (stage = 'held' or ended = 'expired')",
        )
        .bind(&stored.cpo_reservation_id)
        .fetch_optional(&mut *self.write)
        .await?;
        let place = (&stored.charge_point_id[..], stored.connector);
        let plug = plugs::at(&mut self.write, place).await?;
        let (to, price) = match (held, plug) {
            (Some(_), Some(plug)) if was_there => (BookingStatus::NoShow, plug.terms.no_show_fee),
            _ => (BookingStatus::Expired, 0),
        };
        let change = Change {
            price: Some(price),
            ..Change::default()
        };
        let from = BookingStatus::Confirmed;
        self.turn(&stored.id, &from, &to, &change).await.map(drop)
    }

    /// Has the plug held at its charge point, unless somebody else still holds it.
    pub(in crate::embedded) async fn hold_for(
        &mut self,
        stored: &Stored,
    ) -> Result<(), sqlx::Error> {
        let place = (&stored.charge_point_id[..], stored.connector);
        plugs::lock(&mut self.write, place).await?;
        let stands = sqlx::query(
            "update bookings set updated_at = $2
                where id = $1 and status = 'CONFIRMED' and ends_at > $2",
        )
        .bind(&stored.id)
        .bind(self.now.millis())
        .execute(&mut *self.write)
        .await?;
        let Some(hold) = stored.cpo_reservation_id.as_deref() else {
            return Ok(());
        };
        if stands.rows_affected() == 0 || self.is_taken(place).await? {
            return Ok(());
        }
        let tag = match &stored.group_id {
            // The one that was chosen may be blocked by now.
            Some(group) => payers::active_token(&mut self.write, group).await?,
            None => None,
        };
        let number = feed::next(&mut self.write, "reservation").await?;
        sqlx::query(
            "insert into reservations (id, number, person_id, charge_point_id, connector, id_tag,
                sent_tag, parent_tag, stage, fingerprint, expires_at, created_at, updated_at,
                booking_id) values ($1, $2, $3, $4, $5, $6, $6, $7, 'asking', '', $8, $9, $9, $10)
                on conflict (id) do update set stage = 'asking', ended = null, blocked = null,
                    tries = 0, wanted_until = null, sent_tag = excluded.sent_tag,
                    updated_at = excluded.updated_at",
        )
        .bind(hold)
        .bind(number)
        .bind(&stored.payer_id)
        .bind(place.0)
        .bind(place.1)
        .bind(tag.as_ref().unwrap_or(&stored.tag))
        .bind(&stored.parent_tag)
        .bind(stored.window().1.millis())
        .bind(self.now.millis())
        .bind(&stored.id)
        .execute(&mut *self.write)
        .await?;
        self.tell_hold(hold).await
    }

    async fn is_taken(&mut self, place: (&str, i64)) -> Result<bool, sqlx::Error> {
        let taken: Option<i64> = sqlx::query_scalar(
            "select 1 from reservations
                where charge_point_id = $1 and connector = $2 and stage <> 'over'",
        )
        .bind(place.0)
        .bind(place.1)
        .fetch_optional(&mut *self.write)
        .await?;
        Ok(taken.is_some())
    }
}

/// What begins by then is at hand.
pub(super) fn soon(at: Instant) -> Instant {
    at.plus_seconds(HELD_EARLIER_MINUTES * 60)
}
