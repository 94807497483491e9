//! Where one can charge.

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use portal_api::{
    decimal::Decimal,
    portal::charge_points::{
        ChargePoint, Connector, ConnectorState, Opening, Place, Plug, Position,
    },
    query::charge_points::{ChargePointFilter, ChargePointQuery, Near},
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{Charging, terms::terms};
use crate::embedded::{
    distance::{DEGREES, distance},
    matching::{found, patterns},
    sites::{current_of_word, full_address, openings},
    tariffs,
};

/// A charge point that fits, and where it is.
struct Found {
    id: String,
    distance_m: Option<u32>,
}

impl Charging {
    /// The charge points that fit, as many as asked for, and how many there are.
    pub async fn find(
        &self,
        person_id: &str,
        query: &ChargePointQuery,
    ) -> Result<(Vec<ChargePoint>, u64), sqlx::Error> {
        let mut connection = self.store.readers().acquire().await?;
        let near = near(&mut connection, query.near.as_ref()).await?;
        let not_itself = match &query.near {
            Some(Near::ChargePoint(id)) => id,
            _ => "",
        };
        let mut found = fitting(&mut connection, &query.filter, near, not_itself).await?;
        if near.is_some() {
            found.sort_by_key(|found| found.distance_m.unwrap_or(u32::MAX));
        }
        let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let first = usize::try_from(query.offset).unwrap_or(usize::MAX);
        let most = usize::try_from(query.limit).unwrap_or(0);
        let mut page = Vec::new();
        for found in found.into_iter().skip(first).take(most) {
            let point = self.read(&mut connection, person_id, &found.id).await?;
            page.extend(point.map(|mut point| {
                point.distance_m = found.distance_m;
                point
            }));
        }
        Ok((page, total))
    }

    /// One charge point, and which of its connectors somebody holds.
    pub async fn charge_point(
        &self,
        person_id: &str,
        id: &str,
    ) -> Result<Option<ChargePoint>, sqlx::Error> {
        let mut connection = self.store.readers().acquire().await?;
        self.read(&mut connection, person_id, id).await
    }

    async fn read(
        &self,
        reader: &mut AnyConnection,
        person_id: &str,
        id: &str,
    ) -> Result<Option<ChargePoint>, sqlx::Error> {
        let row = sqlx::query(
            "select s.id, s.name, s.address, s.city, o.name, s.time_zone, s.latitude,
                s.longitude, s.hours, p.takes_holds
                from charge_points p join sites s on s.id = p.site_id
                join operators o on o.id = s.operator_id where p.id = $1",
        )
        .bind(id)
        .fetch_optional(&mut *reader)
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let hours = openings(reader, row.try_get(0)?).await?;
        let takes_holds = row.try_get::<i64, _>(9)? == 1;
        Ok(Some(ChargePoint {
            charge_point_id: id.to_owned(),
            place: place(&row, hours, self.clock.now())?,
            distance_m: None,
            connectors: connectors(reader, id, person_id, takes_holds).await?,
        }))
    }
}

async fn near(
    reader: &mut AnyConnection,
    near: Option<&Near>,
) -> Result<Option<(i64, i64)>, sqlx::Error> {
    match near {
        None => Ok(None),
        Some(Near::Position(at)) => Ok(at
            .latitude
            .units_at(DEGREES)
            .zip(at.longitude.units_at(DEGREES))),
        Some(Near::ChargePoint(id)) => {
            sqlx::query_as(
                "select s.latitude, s.longitude from charge_points p
                    join sites s on s.id = p.site_id
                    where p.id = $1 and s.latitude is not null",
            )
            .bind(id)
            .fetch_optional(reader)
            .await
        }
    }
}

/// The charge points that fit, by place and number.
async fn fitting(
    reader: &mut AnyConnection,
    filter: &ChargePointFilter,
    near: Option<(i64, i64)>,
    not_itself: &str,
) -> Result<Vec<Found>, sqlx::Error> {
    let [first, second, third] = filter.text.as_deref().map(patterns).unwrap_or_default();
    let rows = sqlx::query(concat!(
        "select p.id, s.latitude, s.longitude from charge_points p
            join sites s on s.id = p.site_id
            where p.id <> $1 and ",
        found!(
            "lower(p.id || ' ' || s.name || ' ' || s.address || ' ' || s.city)",
            "$2",
            "$7",
            "$8"
        ),
        " and exists (select 1 from connectors c join connectors_shown n
                    on n.charge_point_id = c.charge_point_id and n.connector = c.connector
                    where c.charge_point_id = p.id and ($3 = '' or c.plug = $3)
                        and c.power_w >= $4 and ($5 = 0 or n.state = 'available')
                        and ($6 = 0 or (p.takes_holds = 1 and n.state <> 'offline')))
            order by s.name, p.id",
    ))
    .bind(not_itself)
    .bind(first)
    .bind(filter.plug.as_ref().map_or("", Plug::as_str))
    .bind(i64::from(filter.min_kw.unwrap_or(0)) * 1_000)
    .bind(i64::from(filter.free))
    .bind(i64::from(filter.reservable))
    .bind(second)
    .bind(third)
    .fetch_all(reader)
    .await?;
    let found = |row: &AnyRow| {
        let at = row.try_get::<Option<i64>, _>(1)?.zip(row.try_get(2)?);
        let distance_m = near.zip(at).map(|(from, to)| distance(from, to));
        Ok(Found {
            id: row.try_get(0)?,
            distance_m,
        })
    };
    rows.iter().map(found).collect()
}

