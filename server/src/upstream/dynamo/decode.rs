//! Dynamo's answers, read tolerantly: nulls, numbers in quotes, unknown words
//! and other envelopes break nothing.

use std::str::FromStr;

use chrono_tz::Tz;
use portal_api::{
    decimal::Decimal,
    dynamo::{Session, SessionStatus, dispute::DisputeStatus},
    money::Currency,
    time::{Day, Instant},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    provider::{Failure, Filed},
    upstream::client::json,
};

/// One page as it came.
#[derive(Debug)]
pub struct Page {
    /// How many rows there were, readable or not, anybody's.
    pub rows: usize,
    /// The sessions of the driver who was asked for.
    pub sessions: Vec<Session>,
    /// How many rows were somebody else's.
    pub foreign: usize,
    /// How many there are in all, if it says.
    pub total: Option<u64>,
}

/// Any JSON, not yet looked at.
type Raw<'a> = Option<&'a RawValue>;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    sessions: Raw<'a>,
    #[serde(borrow, default)]
    data: Raw<'a>,
    #[serde(borrow, default)]
    total: Raw<'a>,
}

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow, default)]
    session: Raw<'a>,
    #[serde(borrow, default)]
    data: Raw<'a>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow, default)]
    session_id: Raw<'a>,
    #[serde(borrow, default)]
    user_id: Raw<'a>,
    #[serde(borrow, default)]
    charge_point_id: Raw<'a>,
    #[serde(borrow, default)]
    connector_id: Raw<'a>,
    #[serde(borrow, default)]
    site_id: Raw<'a>,
    #[serde(borrow, default)]
    started_at: Raw<'a>,
    #[serde(borrow, default)]
    ended_at: Raw<'a>,
    #[serde(borrow, default)]
    duration_minutes: Raw<'a>,
    #[serde(borrow, default)]
    energy_kwh: Raw<'a>,
    #[serde(borrow, default)]
    total_cost: Raw<'a>,
    #[serde(borrow, default)]
    currency: Raw<'a>,
    #[serde(borrow, default)]
    status: Raw<'a>,
    #[serde(borrow, default)]
    receipt_available: Raw<'a>,
    #[serde(borrow, default)]
    dispute_status: Raw<'a>,
}

/// Reads a page of sessions and keeps those of the driver `user_id`: a row
/// that doesn't say whose it is may be anybody's.
pub fn page(body: &[u8], user_id: &str, zone: Tz) -> Result<Page, Failure> {
    let whole = json(body)?;
    let envelope = object::<Envelope>(whole);
    let total = envelope
        .as_ref()
        .and_then(|envelope| parsed(envelope.total));
    let rows = match envelope {
        Some(envelope) => envelope.sessions.or(envelope.data),
        None => Some(whole),
    };
    let rows: Vec<&RawValue> = rows
        .and_then(read)
        .ok_or(Failure::Nonsense("it has no list of sessions"))?;
    let mut page = Page {
        rows: rows.len(),
        sessions: Vec::with_capacity(rows.len()),
        foreign: 0,
        total,
    };
    for row in rows {
        let Some(row) = object::<Row>(row) else {
            tracing::warn!(event = "upstream_row_unreadable");
            continue;
        };
        if text(row.user_id).as_deref() != Some(user_id) {
            page.foreign += 1;
            continue;
        }
        match session(&row, zone) {
            Some(session) => page.sessions.push(session),
            None => tracing::warn!(event = "upstream_row_unreadable"),
        }
    }
    Ok(page)
}

/// Reads one session, if it is the driver's.
pub fn one(body: &[u8], user_id: &str, zone: Tz) -> Result<Session, Failure> {
    let whole = json(body)?;
    let wrapped = object::<Wrapped>(whole).and_then(|wrapped| wrapped.session.or(wrapped.data));
    let row: Row = object(wrapped.unwrap_or(whole)).ok_or(Failure::Nonsense("it is no session"))?;
    if text(row.user_id).as_deref() != Some(user_id) {
        tracing::warn!(event = "upstream_foreign_rows", rows = 1);
        return Err(Failure::NotFound);
    }
    session(&row, zone).ok_or(Failure::Nonsense("it is no session"))
}

