//! What charge points report of charges becomes sessions. What comes twice or late
//! changes nothing that is settled.

use portal_api::{
    decimal::Decimal,
    dynamo::SessionStatus,
    portal::events::{SESSION, SessionNews},
    time::Instant,
};
use sqlx::Row;

use super::{News, Work, feed, holds, payer::Payer, tags};
use crate::{
    embedded::{
        bookings::steps::Coming,
        sessions::{
            self, End, Record, WriteError,
            open::{self, Open},
        },
        sites::{self, Site},
        tariffs::{self, Tariff, price::Reading},
    },
    ids,
    ocpp::message::{Charge, ChargeId, Sample, Step, TagStatus},
};

/// What a charge point is told of a charge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Whether the tag may charge.
    pub tag: TagStatus,
    /// What we call the charge.
    pub number: i64,
}

/// A charge that began before.
struct Transaction {
    number: i64,
    meter_start_wh: i64,
    session_id: Option<String>,
    ended: bool,
}

/// Takes in what happened to a charge.
pub(super) async fn take(
    work: &mut Work,
    charge_point_id: &str,
    charge: Charge,
) -> Result<Known, sqlx::Error> {
    let before = find(work, charge_point_id, &charge.id).await?;
    let transaction = match (before, &charge.id) {
        (Some(before), _) => before,
        // Whatever it is, it began while nobody listened.
        (None, ChargeId::Name(name)) => match begin(work, charge_point_id, name, &charge).await? {
            Some(begun) => begun,
            None => return Ok(UNKNOWN),
        },
        (None, ChargeId::Number(_)) => return Ok(UNKNOWN),
    };
    let known = Known {
        tag: match (&transaction.session_id, &charge.tag) {
            (Some(_), _) => TagStatus::Accepted,
            (None, Some(tag)) => tags::refusal(&mut work.write, tag).await?,
            (None, None) => TagStatus::Unknown,
        },
        number: transaction.number,
    };
    if !transaction.ended {
        go_on(work, &transaction, &charge).await?;
    }
    Ok(known)
}

/// Nothing is known of it, and nothing is charged for.
const UNKNOWN: Known = Known {
    tag: TagStatus::Unknown,
    number: 0,
};

async fn find(
    work: &mut Work,
    charge_point_id: &str,
    id: &ChargeId,
) -> Result<Option<Transaction>, sqlx::Error> {
    let (name, number) = match id {
        ChargeId::Name(name) => (name.as_str(), 0),
        ChargeId::Number(number) => ("", *number),
    };
    let row = sqlx::query(
        "select number, meter_start_wh, session_id, ended from transactions
            where charge_point_id = $1 and (name = $2 or number = $3)",
    )
    .bind(charge_point_id)
    .bind(name)
    .bind(number)
    .fetch_optional(&mut *work.write)
    .await?;
    row.map(|row| {
        Ok(Transaction {
            number: row.try_get(0)?,
            meter_start_wh: row.try_get(1)?,
            session_id: row.try_get(2)?,
            ended: row.try_get::<i64, _>(3)? == 1,
        })
    })
    .transpose()
}

/// A charge began. Without a connector nobody knows where, and it is left alone.
async fn begin(
    work: &mut Work,
    charge_point_id: &str,
    name: &str,
    charge: &Charge,
) -> Result<Option<Transaction>, sqlx::Error> {
    let Some(connector) = charge.connector else {
        return Ok(None);
    };
    let place = (charge_point_id, connector);
    let Some((site, tariff)) = terms(work, place).await? else {
        return Ok(None);
    };
    let meter_start_wh = charge.samples.first().map_or(0, |first| first.meter_wh);
    let number = feed::next(&mut work.write, "transaction").await?;
    let session_id = match Payer::of(work, place, charge).await? {
        Some(payer) => open_session(work, place, charge, &payer, (&site, &tariff)).await?,
        None => None,
    };
    sqlx::query(
        "insert into transactions (charge_point_id, name, number, connector, meter_start_wh,
            session_id) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(charge_point_id)
    .bind(name)
    .bind(number)
    .bind(connector)
    .bind(meter_start_wh)
    .bind(&session_id)
    .execute(&mut *work.write)
    .await?;
    Ok(Some(Transaction {
        number,
        meter_start_wh,
        session_id,
        ended: false,
    }))
}

