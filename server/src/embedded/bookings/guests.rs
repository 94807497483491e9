//! Guests: a token that works for one booking only, and a link that shows it.

use portal_api::{
    language::Language,
    portal::{
        bookings::{GuestBooking, HELD_EARLIER_MINUTES},
        charge_points::ChargePoint,
    },
    time::Instant,
};
use sqlx::AnyConnection;

use super::{asking::Undone, letters::Spot, reading::Stored};
use crate::{
    embedded::{
        charging::{Charging, Work},
        letters,
        throttle::{self, GUEST_LETTERS, Subject},
    },
    ids::{self, NoRandomness},
    mail::words,
};

/// Where the portal shows a booking to its guest.
const PAGE: &str = "/guest#";

/// Whoever pays for a guest, if the tag is that of a booking there at that time. One that
/// came too late for its booking was a guest all the same.
pub(in crate::embedded) async fn host(
    reader: &mut AnyConnection,
    tag: &str,
    (charge_point_id, connector): (&str, Option<i64>),
    at: Instant,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select payer_id from bookings where tag = $1 and strategy = 'ad_hoc'
            and charge_point_id = $2 and ($3 = 0 or connector = $3) and starts_at <= $4
            and ends_at > $5 and status in ('CONFIRMED', 'ATTENDING', 'EXPIRED', 'NO_SHOW')",
    )
    .bind(tag.to_uppercase())
    .bind(charge_point_id)
    .bind(connector.unwrap_or(0))
    .bind(at.plus_seconds(HELD_EARLIER_MINUTES * 60).millis())
    .bind(at.millis())
    .fetch_optional(reader)
    .await
}

/// A link that was made.
pub struct Made {
    /// Whoever has it sees the booking.
    pub link: String,
    /// Until when.
    pub valid_until: Instant,
    /// Whether it was made before, by the same request.
    pub again: bool,
    host_id: String,
    spot: Spot,
}

/// What a link is known by. By its key the same request has the same one: its answer can be
/// given again, and is kept nowhere.
pub fn secret(id: &str, key: Option<&str>, email: Option<&str>) -> Result<String, NoRandomness> {
    match key {
        Some(key) => Ok(ids::hash(&[id, key, email.unwrap_or_default()].join("\n"))),
        None => ids::new_token(),
    }
}

impl Work {
    /// Makes a link to a booking for its guest; the one before works no longer.
    pub async fn make_guest_link(
        &mut self,
        person_id: &str,
        id: &str,
        secret: &str,
    ) -> Result<Made, Undone> {
        let stored = self.booking_of(person_id, id).await?;
        let hash = ids::hash(secret);
        let made = sqlx::query(
            "update bookings set guest_link = $2, updated_at = $3 where id = $1
                and strategy = 'ad_hoc' and ends_at > $3
                and status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING')",
        )
        .bind(id)
        .bind(&hash)
        .bind(self.now.millis())
        .execute(&mut *self.write)
        .await?;
        if made.rows_affected() == 0 {
            return Err(Undone::NoLink);
        }
        let spot = self.spot_of(&stored).await?;
        let again = stored.guest_link == Some(hash);
        Ok(self.made(secret, again, (stored.booker_id, spot)))
    }

    /// The link with a secret, to a booking that somebody has made.
    pub(super) fn made(&self, secret: &str, again: bool, (host_id, spot): (String, Spot)) -> Made {
        Made {
            link: [&self.portal, PAGE, secret].concat(),
            valid_until: spot.window.1,
            again,
            host_id,
            spot,
        }
    }

    /// Sends a link to a guest.
    pub async fn send_guest_link(
        &mut self,
        made: &Made,
        (email, language): (&str, Language),
    ) -> Result<(), Undone> {
        let subject = [Subject(GUEST_LETTERS, &made.host_id)];
        if let Some(wait) = throttle::count(&mut self.write, &subject, self.now).await? {
            return Err(Undone::TooMany(wait));
        }
        let host: String = sqlx::query_scalar("select name from people where id = $1")
            .bind(&made.host_id)
            .fetch_one(&mut *self.write)
            .await?;
        let place = made.spot.lines(language);
        let letter = words::guest((email, language), &host, &place, &made.link);
        letters::add(&mut self.write, &ids::new_id("let")?, &letter, self.now).await?;
        Ok(())
    }
}

impl Charging {
    /// The booking that a guest's link shows, while it can be used.
    pub async fn of_guest(&self, secret: &str) -> Result<Option<GuestBooking>, sqlx::Error> {
        let now = self.now();
        let stored: Option<Stored> = sqlx::query_as(
            "select * from bookings_told where guest_link = $1 and ends_at > $2
                and status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING')",
        )
        .bind(ids::hash(secret))
        .bind(now.millis())
        .fetch_optional(self.store().readers())
        .await?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        // Nobody's own holds are shown.
        let point = self.booked_plug("", &stored).await?;
        let (start, end) = stored.window();
        Ok(point.map(|charge_point| GuestBooking {
            status: stored.status(),
            charge_point,
            start,
            end,
            valid_from: stored.opens_at(),
            held: stored.is_held(),
            uid: stored.tag,
            now,
        }))
    }

    /// The charge point of a booking, with the one connector that is booked.
    pub(super) async fn booked_plug(
        &self,
        person_id: &str,
        stored: &Stored,
    ) -> Result<Option<ChargePoint>, sqlx::Error> {
        let place = (&stored.charge_point_id[..], stored.connector);
        self.one_plug(person_id, place).await
    }

    /// A charge point with one of its connectors only.
    pub(super) async fn one_plug(
        &self,
        person_id: &str,
        (charge_point_id, connector): (&str, i64),
    ) -> Result<Option<ChargePoint>, sqlx::Error> {
        let point = self.charge_point(person_id, charge_point_id).await?;
        Ok(point.map(|mut point| {
            let booked = |number: u32| i64::from(number) == connector;
            point.connectors.retain(|one| booked(one.connector_id));
            point
        }))
    }
}
