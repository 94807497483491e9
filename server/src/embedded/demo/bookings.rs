//! What the demo's people have booked: made step by step, as real bookings are.

use chrono::{Datelike, Days, NaiveTime, Weekday};
use chrono_tz::Europe;
use portal_api::{petit_monde::booking::BookingRequest, time::Instant};
use sqlx::FromRow;

use super::{FillError, groups};
use crate::embedded::{
    bookings::{reading, steps::Coming},
    charging::Work,
    letters,
    people::{self, Person},
};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// Where one can book at any hour, and where visitors and vans come for a day.
const MOTORWAY: &str = "CP-ORTN-01";
const CAMPUS: [&str; 2] = ["CP-RIES-01", "CP-RIES-02"];

/// With whose token something is booked.
#[derive(Clone, Copy)]
enum Token {
    Own,
    Guest,
    Group(&'static str),
}

pub(super) async fn write(work: &mut Work) -> Result<(), FillError> {
    let driver = find(work, "driver@example.com").await?;
    let member = find(work, "group@example.com").await?;
    let today = work.now;
    // To the hour.
    let hour = Instant::from_millis(today.millis().div_euclid(HOUR * 1_000) * HOUR * 1_000);
    let motorway = plug(work, MOTORWAY).await?;
    let for_visitor = plug(work, CAMPUS[0]).await?;
    let for_van = plug(work, CAMPUS[1]).await?;
    let mut telling = Telling { work, today };
    telling.completed(&driver).await?;
    let long_ago = hour.plus_seconds(-20 * DAY);
    telling.missed(&driver, &motorway, long_ago).await?;
    telling
        .cancelled(&driver, &motorway, hour.plus_seconds(-10 * DAY))
        .await?;
    let tomorrow = hour.plus_seconds(26 * HOUR);
    let morning = next_working_day(today).ok_or(FillError::Plan)?;
    for (person, plug, start, hours, token) in [
        (&driver, &motorway, tomorrow, 1, Token::Own),
        (&member, &for_visitor, morning, 8, Token::Guest),
        (&member, &for_van, morning, 1, Token::Group(groups::SOUTH)),
    ] {
        let window = (start, start.plus_seconds(hours * HOUR));
        telling.booked(person, plug, window, token).await?;
    }
    for person in [&driver, &member] {
        letters::forget(&mut telling.work.write, &person.email).await?;
    }
    Ok(())
}

async fn find(work: &mut Work, email: &str) -> Result<Person, FillError> {
    let person = people::find(&mut work.write, email).await?;
    person.ok_or(FillError::Plan)
}

/// A plug that can be booked.
#[derive(FromRow)]
struct Plug {
    site_id: String,
    evse_id: String,
}

async fn plug(work: &mut Work, charge_point: &str) -> Result<Plug, sqlx::Error> {
    sqlx::query_as(
        "select p.site_id, c.evse_id from charge_points p
            join connectors c on c.charge_point_id = p.id
            where p.id = $1 and c.connector = 1",
    )
    .bind(charge_point)
    .fetch_one(&mut *work.write)
    .await
}

/// A session that might as well have been booked.
#[derive(FromRow)]
struct Charged {
    id: String,
    charge_point_id: String,
    connector: i64,
    site_id: String,
    evse_id: String,
    id_tag: Option<String>,
    started_at: i64,
    ended_at: i64,
}

/// Nine in the morning of the next working day, at the campus.
fn next_working_day(now: Instant) -> Option<Instant> {
    let today = now.utc()?.with_timezone(&Europe::Berlin).date_naive();
    let days = (1..=7).filter_map(|days| today.checked_add_days(Days::new(days)));
    let works = |weekday| !matches!(weekday, Weekday::Sat | Weekday::Sun);
    let day = days.into_iter().find(|day| works(day.weekday()))?;
    let local = day.and_time(NaiveTime::from_hms_opt(9, 0, 0)?);
    let at = local.and_local_timezone(Europe::Berlin).earliest()?;
    Some(Instant::from_millis(at.timestamp_millis()))
}

struct Telling<'a> {
    work: &'a mut Work,
    today: Instant,
}

