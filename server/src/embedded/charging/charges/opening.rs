//! A charge becomes a session once all is known that one needs: who pays, where, and
//! since when.

use portal_api::time::Instant;

use super::{heard::Heard, meter, tell_end, unwritten, write};
use crate::{
    embedded::{
        bookings::steps::Coming,
        charging::{Work, holds, payer::Payer},
        groups::limits,
        sessions::{
            self, End, Record,
            open::{self, Open},
        },
        sites::{self, Site},
        tariffs::{self, Tariff},
    },
    ids,
    ocpp::message::Sample,
};

/// Opens the session of a charge, if enough was heard of it and whoever pays can. A tag
/// that nobody pays for is forgotten: another one may be shown.
pub async fn open(work: &mut Work, heard: &mut Heard) -> Result<(), sqlx::Error> {
    let (Some(connector), Some(tag), Some(began)) =
        (heard.connector, heard.tag.clone(), heard.began)
    else {
        return Ok(());
    };
    let charge_point_id = heard.charge_point_id.clone();
    let place = (charge_point_id.as_str(), connector);
    if !is_free(work, place, began, heard.end.is_some()).await? {
        return Ok(());
    }
    let session = match Payer::of(work, place, &tag, began).await? {
        Some(payer) => session(work, place, heard, &payer, &tag, began).await?,
        None => None,
    };
    if session.is_none() {
        heard.tag = None;
    }
    heard.session_id = session;
    Ok(())
}

/// Whether a charge that began then may be written down: whoever was there before has
/// left without a word, and whoever came later stays.
async fn is_free(
    work: &mut Work,
    (charge_point_id, connector): (&str, i64),
    began: Instant,
    over: bool,
) -> Result<bool, sqlx::Error> {
    let there = open::at_connector(&mut work.write, charge_point_id, connector).await?;
    let there = match there {
        Some(id) => open::open(&mut work.write, &id).await?,
        None => None,
    };
    match there {
        Some(later) if later.record.started > began => Ok(over),
        Some(left) => abandon(work, left).await.map(|()| true),
        None => Ok(true),
    }
}

/// Ends a session of which nothing more will be heard, as of its last reading.
async fn abandon(work: &mut Work, mut left: Open) -> Result<(), sqlx::Error> {
    let record = &mut left.record;
    let last = record
        .readings
        .last()
        .map_or(record.started, |last| last.at);
    let at = last.max(record.started);
    record.charged_until = record.charged_until.filter(|until| *until <= at);
    record.end = Some(End { at, early: true });
    write(work, &left).await
}

/// Where a connector is and what charging there costs.
pub async fn terms(
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

/// Writes the session, by its id, if whoever pays can.
async fn session(
    work: &mut Work,
    place: (&str, i64),
    heard: &Heard,
    payer: &Payer,
    tag: &str,
    began: Instant,
) -> Result<Option<String>, sqlx::Error> {
    let Some((site, tariff)) = terms(work, place).await? else {
        return Ok(None);
    };
    let id = ids::new_id("sess").map_err(|_| sqlx::Error::WorkerCrashed)?;
    let coming = Coming {
        place,
        person_id: &payer.person_id,
        tag,
        at: began,
    };
    // What is booked was set aside then.
    let booking = work.expected(&coming).await?;
    let terms = (&site, &tariff);
    if booking.is_none() && !payer.sets_aside(work, &id, place, terms, began).await? {
        return Ok(None);
    }
    let record = record(id.clone(), place, heard, payer, tag, began);
    sessions::save(&mut work.write, &record, &site, &tariff)
        .await
        .map_err(unwritten)?;
    match booking {
        Some(booking) => work.attend(&booking, &id).await?,
        None => payer.begins(work, &id).await?,
    }
    if record.end.is_none() {
        holds::used(work, place, heard.reservation, &payer.person_id, &id).await?;
        return Ok(Some(id));
    }
    // It is over already: what was set aside for it is, too.
    if let Some(cost) = sessions::cost_now(&mut work.write, &id, work.now).await? {
        limits::settle_session(&mut work.write, &id, cost).await?;
    }
    work.complete(&id).await?;
    let written = Open {
        record,
        site,
        tariff,
        claim: None,
    };
    tell_end(work, &written).await?;
    Ok(Some(id))
}

fn record(
    id: String,
    (charge_point_id, connector): (&str, i64),
    heard: &Heard,
    payer: &Payer,
    tag: &str,
    began: Instant,
) -> Record {
    let mut record = Record {
        id,
        driver_id: payer.person_id.clone(),
        charge_point_id: charge_point_id.to_owned(),
        connector: u32::try_from(connector).unwrap_or(0),
        id_tag: Some(tag.to_owned()),
        payment: payer.payment,
        discount_rate: 0,
        promotional_code: None,
        started: began,
        energy_wh: 0,
        readings: Vec::new(),
        charged_until: None,
        end: None,
    };
    if let Some(end) = heard.end {
        let at = end.at.max(began);
        record.end = Some(End { at, ..end });
        if let (Some(start_wh), Some(end_wh)) = (heard.meter_start_wh, heard.meter_end_wh) {
            let showed = |at, meter_wh| Sample {
                at,
                meter_wh,
                power_w: None,
            };
            meter::read(
                &mut record,
                start_wh,
                &[showed(began, start_wh), showed(at, end_wh)],
            );
        }
    }
    record
}
