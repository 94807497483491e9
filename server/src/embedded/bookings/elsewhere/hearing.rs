//! What Petit Monde says of a booking, and who is told.

use portal_api::{
    decimal::Decimal,
    money::Money,
    petit_monde::booking::{Booking, BookingStatus, TokenStrategy},
    portal::events::{BOOKING, BookingNews},
};

use super::{Kept, json, one, pace};
use crate::embedded::{
    bookings::{leaving, letters::Matter},
    charging::{News, Work},
    groups::{self, elsewhere as group_ledger, limits::Claim},
};

/// A booking that so many lists of Petit Monde's didn't have is taken for failed.
const LOOKS: i64 = 4;

impl Work {
    /// Takes a booking that is due for this server; `false` if another one was faster. Should
    /// this one end before it is answered, it is due again after its usual pause.
    pub async fn take_elsewhere(&mut self, kept: &Kept) -> Result<bool, sqlx::Error> {
        let pause = pace::pause(&kept.told.status, kept.window, kept.asked + 1, self.now);
        let taken = sqlx::query(
            "update bookings_elsewhere set ask_at = $3, asked_at = $4, asked = asked + 1
                where id = $1 and ask_at = $2 and closed = 0",
        )
        .bind(&kept.id)
        .bind(kept.ask_at.millis())
        .bind(self.now.plus_seconds(pause).millis())
        .bind(self.now.millis())
        .execute(&mut *self.write)
        .await?;
        Ok(taken.rows_affected() == 1)
    }

    /// Asks for a booking no sooner than in so many seconds.
    pub async fn ask_later_elsewhere(&mut self, id: &str, seconds: i64) -> Result<(), sqlx::Error> {
        sqlx::query("update bookings_elsewhere set ask_at = $2 where id = $1 and ask_at < $2")
            .bind(id)
            .bind(self.now.plus_seconds(seconds).millis())
            .execute(&mut *self.write)
            .await
            .map(drop)
    }

    /// Asks for a booking as soon as can be: something was done to it.
    pub async fn ask_soon_elsewhere(&mut self, id: &str) -> Result<(), sqlx::Error> {
        sqlx::query("update bookings_elsewhere set ask_at = $2, asked = 0 where id = $1")
            .bind(id)
            .bind(self.now.plus_seconds(5).millis())
            .execute(&mut *self.write)
            .await
            .map(drop)
    }

    /// Remembers what Petit Monde says of a booking, and tells of what is new. What is over
    /// stays as it is.
    pub async fn hear_elsewhere(
        &mut self,
        id: &str,
        said: &Booking,
    ) -> Result<Option<Kept>, sqlx::Error> {
        let Some(kept) = self.open_elsewhere(id).await? else {
            return one(&mut self.write, id).await;
        };
        let mut told = merged(&kept.told, said);
        if kept.told.status != told.status {
            told.status_updated_at = said.status_updated_at.or(Some(self.now));
        }
        told.client_price = known_price(&kept.told, &told);
        self.put_elsewhere(&kept, told, Some(&said.id)).await
    }

    /// Petit Monde's list doesn't have a booking that it was asked for: it isn't there yet, or
    /// never will be. It goes on being looked for until its time is over.
    pub async fn miss_elsewhere(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let Some(kept) = self.open_elsewhere(id).await? else {
            return Ok(());
        };
        if kept.upstream_id.is_some() {
            return Ok(());
        }
        let missed = kept.missed + 1;
        sqlx::query("update bookings_elsewhere set missed = $2 where id = $1")
            .bind(id)
            .bind(missed)
            .execute(&mut *self.write)
            .await?;
        if missed < LOOKS {
            return Ok(());
        }
        let mut told = kept.told.clone();
        if told.status != BookingStatus::Failed {
            told.status = BookingStatus::Failed;
            told.status_updated_at = Some(self.now);
        }
        self.put_elsewhere(&kept, told, None).await.map(drop)
    }

    /// Gives a booking up that Petit Monde hasn't settled long after its time, and perhaps no
    /// longer knows: whoever made it is told that nobody says what became of it.
    pub async fn let_go_elsewhere(&mut self, kept: &Kept) -> Result<(), sqlx::Error> {
        let now = self.now;
        let long_over = |kept: &Kept| kept.window.1.plus_seconds(pace::GIVEN_UP) <= now;
        if !long_over(kept) {
            return Ok(());
        }
        let open = self.open_elsewhere(&kept.id).await?;
        let Some(kept) = open.filter(long_over) else {
            return Ok(());
        };
        let mut told = kept.told.clone();
        if !told.status.is_over() {
            told.status = BookingStatus::Expired;
            told.status_updated_at = Some(now);
            told.client_price = None;
        }
        let upstream_id = kept.upstream_id.as_deref();
        self.put_elsewhere(&kept, told, upstream_id).await.map(drop)
    }

    /// An open booking, which nobody else changes from here on.
    async fn open_elsewhere(&mut self, id: &str) -> Result<Option<Kept>, sqlx::Error> {
        sqlx::query("update bookings_elsewhere set asked = asked where id = $1")
            .bind(id)
            .execute(&mut *self.write)
            .await?;
        let kept = one(&mut self.write, id).await?;
        Ok(kept.filter(|kept| !kept.closed))
    }

