//! What is remembered of bookings at a real Petit Monde: whose they are, and how each
//! was when it was last asked for.
//!
//! - [`asking`]: a booking is written down before it is asked for there; [`hearing`]: what
//!   Petit Monde says of it. `pace`: when it is asked for again. [`telling`]: all about one,
//!   and how somebody can make one. [`guests`]: links to one.
//!
//! A booking has an id of ours, under which people know it from the first moment on. It
//! stands at the end of the `external_id` that Petit Monde is told: whatever broke off
//! between asking and being answered is found again there. Nobody looking at the portal
//! asks Petit Monde anything: they see what is remembered, and what is open is asked for on
//! our own account; of a booking that somebody looks at, soon.

pub mod asking;
pub mod guests;
pub mod hearing;
mod pace;
pub mod telling;

use portal_api::{
    petit_monde::booking::{Booking, Bookings, TokenStrategy},
    query::bookings::BookingQuery,
    time::Instant,
};
use serde::Serialize;
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::letters::Spot;
use crate::embedded::{Store, groups::USUAL_ZONE};

/// Of what was asked for so many seconds ago, whoever looks sees enough.
const FRESH: i64 = 60;

/// So many bookings are asked for in one round.
const AT_A_TIME: i64 = 50;

/// A booking as it is remembered.
#[derive(Clone, Debug)]
pub struct Kept {
    /// A UUID of ours.
    pub id: String,
    /// What Petit Monde calls it, once that is known.
    pub upstream_id: Option<String>,
    /// What Petit Monde was told as its `external_id`.
    pub reference: String,
    /// Whoever made it.
    pub booker_id: String,
    /// Whose group's token it is used with.
    pub group_id: Option<String>,
    /// Whether nothing more will happen.
    pub closed: bool,
    /// When it is asked for again.
    pub ask_at: Instant,
    /// When it was last.
    pub asked_at: Instant,
    /// How often it was since anything changed.
    pub asked: i64,
    /// How often Petit Monde's list didn't have it.
    pub missed: i64,
    /// When it was asked for first.
    pub created: Instant,
    /// Whether a link was made for a guest.
    pub guest_link: bool,
    /// As it is told to whoever made it.
    pub told: Booking,
    window: (Instant, Instant),
}

impl Kept {
    /// Whether a guest is to have it.
    fn is_for_a_guest(&self) -> bool {
        self.told.token_strategy == Some(TokenStrategy::AdHoc)
    }

    /// Where and when it is.
    pub(super) fn spot(&self) -> Spot {
        let told = &self.told;
        let place = told.location_name.as_ref().or(told.location_id.as_ref());
        let zone = told.location_time_zone.as_deref();
        Spot {
            place: place.cloned().unwrap_or_default(),
            plug: told.evse_uid.clone().unwrap_or_default(),
            zone: zone
                .and_then(|zone| zone.parse().ok())
                .unwrap_or(USUAL_ZONE),
            window: self.window,
        }
    }
}

/// One of somebody's own bookings.
pub async fn own(
    reader: &mut AnyConnection,
    person_id: &str,
    id: &str,
) -> Result<Option<Kept>, sqlx::Error> {
    let kept = one(reader, id).await?;
    Ok(kept.filter(|kept| kept.booker_id == person_id))
}

async fn one(reader: &mut AnyConnection, id: &str) -> Result<Option<Kept>, sqlx::Error> {
    let row = sqlx::query("select * from bookings_elsewhere where id = $1")
        .bind(id)
        .fetch_optional(reader)
        .await?;
    row.as_ref().map(of_row).transpose()
}

