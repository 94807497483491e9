//! What charge points report of charges becomes sessions. What comes twice or late
//! changes nothing that is settled.

mod heard;
mod meter;
mod opening;

use portal_api::{
    decimal::Decimal,
    dynamo::SessionStatus,
    money::Money,
    portal::events::{SESSION, SessionNews},
    time::Instant,
};

use self::heard::Heard;
use super::{News, Work, tags};
use crate::{
    embedded::{
        groups::stops::{self, Going},
        sessions::{
            self, End, WriteError,
            open::{self, Open},
        },
    },
    ocpp::message::{Charge, ChargeId, Step, TagStatus},
};

/// How late a charge point may tell of something, in seconds. A clock that is further
/// behind was never set, and no year of parking is billed for that.
const LATEST: i64 = 7 * 24 * 3_600;

/// What a charge point is told of a charge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// Whether the tag may charge.
    pub tag: TagStatus,
    /// What we call the charge.
    pub number: i64,
}

/// Nothing is known of it, and nothing is charged for.
const UNKNOWN: Known = Known {
    tag: TagStatus::Unknown,
    number: 0,
};

/// Takes in what happened to a charge.
pub(super) async fn take(
    work: &mut Work,
    charge_point_id: &str,
    mut charge: Charge,
) -> Result<Known, sqlx::Error> {
    believe(&mut charge, work.now);
    let before = Heard::before(work, charge_point_id, &charge.id).await?;
    let mut heard = match (before, &charge.id) {
        (Some(before), _) => before,
        (None, ChargeId::Number(_)) => return Ok(UNKNOWN),
        (None, ChargeId::Name(name)) => {
            let nowhere = match charge.connector {
                Some(number) => opening::terms(work, (charge_point_id, number))
                    .await?
                    .is_none(),
                None => false,
            };
            if nowhere {
                return Ok(UNKNOWN);
            }
            Heard::first(work, charge_point_id, name).await?
        }
    };
    let news = heard.note(&charge);
    if news && heard.session_id.is_none() {
        opening::open(work, &mut heard).await?;
    }
    heard.keep(work).await?;
    go_on(work, &heard, &charge).await?;
    Ok(Known {
        tag: admitted(work, &heard, &charge).await?,
        number: heard.number,
    })
}

/// Corrects what a clock that is wrong says: nothing happens in the future, nor long ago.
fn believe(charge: &mut Charge, now: Instant) {
    let believed = |at: Instant| {
        if at < now.plus_seconds(-LATEST) {
            now
        } else {
            at.min(now)
        }
    };
    charge.at = believed(charge.at);
    for sample in &mut charge.samples {
        sample.at = believed(sample.at);
    }
}

/// Whether the tag that was shown may charge.
async fn admitted(
    work: &mut Work,
    heard: &Heard,
    charge: &Charge,
) -> Result<TagStatus, sqlx::Error> {
    match (&heard.session_id, &charge.tag) {
        (Some(_), _) => Ok(TagStatus::Accepted),
        (None, None) => Ok(TagStatus::Unknown),
        // It waits for the rest.
        (None, Some(tag)) if heard.tag.is_some() => {
            let now = work.now;
            let shown = tags::show(&mut work.write, &heard.charge_point_id, tag, now).await?;
            Ok(shown.status)
        }
        (None, Some(tag)) => tags::refusal(&mut work.write, tag).await,
    }
}

/// The meter was read, or the charge has ended.
async fn go_on(work: &mut Work, heard: &Heard, charge: &Charge) -> Result<(), sqlx::Error> {
    let Some(session_id) = &heard.session_id else {
        return Ok(());
    };
    let Some(mut open) = open::open(&mut work.write, session_id).await? else {
        return Ok(());
    };
    let record = &mut open.record;
    let at = charge.at.max(record.started);
    if let Some(start_wh) = heard.meter_start_wh {
        meter::read(record, start_wh, &charge.samples);
    }
    match charge.step {
        Step::GoesOn { idle: Some(idle) } => meter::note_idle(record, idle, at),
        Step::Ended { early } => {
            record.charged_until = record.charged_until.filter(|until| *until <= at);
            record.end = Some(End { at, early });
        }
        Step::Started | Step::GoesOn { idle: None } => {}
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
    let at = at.min(work.now);
    if at < open.record.started {
        // It is about the car before.
        return Ok(());
    }
    meter::note_idle(&mut open.record, idle, at);
    write(work, &open).await
}

/// Writes a session and tells its driver.
async fn write(work: &mut Work, open: &Open) -> Result<(), sqlx::Error> {
    match sessions::save(&mut work.write, &open.record, &open.site, &open.tariff).await {
        Ok(()) if open.record.end.is_some() => {
            work.complete(&open.record.id).await?;
            tell_end(work, open).await
        }
        Ok(()) => {
            let cost = open.cost(work.now);
            let stop = has_to_stop(work, open, cost).await?;
            let mut news = news(work, open, cost);
            if let Some(news) = news.as_mut().filter(|_| stop) {
                news.charge_point_id = Some(open.record.charge_point_id.clone());
            }
            work.news.extend(news);
            Ok(())
        }
        // It was settled before.
        Err(WriteError::Ended) => Ok(()),
        Err(error) => Err(unwritten(error)),
    }
}

/// Whether a charge is to be ended: it is a group's, which has no more to spend on it.
async fn has_to_stop(
    work: &mut Work,
    open: &Open,
    cost: Option<Money>,
) -> Result<bool, sqlx::Error> {
    let (Some(reference), Some(cost)) = (&open.claim, cost) else {
        return Ok(false);
    };
    let going = Going {
        reference,
        cost,
        next: open.last_step().unwrap_or(0),
    };
    stops::goes_on(&mut work.write, &going, work.now).await
}

/// Tells what a session came to.
async fn tell_end(work: &mut Work, open: &Open) -> Result<(), sqlx::Error> {
    let cost = sessions::cost_now(&mut work.write, &open.record.id, work.now).await?;
    let news = news(work, open, cost);
    work.news.extend(news);
    Ok(())
}

fn news(work: &Work, open: &Open, cost: Option<Money>) -> Option<News> {
    let record = &open.record;
    let last = record.readings.last();
    let status = match record.end {
        None => SessionStatus::Active,
        Some(End { early: true, .. }) => SessionStatus::Stopped,
        Some(_) => SessionStatus::Completed,
    };
    let at = record.end.map_or(work.now, |end| end.at);
    let news = SessionNews {
        session_id: record.id.clone(),
        status,
        energy_kwh: Decimal::new(record.energy_wh, 3),
        power_kw: last
            .filter(|_| record.end.is_none())
            .and_then(|last| last.power_w)
            .map(|power| Decimal::new(power, 3)),
        cost: cost.map(Money::major),
        currency: Some(open.tariff.currency),
        at: last.map_or(at, |last| last.at),
    };
    News::of(&record.driver_id, SESSION, &news)
}

fn unwritten(error: WriteError) -> sqlx::Error {
    match error {
        WriteError::Store(error) => error,
        other => sqlx::Error::Encode(Box::new(other)),
    }
}
