//! What is told of a hold.

use portal_api::{
    decimal::Decimal,
    dynamo::reservation::{Blocked, Reservation, ReservationStatus},
    portal::{
        charge_points::Plug,
        holds::{Hold, HoldEnd, HoldStage},
    },
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use crate::embedded::{charging::Charging, sites::full_address};

/// How many holds that are over are told of.
const MOST: i64 = 50;

/// Which holds somebody wants to see; what is `None` lets all through.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Where.
    pub charge_point_id: Option<&'a str>,
    /// Dynamo's word for how they are.
    pub status: Option<&'a ReservationStatus>,
}

impl Filter<'_> {
    /// Whether it lets one through.
    pub fn fits(&self, one: &Reservation) -> bool {
        self.charge_point_id
            .is_none_or(|id| one.charge_point_id == id)
            && self.status.is_none_or(|status| one.status == *status)
    }
}

/// Whom a hold is told to.
pub(in crate::embedded::charging) enum Whose {
    /// Whoever asked for it.
    Driver(String),
    /// Whoever booked it, by the booking.
    Booking(String),
}

/// One hold and whose it is; of a person only what they asked for themselves: what was
/// booked is looked after by its booking. A plug can be held for `longest` seconds at most.
pub(in crate::embedded::charging) async fn one(
    reader: &mut AnyConnection,
    longest: i64,
    id: &str,
    person_id: Option<&str>,
) -> Result<Option<(Whose, Hold)>, sqlx::Error> {
    let row = sqlx::query(
        "select r.id, r.charge_point_id, r.connector, r.id_tag, r.stage, r.ended, r.expires_at,
            r.created_at, r.updated_at, r.session_id, s.name, s.address, s.city, s.time_zone,
            c.plug, c.power_w, r.person_id, r.booking_id
            from reservations r join charge_points p on p.id = r.charge_point_id
            join sites s on s.id = p.site_id join connectors c
                on c.charge_point_id = r.charge_point_id and c.connector = r.connector
            where r.id = $1 and ($2 = '' or (r.person_id = $2 and r.booking_id is null))",
    )
    .bind(id)
    .bind(person_id.unwrap_or_default())
    .fetch_optional(reader)
    .await?;
    row.map(|row| {
        let booking: Option<String> = row.try_get(17)?;
        let whose = match booking {
            Some(id) => Whose::Booking(id),
            None => Whose::Driver(row.try_get(16)?),
        };
        Ok((whose, hold(&row, longest)?))
    })
    .transpose()
}

fn hold(row: &AnyRow, longest: i64) -> Result<Hold, sqlx::Error> {
    let time = |column| Ok::<_, sqlx::Error>(Instant::from_millis(row.try_get(column)?));
    let (stage, ended): (&str, Option<&str>) = (row.try_get(4)?, row.try_get(5)?);
    let end = ended.map(HoldEnd::of_word);
    let created_at = time(7)?;
    let (address, city): (&str, &str) = (row.try_get(11)?, row.try_get(12)?);
    let plug: Option<&str> = row.try_get(14)?;
    Ok(Hold {
        reservation: Reservation {
            reservation_id: row.try_get(0)?,
            charge_point_id: row.try_get(1)?,
            connector_id: u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or(0),
            id_tag: row.try_get(3)?,
            status: status(end.as_ref()),
            expires_at: time(6)?,
            created_at: Some(created_at),
            updated_at: Some(time(8)?),
        },
        stage: HoldStage::of_word(stage),
        end,
        place: row.try_get(10)?,
        address: Some(full_address(address, city)),
        time_zone: row.try_get(13)?,
        plug: plug.map(Plug::of_word),
        power_kw: Some(Decimal::new(row.try_get(15)?, 3)),
        latest: Some(created_at.plus_seconds(longest)),
        session_id: row.try_get(9)?,
        // Our own store charges for what is used, never for holding.
        free: Some(true),
    })
}

/// Dynamo's word for it.
fn status(end: Option<&HoldEnd>) -> ReservationStatus {
    match end {
        None => ReservationStatus::Active,
        Some(HoldEnd::Used) => ReservationStatus::Used,
        Some(HoldEnd::Expired) => ReservationStatus::Expired,
        Some(_) => ReservationStatus::Cancelled,
    }
}

impl Charging {
    /// A driver's holds: those that live, and of the others the newest.
    pub async fn holds(&self, person_id: &str) -> Result<Vec<Hold>, sqlx::Error> {
        self.holds_like(person_id, Filter::default()).await
    }

    /// The same, of those that a filter lets through.
    pub async fn holds_like(
        &self,
        person_id: &str,
        filter: Filter<'_>,
    ) -> Result<Vec<Hold>, sqlx::Error> {
        let mut connection = self.store.readers().acquire().await?;
        let longest = self.rules.longest_hold();
        let ids: Vec<String> = sqlx::query_scalar(
            "select id from reservations where person_id = $1 and booking_id is null
                and ($3 = '' or charge_point_id = $3) and ($4 = '' or $4 = case
                    when ended is null then 'active'
                    when ended in ('used', 'expired') then ended else 'cancelled' end)
                order by case when ended is null then 0 else 1 end, created_at desc, number desc
                limit $2",
        )
        .bind(person_id)
        .bind(MOST)
        .bind(filter.charge_point_id.unwrap_or_default())
        .bind(filter.status.map_or("", ReservationStatus::as_str))
        .fetch_all(&mut *connection)
        .await?;
        let mut holds = Vec::with_capacity(ids.len());
        for id in ids {
            let hold = one(&mut connection, longest, &id, Some(person_id)).await?;
            holds.extend(hold.map(|(_, hold)| hold));
        }
        Ok(holds)
    }

    /// One of a driver's holds.
    pub async fn hold(&self, person_id: &str, id: &str) -> Result<Option<Hold>, sqlx::Error> {
        let mut connection = self.store.readers().acquire().await?;
        let longest = self.rules.longest_hold();
        let hold = one(&mut connection, longest, id, Some(person_id)).await?;
        Ok(hold.map(|(_, hold)| hold))
    }

    /// Why a hold was refused.
    pub async fn blocked(&self, id: &str) -> Result<Option<Blocked>, sqlx::Error> {
        let word: Option<Option<String>> =
            sqlx::query_scalar("select blocked from reservations where id = $1")
                .bind(id)
                .fetch_optional(self.store.readers())
                .await?;
        Ok(word.flatten().map(|word| Blocked::of_word(&word)))
    }
}
