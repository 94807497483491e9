//! `[[groups]]`: drivers who share tokens, and what they may spend together.

use std::collections::HashSet;

use chrono_tz::Tz;
use portal_api::{decimal::Decimal, money::Currency, time::Instant};
use toml::Value;

use super::{
    Done, Failure,
    entry::{Entry, Kind, Said},
    kinds::{self, NAME},
    organisations,
    people::EMAIL,
    places::ZONE,
    tariffs::CURRENCY,
    wrong::Wrong,
};
use crate::embedded::{
    Write,
    groups::{self, Group, NewGroup, USUAL_ZONE, members},
    people::{self, normalised_email},
};

pub(super) const FIELDS: [&str; 9] = [
    "id",
    "name",
    "organisation",
    "admins",
    "members",
    "currency",
    MONTHLY,
    PER_SESSION,
    "time_zone",
];

const MONTHLY: &str = "monthly_limit";
const PER_SESSION: &str = "per_session_limit";

/// What a new group's amounts are in where the file doesn't say.
const USUAL_CURRENCY: &str = "EUR";

/// Drivers who share tokens. What the file leaves out stays as it is.
#[derive(Clone, Debug)]
pub(super) struct Fleet {
    pub id: String,
    name: String,
    organisation_id: String,
    admins: Vec<String>,
    members: Vec<String>,
    currency: Option<Currency>,
    monthly_limit: Option<Limit>,
    per_session_limit: Option<Limit>,
    time_zone: Option<Tz>,
}

/// What may be spent, in the major unit; `None` is any amount.
type Limit = Option<Decimal>;

const ID: Kind<String> = Kind {
    allowed: "group_ and 1 to 40 letters, digits, _ or -",
    read: |value| kinds::id(value, "group_"),
};

const ADMINS: Kind<Vec<String>> = Kind {
    allowed: "a list of at least one e-mail address, each once",
    read: |value| emails(value).filter(|emails| !emails.is_empty()),
};

const MEMBERS: Kind<Vec<String>> = Kind {
    allowed: "a list of e-mail addresses, each once and none of an admin",
    read: emails,
};

const LIMIT: Kind<Limit> = Kind {
    allowed: "an amount of the group's currency, not below zero, or \"none\"",
    read: |value| match value.as_str() {
        Some("none") => Some(None),
        _ => kinds::decimal(value).map(Some),
    },
};

fn emails(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(EMAIL.read).collect()
}

pub(super) fn read(entry: Entry<'_>) -> Result<Said<Fleet>, Wrong> {
    let fleet = Fleet {
        id: entry.required("id", &ID)?,
        name: entry.required("name", &NAME)?,
        organisation_id: entry.required("organisation", &organisations::ID)?,
        admins: entry.required("admins", &ADMINS)?,
        members: entry.optional("members", &MEMBERS)?.unwrap_or_default(),
        currency: entry.optional("currency", &CURRENCY)?,
        monthly_limit: entry.optional(MONTHLY, &LIMIT)?,
        per_session_limit: entry.optional(PER_SESSION, &LIMIT)?,
        time_zone: entry.optional("time_zone", &ZONE)?,
    };
    let mut seen = HashSet::new();
    for (list, name, allowed) in [
        (&fleet.admins, "admins", ADMINS.allowed),
        (&fleet.members, "members", MEMBERS.allowed),
    ] {
        if !list
            .iter()
            .all(|email| seen.insert(normalised_email(email)))
        {
            return Err(entry.wrong(name, allowed));
        }
    }
    Ok(entry.says(fleet))
}

/// Says no to limits: they are kept elsewhere.
pub(super) fn refuse_limits(said: &Said<Fleet>) -> Option<Wrong> {
    let fleet = &said.what;
    let limits = [
        (MONTHLY, &fleet.monthly_limit),
        (PER_SESSION, &fleet.per_session_limit),
    ];
    let (name, _) = limits.into_iter().find(|(_, limit)| limit.is_some())?;
    let what = format!(
        "{name} is not allowed; with petit_monde.provider = \"upstream\" Petit Monde keeps the \
         limits, and they are set there"
    );
    Some(Wrong::at(&said.place, what))
}

