//! Drivers who share tokens, and what they may spend.
//!
//! - [`members`]: who is in it. [`reading`]: what is told of it. [`ledger`]: its charges,
//!   one by one and in [`usage`] summed up; in a [`report`] what was booked. [`letters`]: what its people are written.
//! - [`limits`]: what is set aside and spent, never more than the group may.
//!   [`charges`]: what begins with one of its tokens, [`stops`]: and has to end once that
//!   is spent. [`tokens`]: those.
//! - [`elsewhere`]: groups whose bookings a real Petit Monde takes.

pub mod charges;
pub mod elsewhere;
pub mod ledger;
pub mod letters;
pub mod limits;
pub mod members;
mod part;
pub mod reading;
pub mod report;
pub mod stops;
pub mod tokens;
pub mod usage;

use chrono_tz::Tz;
use portal_api::{
    decimal::Decimal,
    money::{Currency, Money},
    time::Instant,
};
use sqlx::{AnyConnection, Row, any::AnyRow};

use super::{
    Write,
    people::{self, NewPerson},
};
use crate::ids::{self, NoRandomness};

/// Where no letter ever arrives: the address of whoever a group is charged as.
pub const NOWHERE: &str = "@groups.invalid";

/// A group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// Prefix `group_`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it belongs to.
    pub organisation_id: String,
    /// Who is charged.
    pub person_id: String,
    /// What all its tokens have in common at a charge point.
    pub parent_tag: String,
    /// Of every amount in it.
    pub currency: Currency,
    /// What it may spend in a month, in the currency's smallest unit.
    pub monthly_limit: Option<i64>,
    /// What one charge may cost.
    pub per_session_limit: Option<i64>,
    /// Whose midnight ends the month.
    pub time_zone: Tz,
    /// Since when there is such a group.
    pub created: Instant,
}

impl Group {
    /// An amount of its currency in the major unit.
    pub fn major(&self, minor: i64) -> Decimal {
        Money::new(minor, self.currency).major()
    }
}

/// No limit is higher, in the currency's smallest unit.
const HIGHEST_LIMIT: i64 = 100_000_000_000;

/// A limit in the currency's smallest unit; `None` if none can be so.
pub fn minor_limit(limit: Decimal, currency: Currency) -> Option<i64> {
    let minor = Money::from_major(limit, currency)?.minor;
    (0..=HIGHEST_LIMIT).contains(&minor).then_some(minor)
}

/// A group to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewGroup<'a> {
    /// Prefix `group_`; `None` makes one up.
    pub id: Option<&'a str>,
    /// 1 to 100 characters.
    pub name: &'a str,
    /// What it belongs to; must exist.
    pub organisation_id: &'a str,
    /// Of every amount in it.
    pub currency: Currency,
    /// What it may spend in a month, in the currency's smallest unit.
    pub monthly_limit: Option<i64>,
    /// What one charge may cost.
    pub per_session_limit: Option<i64>,
    /// Whose midnight ends the month.
    pub time_zone: Tz,
}

