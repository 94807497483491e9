//! A booking is written down before Petit Monde is asked for it.

use portal_api::{
    petit_monde::{
        booking::{Booking, BookingRequest, BookingStatus, TokenStrategy, Unfit},
        search::Location,
    },
    time::Instant,
};

use super::{Kept, guests, json, of_row, one};
use crate::{
    embedded::{
        bookings::{
            asking::{Undone, window},
            payers, plugs,
        },
        charging::Work,
        people::{self, Person},
        throttle::{self, BOOKINGS, Subject},
    },
    ids,
};

/// So many seconds asking may take before it is looked for what came of it.
pub const TRY: i64 = 20;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Who asks.
    pub person: &'a Person,
    /// For what.
    pub request: &'a BookingRequest,
    /// The same key asks for the same booking.
    pub key: &'a str,
    /// How many one may have at a time.
    pub most: i64,
    /// Where that is, as far as it is known.
    pub place: Option<&'a Location>,
}

/// A booking that was written down.
#[derive(Clone, Debug)]
pub enum Written {
    /// Petit Monde is to be asked for it, as it is to be told.
    Now(Box<Kept>, Box<BookingRequest>),
    /// It was written down when it was asked for before.
    Before(Box<Kept>),
}

impl Work {
    /// Writes a booking down that Petit Monde is about to be asked for.
    pub async fn write_down_elsewhere(&mut self, asking: &Asking<'_>) -> Result<Written, Undone> {
        let Asking {
            person, request, ..
        } = *asking;
        let known = sqlx::query(
            "select * from bookings_elsewhere where booker_id = $1 and request_key = $2",
        )
        .bind(&person.id)
        .bind(asking.key)
        .fetch_optional(&mut *self.write)
        .await?;
        if let Some(row) = known {
            return Ok(Written::Before(Box::new(of_row(&row)?)));
        }
        let window = window(request, self.now)?;
        let subject = [Subject(BOOKINGS, &person.id)];
        if let Some(wait) = throttle::count(&mut self.write, &subject, self.now).await? {
            return Err(Undone::TooMany(wait));
        }
        self.check_most(person, request, asking.most).await?;
        let customer_id = self.customer(person, request).await?;
        let id = ids::new_uuid()?;
        let reference = reference(request.external_id.as_deref(), &id);
        let sent = BookingRequest {
            external_id: Some(reference.clone()),
            reservation_start: window.0,
            reservation_end: window.1,
            token_strategy: Some(request.strategy()),
            customer_id,
            token_id: None,
            ..request.clone()
        };
        let mut told = first(&id, asking, window, self.now);
        if asking.place.is_none() {
            self.name_place(&mut told).await?;
        }
        let entry = (&told, &reference[..], window);
        self.insert_elsewhere(asking, entry).await?;
        let kept = one(&mut self.write, &id).await?;
        let kept = kept.ok_or(Undone::NotFound)?;
        Ok(Written::Now(Box::new(kept), Box::new(sent)))
    }

    async fn insert_elsewhere(
        &mut self,
        asking: &Asking<'_>,
        (told, reference, window): (&Booking, &str, (Instant, Instant)),
    ) -> Result<(), sqlx::Error> {
        let text = json(told)?;
        let place = asking.place.map(|place| guests::with_one_plug(place, told));
        let place = place.as_ref().map(json).transpose()?;
        sqlx::query(
            "insert into bookings_elsewhere (id, reference, booker_id, request_key, group_id,
                starts_at, ends_at, status, told, place, ask_at, asked_at, created_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
        )
        .bind(&told.id)
        .bind(reference)
        .bind(&asking.person.id)
        .bind(asking.key)
        .bind(&told.fleet_group_id)
        .bind(window.0.millis())
        .bind(window.1.millis())
        .bind(told.status.as_str())
        .bind(text)
        .bind(place)
        .bind(self.now.plus_seconds(TRY).millis())
        .bind(self.now.millis())
        .execute(&mut *self.write)
        .await
        .map(drop)
    }

