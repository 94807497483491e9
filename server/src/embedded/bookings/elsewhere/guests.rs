//! What a guest sees of a booking at a real Petit Monde: the number that it has made, and
//! the place as it was found before it was booked.

use portal_api::{
    petit_monde::{
        booking::Booking,
        search::{EvseConnector, Location},
    },
    portal::{
        bookings::GuestBooking,
        charge_points::{ChargePoint, Connector, ConnectorState, Place, Plug, Position},
    },
};
use sqlx::Row;

use super::{Kept, of_row, own};
use crate::{
    embedded::{
        bookings::{asking::Undone, guests::Made},
        charging::{Charging, Work},
    },
    ids,
};

impl Work {
    /// Makes a link to a booking for its guest; the one before works no longer.
    pub async fn make_guest_link_elsewhere(
        &mut self,
        person_id: &str,
        id: &str,
        secret: &str,
    ) -> Result<Made, Undone> {
        let kept = own(&mut self.write, person_id, id).await?;
        let kept = kept.ok_or(Undone::NotFound)?;
        let over = kept.told.status.is_over() || kept.window.1 <= self.now;
        if over || !kept.is_for_a_guest() {
            return Err(Undone::NoLink);
        }
        let newer = sqlx::query(
            "update bookings_elsewhere set guest_link = $2
                where id = $1 and coalesce(guest_link, '') <> $2",
        )
        .bind(id)
        .bind(ids::hash(secret))
        .execute(&mut *self.write)
        .await?;
        let again = newer.rows_affected() == 0;
        let spot = kept.spot();
        Ok(self.made(secret, again, (kept.booker_id, spot)))
    }
}

impl Charging {
    /// The booking that a guest's link shows, while it can be used.
    pub async fn of_guest_elsewhere(
        &self,
        secret: &str,
    ) -> Result<Option<GuestBooking>, sqlx::Error> {
        let now = self.now();
        let row =
            sqlx::query("select * from bookings_elsewhere where guest_link = $1 and ends_at > $2")
                .bind(ids::hash(secret))
                .bind(now.millis())
                .fetch_optional(self.store().readers())
                .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let kept = of_row(&row)?;
        if kept.told.status.is_over() {
            return Ok(None);
        }
        let found: Option<&str> = row.try_get("place")?;
        let found = found.and_then(|found| serde_json::from_str(found).ok());
        // Nobody's own holds are shown.
        let charge_point = match self.our_plug("", &kept.told).await? {
            Some(ours) => ours,
            None => there(&kept, found.as_ref()),
        };
        let (start, end) = kept.window;
        let token = kept.told.token;
        Ok(Some(GuestBooking {
            status: kept.told.status,
            charge_point,
            start,
            end,
            valid_from: token
                .as_ref()
                .and_then(|token| token.valid_from)
                .unwrap_or(start),
            held: false,
            uid: token.map(|token| token.uid).unwrap_or_default(),
            now,
        }))
    }
}

/// A place as it was found, with no more plugs than are booked.
pub(super) fn with_one_plug(found: &Location, told: &Booking) -> Location {
    let booked = found.evses.iter();
    let booked = booked.filter(|evse| told.evse_uid.as_ref() == Some(&evse.evse_uid));
    Location {
        evses: booked.cloned().collect(),
        ..found.clone()
    }
}

/// What is known of somebody else's place, in our own words.
fn there(kept: &Kept, found: Option<&Location>) -> ChargePoint {
    let told = &kept.told;
    let street = found.and_then(|found| found.address.clone());
    let town = told.location_city.clone();
    let address: Vec<String> = [street, town].into_iter().flatten().collect();
    let at = found.and_then(|found| found.coordinates);
    ChargePoint {
        charge_point_id: told.evse_uid.clone().unwrap_or_default(),
        place: Place {
            site_id: told.location_id.clone().unwrap_or_default(),
            name: kept.spot().place,
            address: (!address.is_empty()).then(|| address.join(", ")),
            operator: told.cpo_name.clone(),
            time_zone: told.location_time_zone.clone(),
            position: at.map(|at| Position {
                latitude: at.lat,
                longitude: at.lng,
            }),
            hours: Vec::new(),
            open: None,
        },
        distance_m: None,
        connectors: connector(told, found).into_iter().collect(),
    }
}

/// The cable that is booked, if its number is one.
fn connector(told: &Booking, found: Option<&Location>) -> Option<Connector> {
    let all: &[EvseConnector] = found
        .and_then(|found| found.evses.first())
        .map_or(&[], |evse| &evse.connectors);
    let booked = match &told.connector_id {
        Some(id) => all.iter().find(|cable| cable.connector_id == *id),
        None => all.first().filter(|_| all.len() == 1),
    };
    let id = booked.map(|cable| &cable.connector_id);
    Some(Connector {
        connector_id: told.connector_id.as_ref().or(id)?.parse().ok()?,
        evse_id: told.evse_uid.clone(),
        plug: booked.and_then(|cable| Some(Plug::of_ocpi(cable.kind.as_deref()?))),
        current: None,
        power_kw: booked.and_then(|cable| cable.power_kw),
        state: ConnectorState::of_word("unknown"),
        since: None,
        reservable: false,
        my_reservation_id: None,
        terms: None,
    })
}