fn place(row: &AnyRow, hours: Vec<Opening>, now: Instant) -> Result<Place, sqlx::Error> {
    let zone: String = row.try_get(5)?;
    let open = match row.try_get(8)? {
        "always" => Some(true),
        "listed" => Some(is_open(&hours, zone.parse().unwrap_or(Tz::UTC), now)),
        _ => None,
    };
    let degrees = |column| {
        let millionths: Option<i64> = row.try_get(column)?;
        Ok::<_, sqlx::Error>(millionths.map(|units| Decimal::new(units, DEGREES)))
    };
    let position = degrees(6)?
        .zip(degrees(7)?)
        .map(|(latitude, longitude)| Position {
            latitude,
            longitude,
        });
    let address = full_address(row.try_get(2)?, row.try_get(3)?);
    Ok(Place {
        site_id: row.try_get(0)?,
        name: row.try_get(1)?,
        address: Some(address),
        operator: row.try_get(4)?,
        time_zone: Some(zone),
        position,
        hours,
        open,
    })
}

fn is_open(hours: &[Opening], zone: Tz, now: Instant) -> bool {
    let Some(local) = now.utc().map(|now| now.with_timezone(&zone)) else {
        return false;
    };
    let day = u8::try_from(local.weekday().number_from_monday()).unwrap_or(0);
    let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0);
    hours.iter().any(|opening| {
        opening.day == day && (opening.from_minute..opening.to_minute).contains(&minute)
    })
}

async fn connectors(
    reader: &mut AnyConnection,
    charge_point_id: &str,
    person_id: &str,
    reservable: bool,
) -> Result<Vec<Connector>, sqlx::Error> {
    let rows = sqlx::query(
        "select c.connector, c.evse_id, c.plug, c.kind, c.power_w, n.state, n.state_at,
            c.tariff_id, (select r.id from reservations r
                where r.charge_point_id = c.charge_point_id and r.connector = c.connector
                    and r.person_id = $2 and r.ended is null
                    and r.booking_id is null)
            from connectors c join connectors_shown n
                on n.charge_point_id = c.charge_point_id and n.connector = c.connector
            where c.charge_point_id = $1 order by c.connector",
    )
    .bind(charge_point_id)
    .bind(person_id)
    .fetch_all(&mut *reader)
    .await?;
    let mut connectors = Vec::with_capacity(rows.len());
    for row in &rows {
        let tariff_id: Option<String> = row.try_get(7)?;
        let terms = match tariff_id {
            Some(id) => Some(terms(&tariffs::load(reader, &id).await?)),
            None => None,
        };
        let plug: Option<&str> = row.try_get(2)?;
        let since: Option<i64> = row.try_get(6)?;
        connectors.push(Connector {
            connector_id: u32::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0),
            evse_id: row.try_get(1)?,
            plug: plug.map(Plug::of_word),
            current: Some(current_of_word(row.try_get(3)?)),
            power_kw: Some(Decimal::new(row.try_get(4)?, 3)),
            state: ConnectorState::of_word(row.try_get(5)?),
            since: since.map(Instant::from_millis),
            reservable,
            my_reservation_id: row.try_get(8)?,
            terms,
        });
    }
    Ok(connectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_open_in_its_hours_by_its_own_clock() {
        let hours = [Opening {
            day: 6,
            from_minute: 8 * 60,
            to_minute: 21 * 60,
        }];
        let open = |time: &str| is_open(&hours, chrono_tz::Europe::Berlin, time.parse().unwrap());
        assert!(!open("2025-06-14T05:59:00Z"));
        assert!(open("2025-06-14T06:00:00Z"));
        assert!(open("2025-06-14T18:59:00Z"));
        assert!(!open("2025-06-14T19:00:00Z"));
        assert!(!open("2025-06-15T10:00:00Z"));
    }
}