impl Telling<'_> {
    /// Somebody booked a plug a day before, or just now, and it was confirmed.
    async fn booked(
        &mut self,
        person: &Person,
        plug: &Plug,
        (start, end): (Instant, Instant),
        token: Token,
    ) -> Result<String, FillError> {
        let (customer_id, fleet_group_id) = match token {
            Token::Own => (Some(person.id.clone()), None),
            Token::Guest => (None, None),
            Token::Group(id) => (None, Some(id.to_owned())),
        };
        let request = BookingRequest {
            location_id: plug.site_id.clone(),
            evse_uid: plug.evse_id.clone(),
            connector_id: None,
            reservation_start: start,
            reservation_end: end,
            external_id: None,
            token_strategy: None,
            customer_id,
            token_id: None,
            fleet_group_id,
        };
        self.work.now = start.plus_seconds(-DAY).min(self.today);
        let booking = self.work.book(person, &request, i64::MAX).await?;
        self.work.now = self.work.now.plus_seconds(4).min(self.today);
        self.work.ask(&booking.id).await?;
        self.work.answer(&booking.id).await?;
        Ok(booking.id)
    }

    /// The newest short session of some days ago, as if it had been booked.
    async fn completed(&mut self, person: &Person) -> Result<(), FillError> {
        let charged: Option<Charged> = sqlx::query_as(
            "select x.id, x.charge_point_id, x.connector, x.site_id, c.evse_id, x.id_tag,
                x.started_at, x.ended_at from sessions x join sites s on s.id = x.site_id
                join connectors c
                    on c.charge_point_id = x.charge_point_id and c.connector = x.connector
                where x.driver_id = $1 and s.hours = 'always' and c.tariff_id is not null
                    and x.ended_at < $2 and x.ended_at - x.started_at < 7200000
                order by x.started_at desc limit 1",
        )
        .bind(&person.id)
        .bind(self.today.plus_seconds(-5 * DAY).millis())
        .fetch_optional(&mut *self.work.write)
        .await?;
        let Some(charged) = charged else {
            return Ok(());
        };
        let (started, ended) = (
            Instant::from_millis(charged.started_at),
            Instant::from_millis(charged.ended_at),
        );
        let plug = Plug {
            site_id: charged.site_id,
            evse_id: charged.evse_id,
        };
        let window = (started.plus_seconds(-300), ended.plus_seconds(600));
        self.booked(person, &plug, window, Token::Own).await?;
        self.work.now = started;
        let coming = Coming {
            place: (&charged.charge_point_id, charged.connector),
            person_id: &person.id,
            tag: charged.id_tag.as_deref().unwrap_or_default(),
            at: started,
        };
        let booking = self.work.expected(&coming).await?;
        let booking = booking.ok_or(FillError::Plan)?;
        self.work.attend(&booking, &charged.id).await?;
        self.work.now = ended;
        Ok(self.work.complete(&charged.id).await?)
    }

    /// The plug was held, and nobody came.
    async fn missed(
        &mut self,
        person: &Person,
        plug: &Plug,
        start: Instant,
    ) -> Result<(), FillError> {
        let window = (start, start.plus_seconds(HOUR));
        let id = self.booked(person, plug, window, Token::Own).await?;
        let stored = reading::one(&mut self.work.write, &id).await?;
        let stored = stored.ok_or(FillError::Plan)?;
        self.work.now = stored.opens_at();
        self.work.hold_for(&stored).await?;
        self.work.now = window.1;
        sqlx::query(
            "update reservations set stage = 'over', ended = 'expired', held_at = created_at,
                updated_at = expires_at where booking_id = $1",
        )
        .bind(&id)
        .execute(&mut *self.work.write)
        .await?;
        Ok(self.work.lapse(&stored, true).await?)
    }

    /// Given up in time.
    async fn cancelled(
        &mut self,
        person: &Person,
        plug: &Plug,
        start: Instant,
    ) -> Result<(), FillError> {
        let window = (start, start.plus_seconds(HOUR));
        let id = self.booked(person, plug, window, Token::Own).await?;
        self.work.now = start.plus_seconds(-5 * HOUR);
        let reason = Some("The trip is off.");
        self.work.cancel_booking(&person.id, &id, reason).await?;
        Ok(())
    }
}
