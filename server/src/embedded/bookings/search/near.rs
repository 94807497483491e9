//! The places around where a plug can be booked.

use portal_api::{
    decimal::Decimal, portal::charge_points::Opening, query::search::SearchQuery, time::Instant,
};
use sqlx::AnyConnection;

use super::places::of_ocpi;
use crate::embedded::{
    bookings::{asking::times, opening::Time},
    distance::{DEGREES, Spot, around, distance},
};

/// A place that fits.
pub(super) struct Near {
    pub site_id: String,
    pub distance_m: u32,
    pub spot: Spot,
}

/// The places around with a plug that fits and, if it is to be booked, can be: not only
/// is it free then, its operator and its place take such a booking.
// One row: a thousand take longer to hand over than to find.
const AROUND: &str = "select string_agg(s.id || ' ' || s.latitude || ' ' || s.longitude
        || case when $7 = 0 or s.hours <> 'listed' then '' else ' ' || s.time_zone || coalesce((
            select string_agg(' ' || h.day || ' ' || h.from_minute || ' ' || h.to_minute, '')
                from opening_hours h where h.site_id = s.id), '') end, ',')
    from sites s
    where s.latitude between $1 and $2 and s.longitude between $3 and $4
        and ($7 = 0 or s.operator_id in (select o.id from operators o
            where $8 - $7 <= o.booking_minutes * 60000
                and $7 <= $9 + o.booking_days_ahead * 86400000))
        and exists (select 1 from charge_points p
            join connectors c on c.charge_point_id = p.id
            where p.site_id = s.id and ($5 = '' or c.plug = $5) and c.power_w >= $6
                and ($7 = 0 or (p.takes_holds = 1 and c.tariff_id is not null
                    and (c.state_at is null or c.state not in ('faulted', 'unavailable'))
                    and not exists (select 1 from reservations r
                        where r.charge_point_id = c.charge_point_id
                            and r.connector = c.connector and r.stage <> 'over'
                            and r.booking_id is null
                            and (r.expires_at > $7 or r.wanted_until > $7))
                    and not exists (select 1 from bookings b
                        where b.charge_point_id = c.charge_point_id
                            and b.connector = c.connector and b.ends_at > $7
                            and b.starts_at < $8 and b.status in ('REQUESTED',
                                'PENDING', 'CONFIRMED', 'ATTENDING')))))";

/// All of them, in no order.
pub(super) async fn near(
    reader: &mut AnyConnection,
    query: &SearchQuery,
    now: Instant,
) -> Result<Vec<Near>, sqlx::Error> {
    let window = match query.window {
        None => None,
        Some(window) => match times(window, now) {
            Ok(window) => Some(window),
            // Nobody books that anywhere.
            Err(_) => return Ok(Vec::new()),
        },
    };
    let units = |degrees: Decimal| degrees.units_at(DEGREES).unwrap_or_default();
    let from = (units(query.at.lat), units(query.at.lng));
    let (latitudes, longitudes) = around(from, query.radius_m);
    let plug = query.connector_type.as_deref();
    let all: Option<String> = sqlx::query_scalar(AROUND)
        .bind(latitudes.0)
        .bind(latitudes.1)
        .bind(longitudes.0)
        .bind(longitudes.1)
        .bind(plug.map_or_else(String::new, of_ocpi))
        .bind(i64::from(query.power_min_w.unwrap_or(0)))
        .bind(window.map_or(0, |(start, _)| start.millis()))
        .bind(window.map_or(0, |(_, end)| end.millis()))
        .bind(now.millis())
        .fetch_one(reader)
        .await?;
    let mut time = window.map(Time::new);
    let places = all.as_deref().unwrap_or_default().split(',');
    let near = |place: &str| {
        let mut parts = place.split(' ');
        let site_id = parts.next()?.to_owned();
        let spot = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let distance_m = distance(from, spot);
        let fits = distance_m <= query.radius_m
            && match (&mut time, parts.next()) {
                (Some(time), Some(zone)) => time.is_within(zone, &openings(parts)),
                _ => true,
            };
        fits.then_some(Near {
            site_id,
            distance_m,
            spot,
        })
    };
    Ok(places.filter_map(near).collect())
}

/// Threes of a day, when it opens and when it closes.
fn openings<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<Opening> {
    let numbers: Vec<u16> = parts.filter_map(|part| part.parse().ok()).collect();
    let (threes, _) = numbers.as_chunks::<3>();
    let opening = |&[day, from_minute, to_minute]: &[u16; 3]| {
        let day = u8::try_from(day).ok()?;
        Some(Opening {
            day,
            from_minute,
            to_minute,
        })
    };
    threes.iter().filter_map(opening).collect()
}