/// Where a connector is and what charging there costs.
async fn terms(
    work: &mut Work,
    (charge_point_id, connector): (&str, i64),
) -> Result<Option<(Site, Tariff)>, sqlx::Error> {
    let row: Option<(String, String)> = sqlx::query_as(
        "select p.site_id, c.tariff_id from connectors c
            join charge_points p on p.id = c.charge_point_id
            where c.charge_point_id = $1 and c.connector = $2 and c.tariff_id is not null",
    )
    .bind(charge_point_id)
    .bind(connector)
    .fetch_optional(&mut *work.write)
    .await?;
    let Some((site, tariff)) = row else {
        return Ok(None);
    };
    let site = sites::load(&mut work.write, &site).await?;
    Ok(Some((site, tariffs::load(&mut work.write, &tariff).await?)))
}

/// Opens a session, if whoever pays can.
async fn open_session(
    work: &mut Work,
    (charge_point_id, connector): (&str, i64),
    charge: &Charge,
    payer: &Payer,
    (site, tariff): (&Site, &Tariff),
) -> Result<Option<String>, sqlx::Error> {
    // Whoever was there before has left without a word.
    let left = open::at_connector(&mut work.write, charge_point_id, connector).await?;
    if let Some(left) = left {
        abandon(work, &left).await?;
    }
    let id = ids::new_id("sess").map_err(|_| sqlx::Error::WorkerCrashed)?;
    // A clock that runs ahead must not begin in the future.
    let started = charge.at.min(work.now);
    let place = (charge_point_id, connector);
    let terms = (site, tariff);
    let coming = Coming {
        place,
        person_id: &payer.person_id,
        tag: charge.tag.as_deref().unwrap_or_default(),
        at: started,
    };
    // What is booked was set aside then.
    let booking = work.expected(&coming).await?;
    if booking.is_none() && !payer.sets_aside(work, &id, place, terms, started).await? {
        return Ok(None);
    }
    let record = Record {
        id: id.clone(),
        driver_id: payer.person_id.clone(),
        charge_point_id: charge_point_id.to_owned(),
        connector: u32::try_from(connector).unwrap_or(0),
        id_tag: charge.tag.clone(),
        payment: payer.payment,
        discount_rate: 0,
        promotional_code: None,
        started,
        energy_wh: 0,
        readings: Vec::new(),
        charged_until: None,
        end: None,
    };
    sessions::save(&mut work.write, &record, site, tariff)
        .await
        .map_err(unwritten)?;
    match booking {
        Some(booking) => work.attend(&booking, &id).await?,
        None => payer.begins(work, &id).await?,
    }
    holds::used(work, place, charge.reservation, &payer.person_id, &id).await?;
    Ok(Some(id))
}

/// Ends a session of which nothing more will be heard, as of its last reading.
async fn abandon(work: &mut Work, id: &str) -> Result<(), sqlx::Error> {
    let Some(mut open) = open::open(&mut work.write, id).await? else {
        return Ok(());
    };
    let started = open.record.started;
    let last = open.record.readings.last().map_or(started, |last| last.at);
    open.record.end = Some(End {
        at: last.max(started),
        early: true,
    });
    write(work, &open).await?;
    let done = sqlx::query("update transactions set ended = 1 where session_id = $1");
    done.bind(id).execute(&mut *work.write).await?;
    Ok(())
}