    async fn put_elsewhere(
        &mut self,
        before: &Kept,
        mut told: Booking,
        upstream_id: Option<&str>,
    ) -> Result<Option<Kept>, sqlx::Error> {
        let turned = told.status != before.told.status;
        let new = told != before.told;
        if new {
            told.updated_at = Some(self.now);
        }
        let window = (
            told.reservation_start.unwrap_or(before.window.0),
            told.reservation_end.unwrap_or(before.window.1),
        );
        let window = if window.0 < window.1 {
            window
        } else {
            before.window
        };
        // What Petit Monde never told of may still turn up.
        let missing = upstream_id.is_none();
        let closed = told.status.is_over() && (!missing || window.1 <= self.now);
        let asked = if turned { 0 } else { before.asked };
        let pause = pace::pause(&told.status, window, asked, self.now);
        let text = json(&told)?;
        sqlx::query(
            "update bookings_elsewhere set upstream_id = coalesce(upstream_id, $2), status = $3,
                closed = $4, told = $5, ask_at = $6, asked = $7, starts_at = $8, ends_at = $9
                where id = $1",
        )
        .bind(&before.id)
        .bind(upstream_id)
        .bind(told.status.as_str())
        .bind(i64::from(closed))
        .bind(text)
        .bind(self.now.plus_seconds(pause).millis())
        .bind(asked)
        .bind(window.0.millis())
        .bind(window.1.millis())
        .execute(&mut *self.write)
        .await?;
        if new {
            self.tell_elsewhere(&before.booker_id, &told);
        }
        if new && !missing {
            self.charge_group_elsewhere(before, &told).await?;
        }
        let now = one(&mut self.write, &before.id).await?;
        if let Some(kept) = now.as_ref().filter(|_| turned) {
            self.write_of_elsewhere(kept).await?;
        }
        Ok(now)
    }

    /// What a booking is thought to cost its group, and in the end has cost it.
    async fn charge_group_elsewhere(
        &mut self,
        kept: &Kept,
        told: &Booking,
    ) -> Result<(), sqlx::Error> {
        let group = match &kept.group_id {
            Some(id) => groups::find(&mut self.write, id).await?,
            None => None,
        };
        let Some(group) = group else {
            return Ok(());
        };
        let price = price(told);
        let claim = Claim {
            reference: &kept.id,
            amount: price.unwrap_or(Money::new(0, group.currency)),
            at: kept.window.0,
            person_id: Some(&kept.booker_id),
        };
        group_ledger::set_aside(&mut self.write, &group, &claim).await?;
        if told.status.is_over() {
            let over = told.status_updated_at.unwrap_or(self.now);
            group_ledger::settle(&mut self.write, &kept.id, price, over).await?;
        }
        Ok(())
    }

    /// Tells whoever looks.
    pub fn tell_elsewhere(&mut self, booker_id: &str, told: &Booking) {
        let news = BookingNews {
            booking: told.clone(),
            held: false,
            session_id: None,
        };
        self.news.extend(News::of(booker_id, BOOKING, &news));
    }

    async fn write_of_elsewhere(&mut self, kept: &Kept) -> Result<(), sqlx::Error> {
        let matter = Matter {
            id: &kept.id,
            booker_id: &kept.booker_id,
            status: &kept.told.status,
            price: price(&kept.told),
            trouble: leaving::trouble(&kept.told),
            spot: kept.spot(),
        };
        self.write_of(&matter).await
    }
}

/// What it costs, in whole units of its currency, once that is known.
fn price(told: &Booking) -> Option<Money> {
    let (price, currency) = told.client_price.zip(told.client_price_currency)?;
    Money::from_major(price, currency).filter(|price| price.minor >= 0)
}

/// What a booking is thought to cost; of one that is over, what it has cost as far as
/// anybody says. Petit Monde goes on telling what it would have cost, whatever came of it.
fn known_price(before: &Booking, told: &Booking) -> Option<Decimal> {
    use BookingStatus::{Cancelled, Expired, Failed, NoShow, Pending, Rejected, Requested};
    let unconfirmed = [Requested, Pending].contains(&before.status);
    let same = before.client_price.is_none() || before.client_price == told.client_price;
    match told.status {
        Rejected | Failed | Expired => None,
        // So it is documented.
        Cancelled if unconfirmed && told.cpo_reservation_id.is_none() => Some(Decimal::new(0, 0)),
        Cancelled | NoShow if same => None,
        _ => told.client_price,
    }
}

/// What is told of a booking once Petit Monde has said more: who it is for stays what we
/// know, and what it leaves out stays as it was.
fn merged(told: &Booking, said: &Booking) -> Booking {
    let guest = told.token_strategy == Some(TokenStrategy::AdHoc);
    let token = said.token.clone().filter(|_| guest);
    let or = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    let price = said.client_price.or(told.client_price);
    let currency = said.client_price_currency.or(told.client_price_currency);
    let payable = price.zip(currency);
    let payable = payable.and_then(|(price, currency)| Money::nearest(price, currency));
    Booking {
        status: said.status.clone(),
        location_name: or(&said.location_name, &told.location_name),
        location_city: or(&said.location_city, &told.location_city),
        cpo_name: or(&said.cpo_name, &told.cpo_name),
        connector_id: or(&said.connector_id, &told.connector_id),
        reservation_start: said.reservation_start.or(told.reservation_start),
        reservation_end: said.reservation_end.or(told.reservation_end),
        location_time_zone: or(&said.location_time_zone, &told.location_time_zone),
        client_price: payable.map(Money::major).or(price),
        client_price_currency: currency,
        cpo_reservation_id: or(&said.cpo_reservation_id, &told.cpo_reservation_id),
        cancel_reason: or(&said.cancel_reason, &told.cancel_reason),
        token: token.or_else(|| told.token.clone()),
        ..told.clone()
    }
}