/// Somebody's own bookings, the newest first.
pub async fn list(
    store: &Store,
    person_id: &str,
    query: &BookingQuery,
) -> Result<Bookings, sqlx::Error> {
    let mut reader = store.readers().acquire().await?;
    let status = query.status.as_ref().map_or("", |status| status.as_str());
    let from = query.from.map_or(i64::MIN, Instant::millis);
    // The wire tells whole seconds.
    let to = query.to.map_or(i64::MAX, |to| to.plus_seconds(1).millis());
    let total: i64 = sqlx::query_scalar(
        "select count(*) from bookings_elsewhere where booker_id = $1
            and ($2 = '' or status = $2) and created_at >= $3 and created_at < $4",
    )
    .bind(person_id)
    .bind(status)
    .bind(from)
    .bind(to)
    .fetch_one(&mut *reader)
    .await?;
    let rows = sqlx::query(
        "select * from bookings_elsewhere where booker_id = $1
            and ($2 = '' or status = $2) and created_at >= $3 and created_at < $4
            order by created_at desc, id desc limit $5 offset $6",
    )
    .bind(person_id)
    .bind(status)
    .bind(from)
    .bind(to)
    .bind(i64::from(query.limit))
    .bind(i64::try_from(query.offset).unwrap_or(i64::MAX))
    .fetch_all(&mut *reader)
    .await?;
    Ok(Bookings {
        bookings: told(&rows)?,
        total: u64::try_from(total).ok(),
        limit: Some(query.limit),
        offset: Some(query.offset),
    })
}

/// Somebody looks at a booking: unless that was just done, it is asked for next.
pub async fn ask_next(store: &Store, kept: &Kept, now: Instant) -> Result<(), sqlx::Error> {
    let fresh = kept.asked_at > now.plus_seconds(-FRESH);
    if fresh || kept.closed || kept.ask_at <= now {
        return Ok(());
    }
    let mut write = store.write().await?;
    sqlx::query("update bookings_elsewhere set ask_at = $3 where id = $1 and ask_at = $2")
        .bind(&kept.id)
        .bind(kept.ask_at.millis())
        .bind(now.millis())
        .execute(&mut *write)
        .await?;
    write.commit().await
}

/// Bookings that are to be asked for now, those that wait longest first.
pub async fn due(store: &Store, now: Instant) -> Result<Vec<Kept>, sqlx::Error> {
    let rows = sqlx::query(
        "select * from bookings_elsewhere where closed = 0 and ask_at <= $1
            order by ask_at, id limit $2",
    )
    .bind(now.millis())
    .bind(AT_A_TIME)
    .fetch_all(store.readers())
    .await?;
    rows.iter().map(of_row).collect()
}

fn told(rows: &[AnyRow]) -> Result<Vec<Booking>, sqlx::Error> {
    let rows = rows.iter();
    rows.map(|row| of_row(row).map(|kept| kept.told)).collect()
}

/// As it is kept.
fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// How many bookings with their own token somebody has that aren't over.
pub(super) async fn own_open(
    reader: &mut AnyConnection,
    booker_id: &str,
    now: Instant,
) -> Result<i64, sqlx::Error> {
    let rows = sqlx::query(
        "select * from bookings_elsewhere
            where booker_id = $1 and group_id is null and closed = 0 and ends_at > $2",
    )
    .bind(booker_id)
    .bind(now.millis())
    .fetch_all(reader)
    .await?;
    let mut own = 0;
    for row in &rows {
        own += i64::from(of_row(row)?.told.token_strategy == Some(TokenStrategy::DriverToken));
    }
    Ok(own)
}

fn of_row(row: &AnyRow) -> Result<Kept, sqlx::Error> {
    let time = |name| row.try_get(name).map(Instant::from_millis);
    let told: &str = row.try_get("told")?;
    let mut told: Booking =
        serde_json::from_str(told).map_err(|error| sqlx::Error::Decode(error.into()))?;
    // Petit Monde tells no place's zone: it is its own region's.
    let zone = &mut told.location_time_zone;
    zone.get_or_insert_with(|| USUAL_ZONE.name().to_owned());
    Ok(Kept {
        id: row.try_get("id")?,
        upstream_id: row.try_get("upstream_id")?,
        reference: row.try_get("reference")?,
        booker_id: row.try_get("booker_id")?,
        group_id: row.try_get("group_id")?,
        closed: row.try_get::<i64, _>("closed")? == 1,
        ask_at: time("ask_at")?,
        asked_at: time("asked_at")?,
        asked: row.try_get("asked")?,
        missed: row.try_get("missed")?,
        created: time("created_at")?,
        guest_link: row.try_get::<Option<&str>, _>("guest_link")?.is_some(),
        told,
        window: (time("starts_at")?, time("ends_at")?),
    })
}