/// The meter was read, or the charge has ended.
async fn go_on(
    work: &mut Work,
    transaction: &Transaction,
    charge: &Charge,
) -> Result<(), sqlx::Error> {
    let end = match charge.step {
        Step::Ended { early } => Some(early),
        Step::Started | Step::GoesOn { .. } => None,
    };
    if end.is_some() {
        sqlx::query("update transactions set ended = 1 where number = $1")
            .bind(transaction.number)
            .execute(&mut *work.write)
            .await?;
    }
    let Some(session_id) = &transaction.session_id else {
        return Ok(());
    };
    let Some(mut open) = open::open(&mut work.write, session_id).await? else {
        return Ok(());
    };
    let at = charge.at.min(work.now).max(open.record.started);
    read_meter(
        &mut open.record,
        transaction.meter_start_wh,
        &charge.samples,
    );
    if let Step::GoesOn { idle } = charge.step {
        note_idle(&mut open.record, idle, at);
    }
    if let Some(early) = end {
        open.record.charged_until = open.record.charged_until.filter(|until| *until <= at);
        open.record.end = Some(End { at, early });
    }
    write(work, &open).await
}

/// A car has what it wanted and stays, or charges again.
pub(super) async fn idle(
    work: &mut Work,
    (charge_point_id, connector): (&str, i64),
    idle: bool,
    at: Instant,
) -> Result<(), sqlx::Error> {
    let id = open::at_connector(&mut work.write, charge_point_id, connector).await?;
    let Some(id) = id else {
        return Ok(());
    };
    let Some(mut open) = open::open(&mut work.write, &id).await? else {
        return Ok(());
    };
    let at = at.min(work.now).max(open.record.started);
    note_idle(&mut open.record, idle, at);
    write(work, &open).await
}

fn note_idle(record: &mut Record, idle: bool, at: Instant) {
    record.charged_until = match (idle, record.charged_until) {
        (true, None) => Some(at),
        (true, since) => since,
        (false, _) => None,
    };
}

/// Adds what the meter showed. A meter that ran backwards takes nothing back.
fn read_meter(record: &mut Record, start_wh: i64, samples: &[Sample]) {
    for sample in samples {
        let energy_wh = sample.meter_wh.saturating_sub(start_wh);
        let known = record.readings.iter().any(|before| before.at == sample.at);
        if energy_wh < 0 || known || sample.at < record.started {
            continue;
        }
        record.energy_wh = record.energy_wh.max(energy_wh);
        record.readings.push(Reading {
            at: sample.at,
            energy_wh,
            power_w: sample.power_w,
        });
    }
    record.readings.sort_by_key(|reading| reading.at);
}

/// Writes a session and tells its driver.
async fn write(work: &mut Work, open: &Open) -> Result<(), sqlx::Error> {
    match sessions::save(&mut work.write, &open.record, &open.site, &open.tariff).await {
        Ok(()) => {
            if open.record.end.is_some() {
                work.complete(&open.record.id).await?;
            }
            tell(work, open).await
        }
        // It was settled before.
        Err(WriteError::Ended) => Ok(()),
        Err(error) => Err(unwritten(error)),
    }
}

async fn tell(work: &mut Work, open: &Open) -> Result<(), sqlx::Error> {
    let record = &open.record;
    let last = record.readings.last();
    let status = match record.end {
        None => SessionStatus::Active,
        Some(End { early: true, .. }) => SessionStatus::Stopped,
        Some(_) => SessionStatus::Completed,
    };
    let at = record.end.map_or(work.now, |end| end.at);
    let cost = sessions::cost_now(&mut work.write, &record.id, work.now).await?;
    let news = SessionNews {
        session_id: record.id.clone(),
        status,
        energy_kwh: Decimal::new(record.energy_wh, 3),
        power_kw: last
            .filter(|_| record.end.is_none())
            .and_then(|last| last.power_w)
            .map(|power| Decimal::new(power, 3)),
        cost: cost.map(|money| money.major()),
        currency: Some(open.tariff.currency),
        at: last.map_or(at, |last| last.at),
    };
    work.news
        .extend(News::of(&record.driver_id, SESSION, &news));
    Ok(())
}

fn unwritten(error: WriteError) -> sqlx::Error {
    match error {
        WriteError::Store(error) => error,
        other => sqlx::Error::Encode(Box::new(other)),
    }
}