/// What it says of a dispute that it took: as much as can be read.
pub fn filed(body: &[u8]) -> Filed {
    #[derive(Deserialize)]
    struct Told<'a> {
        #[serde(borrow, default)]
        dispute_id: Raw<'a>,
        #[serde(borrow, default)]
        id: Raw<'a>,
        #[serde(borrow, default)]
        status: Raw<'a>,
        #[serde(borrow, default)]
        dispute: Raw<'a>,
        #[serde(borrow, default)]
        data: Raw<'a>,
    }
    let told = json(body).ok().and_then(object::<Told>);
    let inner = told
        .as_ref()
        .and_then(|told| object::<Told>(told.dispute.or(told.data)?));
    let Some(told) = inner.or(told) else {
        return Filed::unknown();
    };
    Filed {
        dispute_id: word(told.dispute_id.or(told.id)),
        status: word(told.status).map_or(Filed::unknown().status, |word| taken(&word)),
    }
}

/// A status of a dispute that was taken: whatever word it uses, it has it.
fn taken(word: &str) -> DisputeStatus {
    match DisputeStatus::of_word(word) {
        DisputeStatus::Unconfirmed => Filed::unknown().status,
        status => status,
    }
}

/// The name of a place.
pub fn site_name(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Site<'a> {
        #[serde(borrow, default)]
        name: Raw<'a>,
        #[serde(borrow, default)]
        data: Raw<'a>,
    }
    let site: Site = object(json(body).ok()?)?;
    let inner = || text(object::<Site>(site.data?)?.name);
    text(site.name)
        .or_else(inner)
        .filter(|name| !name.trim().is_empty())
}

fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// Reads a JSON object; a list would be taken for its fields in their order.
fn object<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    raw.get().starts_with('{').then(|| read(raw)).flatten()
}

/// A text, or a number as it is written; null and the rest are nothing.
fn text(raw: Raw) -> Option<String> {
    let raw = raw?;
    match raw.get().as_bytes().first()? {
        b'"' => read(raw),
        b'-' | b'0'..=b'9' => Some(raw.get().to_owned()),
        _ => None,
    }
}

/// A text or a number that can be read as something.
fn parsed<T: FromStr>(raw: Raw) -> Option<T> {
    text(raw)?.trim().parse().ok()
}

/// A short text without what a store cannot keep.
fn word(raw: Raw) -> Option<String> {
    let text = text(raw)?;
    let word = text.trim();
    ((1..=64).contains(&word.len()) && !word.contains('\0')).then(|| word.to_owned())
}

/// A yes or no, bare, in quotes or as a digit.
fn truth(raw: Raw) -> Option<bool> {
    let text: String = text(raw).or_else(|| raw.map(|raw| raw.get().to_owned()))?;
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// A row as its driver sees it, unless it lacks what a session can't be without.
fn session(row: &Row, zone: Tz) -> Option<Session> {
    let started: Instant = parsed(row.started_at)?;
    let ended: Option<Instant> = parsed(row.ended_at);
    let minutes = |decimal: Decimal| decimal.units_at(12).map(|units| units / 1_000_000_000_000);
    let counted = ended.map(|ended| (ended.millis() - started.millis()).max(0) / 60_000);
    Some(Session {
        session_id: text(row.session_id).filter(|id| !id.is_empty())?,
        charge_point_id: text(row.charge_point_id).unwrap_or_default(),
        connector_id: parsed(row.connector_id),
        site_id: text(row.site_id),
        started_at: started,
        ended_at: ended,
        duration_minutes: parsed(row.duration_minutes).and_then(minutes).or(counted),
        energy_kwh: parsed(row.energy_kwh),
        total_cost: parsed(row.total_cost),
        currency: text(row.currency).and_then(|code| Currency::new(code.trim())),
        status: SessionStatus::of_word(text(row.status).as_deref().unwrap_or("unknown").trim()),
        receipt_available: truth(row.receipt_available),
        dispute_status: word(row.dispute_status).map(|word| DisputeStatus::of_word(&word)),
        site_name: None,
        time_zone: Some(zone.name().to_owned()),
        local_day: Some(Day(started.utc()?.with_timezone(&zone).date_naive())),
    })
}

#[cfg(test)]
mod tests;