/// Why a group was not made.
#[derive(Debug, thiserror::Error)]
pub enum Unmade {
    /// It gets no name.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

/// Whose midnight ends the months of a new group.
pub const USUAL_ZONE: Tz = Tz::Europe__Berlin;

/// Makes a group, with nobody in it yet.
pub async fn add(write: &mut Write, new: &NewGroup<'_>, now: Instant) -> Result<Group, Unmade> {
    let group = Group {
        id: match new.id {
            Some(id) => id.to_owned(),
            None => ids::new_id("group")?,
        },
        name: new.name.to_owned(),
        organisation_id: new.organisation_id.to_owned(),
        person_id: ids::new_id("usr")?,
        parent_tag: ids::new_id("gr")?.replace('_', "").to_uppercase(),
        currency: new.currency,
        monthly_limit: new.monthly_limit,
        per_session_limit: new.per_session_limit,
        time_zone: new.time_zone,
        created: now,
    };
    put(write, &group).await?;
    Ok(group)
}

/// Writes a new group.
pub async fn put(write: &mut Write, group: &Group) -> Result<(), sqlx::Error> {
    let person = NewPerson {
        id: &group.person_id,
        email: &[&group.id, NOWHERE].concat(),
        name: &group.name,
        password_hash: None,
        organisation_id: Some(&group.organisation_id),
        dynamo_user_id: None,
        roles: &[],
        language: None,
    };
    people::add(write, &person, group.created).await?;
    sqlx::query(
        "insert into groups (id, name, organisation_id, person_id, parent_tag, currency,
            monthly_limit, per_session_limit, time_zone, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&group.id)
    .bind(&group.name)
    .bind(&group.organisation_id)
    .bind(&group.person_id)
    .bind(&group.parent_tag)
    .bind(group.currency.code())
    .bind(group.monthly_limit)
    .bind(group.per_session_limit)
    .bind(group.time_zone.name())
    .bind(group.created.millis())
    .execute(&mut **write)
    .await
    .map(drop)
}

/// Gives a group another name.
pub async fn rename(write: &mut Write, group: &Group, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update groups set name = $2 where id = $1")
        .bind(&group.id)
        .bind(name)
        .execute(&mut **write)
        .await?;
    // It stands on receipts.
    sqlx::query("update people set name = $2 where id = $1")
        .bind(&group.person_id)
        .bind(name)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Gives a group other limits: of a month, and of one charge.
pub async fn limit(
    write: &mut Write,
    group: &Group,
    (monthly_limit, per_session_limit): (Option<i64>, Option<i64>),
) -> Result<(), sqlx::Error> {
    sqlx::query("update groups set monthly_limit = $2, per_session_limit = $3 where id = $1")
        .bind(&group.id)
        .bind(monthly_limit)
        .bind(per_session_limit)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Whether anything was charged to a group or is limited: amounts in its currency.
pub async fn has_amounts(reader: &mut AnyConnection, group: &Group) -> Result<bool, sqlx::Error> {
    let claim: Option<String> =
        sqlx::query_scalar("select reference from group_claims where group_id = $1 limit 1")
            .bind(&group.id)
            .fetch_optional(reader)
            .await?;
    Ok(claim.is_some() || group.monthly_limit.is_some() || group.per_session_limit.is_some())
}

/// Says what a group's amounts are in, and whose midnight ends its months.
pub async fn count_in(
    write: &mut Write,
    group: &Group,
    currency: Currency,
    time_zone: Tz,
) -> Result<(), sqlx::Error> {
    sqlx::query("update groups set currency = $2, time_zone = $3 where id = $1")
        .bind(&group.id)
        .bind(currency.code())
        .bind(time_zone.name())
        .execute(&mut **write)
        .await
        .map(drop)
}

/// The group of that id, if there is one.
pub async fn find(reader: &mut AnyConnection, id: &str) -> Result<Option<Group>, sqlx::Error> {
    let row = sqlx::query(
        "select id, name, organisation_id, person_id, parent_tag, currency, monthly_limit,
            per_session_limit, time_zone, created_at from groups where id = $1",
    )
    .bind(id)
    .fetch_optional(reader)
    .await?;
    row.as_ref().map(of_row).transpose()
}

/// The group whose charges are this person's, if there is one.
pub async fn of_payer(
    reader: &mut AnyConnection,
    person_id: &str,
) -> Result<Option<Group>, sqlx::Error> {
    let row = sqlx::query(
        "select id, name, organisation_id, person_id, parent_tag, currency, monthly_limit,
            per_session_limit, time_zone, created_at from groups where person_id = $1",
    )
    .bind(person_id)
    .fetch_optional(reader)
    .await?;
    row.as_ref().map(of_row).transpose()
}

fn of_row(row: &AnyRow) -> Result<Group, sqlx::Error> {
    let (code, zone): (&str, &str) = (row.try_get(5)?, row.try_get(8)?);
    let currency = Currency::new(code)
        .ok_or_else(|| sqlx::Error::Decode("a group without a currency".into()))?;
    Ok(Group {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        organisation_id: row.try_get(2)?,
        person_id: row.try_get(3)?,
        parent_tag: row.try_get(4)?,
        currency,
        monthly_limit: row.try_get(6)?,
        per_session_limit: row.try_get(7)?,
        time_zone: zone.parse().unwrap_or(Tz::UTC),
        created: Instant::from_millis(row.try_get(9)?),
    })
}