pub(super) async fn bring(
    write: &mut Write,
    said: &Said<Fleet>,
    now: Instant,
) -> Result<Done, Failure> {
    let fleet = &said.what;
    let known = groups::find(write, &fleet.id).await?;
    let (group, mut changed) = match &known {
        Some(group) => (group.clone(), change(write, group, said).await?),
        None => (add(write, said, now).await?, true),
    };
    for (list, admin) in [(&fleet.admins, true), (&fleet.members, false)] {
        for email in list {
            changed |= bring_member(write, &group, (email, admin), said, now).await?;
        }
    }
    Ok(match (known, changed) {
        (Some(_), false) => Done::Unchanged,
        (known, _) => Done::of(known.is_some()),
    })
}

async fn add(write: &mut Write, said: &Said<Fleet>, now: Instant) -> Result<Group, Failure> {
    let fleet = &said.what;
    let organisation = people::organisation(write, &fleet.organisation_id).await?;
    if organisation.is_none() {
        let what = format!("organisation = {:?} is nowhere", fleet.organisation_id);
        return Err(Wrong::at(&said.place, what).into());
    }
    let currency = fleet.currency.or(Currency::new(USUAL_CURRENCY));
    let currency = currency.ok_or_else(|| Wrong::at(&said.place, "currency is missing"))?;
    let (monthly_limit, per_session_limit) = limits(said, currency, (None, None))?;
    let new = NewGroup {
        id: Some(&fleet.id),
        name: &fleet.name,
        organisation_id: &fleet.organisation_id,
        currency,
        monthly_limit,
        per_session_limit,
        time_zone: fleet.time_zone.unwrap_or(USUAL_ZONE),
    };
    Ok(groups::add(write, &new, now).await?)
}

/// Whether anything had to be done.
async fn change(write: &mut Write, group: &Group, said: &Said<Fleet>) -> Result<bool, Failure> {
    let fleet = &said.what;
    if fleet.organisation_id != group.organisation_id {
        let what = "organisation stays as it is, for its members belong to that; give the group \
                    another id";
        return Err(Wrong::at(&said.place, what).into());
    }
    let currency = fleet.currency.unwrap_or(group.currency);
    if currency != group.currency && groups::has_amounts(write, group).await? {
        let what = "currency stays as it is, for there are amounts in it; give the group another \
                    id";
        return Err(Wrong::at(&said.place, what).into());
    }
    let before = (group.monthly_limit, group.per_session_limit);
    let limits = limits(said, currency, before)?;
    let time_zone = fleet.time_zone.unwrap_or(group.time_zone);
    if fleet.name != group.name {
        groups::rename(write, group, &fleet.name).await?;
    }
    if (currency, time_zone) != (group.currency, group.time_zone) {
        groups::count_in(write, group, currency, time_zone).await?;
    }
    if limits != before {
        groups::limit(write, group, limits).await?;
    }
    let same = fleet.name == group.name && limits == before;
    Ok(!same || (currency, time_zone) != (group.currency, group.time_zone))
}

/// The limits of a month and of one charge, in the currency's smallest unit.
fn limits(
    said: &Said<Fleet>,
    currency: Currency,
    before: (Option<i64>, Option<i64>),
) -> Result<(Option<i64>, Option<i64>), Wrong> {
    let minor = |name: &str, limit: Option<Limit>, before: Option<i64>| match limit {
        None => Ok(before),
        Some(None) => Ok(None),
        Some(Some(limit)) => {
            let minor = groups::minor_limit(limit, currency);
            let allowed = LIMIT.allowed;
            minor.map(Some).ok_or_else(|| {
                let what = format!("{name} = {limit} is not allowed; it must be {allowed}");
                Wrong::at(&said.place, what)
            })
        }
    };
    let fleet = &said.what;
    Ok((
        minor(MONTHLY, fleet.monthly_limit, before.0)?,
        minor(PER_SESSION, fleet.per_session_limit, before.1)?,
    ))
}

/// Takes somebody in, or lets them look after the group. Whoever does already goes on.
async fn bring_member(
    write: &mut Write,
    group: &Group,
    (email, admin): (&str, bool),
    said: &Said<Fleet>,
    now: Instant,
) -> Result<bool, Failure> {
    let Some(person_id) = members::colleague(write, group, email).await? else {
        let list = if admin { "admins" } else { "members" };
        let what = format!("{list} = {email:?} is nobody in {}", group.organisation_id);
        return Err(Wrong::at(&said.place, what).into());
    };
    match members::is_admin(write, &group.id, &person_id).await? {
        None => members::add(write, &group.id, &person_id, admin, now).await?,
        Some(false) if admin => {
            members::set_admin(write, &group.id, &person_id, true).await?;
        }
        Some(_) => return Ok(false),
    }
    Ok(true)
}