    /// The place may be one of ours, too.
    async fn name_place(&mut self, told: &mut Booking) -> Result<(), sqlx::Error> {
        let place = told.location_id.as_deref().zip(told.evse_uid.as_deref());
        let Some((location, evse)) = place else {
            return Ok(());
        };
        if let Some(plug) = plugs::find(&mut self.write, location, evse).await? {
            told.location_name = Some(plug.site.name);
            told.location_city = Some(plug.site.city);
            told.location_time_zone = Some(plug.site.time_zone.name().to_owned());
        }
        Ok(())
    }

    /// As whom Petit Monde knows whoever pays, if it is a driver with a token of their own;
    /// ids that aren't theirs might as well not exist.
    async fn customer(
        &mut self,
        person: &Person,
        request: &BookingRequest,
    ) -> Result<Option<String>, Undone> {
        request.check_strategy()?;
        match request.strategy() {
            TokenStrategy::DriverToken => {
                payers::own(&mut self.write, person, request).await?;
                let customer = people::customer(&mut self.write, &person.id).await?;
                customer.map(Some).ok_or(Undone::NotTheirs)
            }
            TokenStrategy::GroupToken => {
                let id = request.fleet_group_id.as_deref().unwrap_or_default();
                let group = payers::group_of(&mut self.write, &person.id, id).await?;
                group.map(|_| None).ok_or(Undone::NoSuchGroup)
            }
            TokenStrategy::AdHoc if payers::may_invite(person) => Ok(None),
            TokenStrategy::AdHoc => Err(Undone::NoGuests),
            TokenStrategy::Other(_) => Err(Unfit::Unknown.into()),
        }
    }

    /// Forgets a booking that Petit Monde surely didn't take.
    pub async fn forget_elsewhere(&mut self, id: &str) -> Result<(), sqlx::Error> {
        sqlx::query("delete from bookings_elsewhere where id = $1 and upstream_id is null")
            .bind(id)
            .execute(&mut *self.write)
            .await
            .map(drop)
    }
}

/// What Petit Monde is told as `external_id`: what the caller says, whose reports part it
/// at its hyphens, and after a tilde our own id, since nothing says that it is unique.
fn reference(external_id: Option<&str>, id: &str) -> String {
    match external_id {
        Some(external_id) => [external_id, "~", id].concat(),
        None => id.to_owned(),
    }
}

/// What the caller said, of what Petit Monde was told as `external_id`.
pub fn said_by_caller(reference: &str) -> Option<&str> {
    const UUID: usize = 36;
    match reference.rsplit_once('~') {
        Some((said, id)) if id.len() == UUID => Some(said),
        None if reference.len() == UUID => None,
        _ => Some(reference),
    }
}

/// A booking before Petit Monde has said anything.
fn first(id: &str, asking: &Asking<'_>, window: (Instant, Instant), now: Instant) -> Booking {
    let (request, place) = (asking.request, asking.place);
    Booking {
        id: id.to_owned(),
        external_id: request.external_id.clone(),
        status: BookingStatus::Requested,
        status_updated_at: Some(now),
        location_id: Some(request.location_id.clone()),
        location_name: place.map(|place| place.name.clone()),
        location_city: place.and_then(|place| place.city.clone()),
        location_time_zone: None,
        cpo_name: place.and_then(|place| place.cpo_name.clone()),
        evse_uid: Some(request.evse_uid.clone()),
        connector_id: request.connector_id.clone(),
        reservation_start: Some(window.0),
        reservation_end: Some(window.1),
        token_strategy: Some(request.strategy()),
        fleet_group_id: request.fleet_group_id.clone(),
        customer_id: request.customer_id.clone(),
        token_id: request.token_id.clone(),
        client_price: None,
        client_price_currency: None,
        cpo_reservation_id: None,
        cancel_reason: None,
        token: None,
        created_at: Some(now),
        updated_at: Some(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_caller_said_is_found_again_in_a_reference() {
        let id = "0f6f2d7e-5c1b-4d0a-9a55-6c9b1b7a2f10";
        for said in [None, Some("engineering-emp042-20260210"), Some("a~b")] {
            assert_eq!(said_by_caller(&reference(said, id)), said);
        }
        assert_eq!(
            said_by_caller("lager-drv17-20260514"),
            Some("lager-drv17-20260514")
        );
    }
}
