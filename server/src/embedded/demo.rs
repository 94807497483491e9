//! Invented people for trying the portal out: the same ones every time, their
//! sessions relative to today and plausible in every figure.
//!
//! - [`people`]: who they are. `habits`: when and where they charge.
//! - `visits`: what comes of it, given their [`car`], a place's opening hours
//!   (`calendar`) and the plugs that are free (`forecourt`).
//! - [`places`] (`rows`), `operators`, `prices`: where, with whom, and at what price.
//! - [`plan`]: all of it together, before anything is written.
//! - `charging`: what charge points sign in with, where they are, and people's cards.
//! - `groups`: those who share tokens. `disputes`: what was said about costs since.
//!   `bookings`: what was booked ahead.

mod bookings;
pub mod calendar;
pub mod car;
mod charging;
pub mod dice;
mod disputes;
mod forecourt;
pub mod groups;
mod habits;
mod operators;
pub mod people;
pub mod places;
pub mod plan;
mod prices;
mod rows;
mod visits;

use std::collections::HashMap;

use portal_api::{portal::Billing, time::Instant};

use self::{
    people::PASSWORD_HASH,
    plan::{Plan, Planned},
};
use super::{
    Store, Write,
    bookings::asking,
    charging::{Work, points::SetKeyError},
    disputes::Undone,
    people::{self as store_people, NewPerson, add as add_person},
    promotions,
    sessions::{self, WriteError},
    sites, tariffs,
};
use crate::config::DemoSize;

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// Planning broke off, or a session refers to something that is not planned.
    #[error("the demo's plan does not fit together")]
    Plan,
    /// A session could not be written.
    #[error(transparent)]
    Session(#[from] WriteError),
    /// A charge point has no key.
    #[error(transparent)]
    Key(#[from] SetKeyError),
    /// A dispute took a step that none can take.
    #[error(transparent)]
    Dispute(#[from] Undone),
    /// A plug that nobody can book.
    #[error(transparent)]
    Booking(#[from] asking::Undone),
    /// The store says no.
    #[error(transparent)]
    Store(#[from] sqlx::Error),
}

/// Writes the demo into a store in which none of its people is yet: all of it
/// or, if anything goes wrong, nothing.
pub async fn fill(store: &Store, size: DemoSize, now: Instant) -> Result<(), FillError> {
    // Planning must not hold up the threads that serve.
    let planned = tokio::task::spawn_blocking(move || plan::plan(size, now)).await;
    let plan = planned.map_err(|_| FillError::Plan)?;
    let mut write = store.write().await?;
    write_people(&mut write, &plan, now).await?;
    write_places(&mut write, &plan).await?;
    groups::write(&mut write, &plan, now).await?;
    write_sessions(&mut write, &plan).await?;
    groups::charge(&mut write, &plan, now).await?;
    charging::write(&mut write, &plan).await?;
    disputes::write(&mut write, &plan, now).await?;
    let mut work = Work::untold(store, write, now);
    bookings::write(&mut work).await?;
    work.write.commit().await?;
    Ok(())
}

async fn write_people(write: &mut Write, plan: &Plan, now: Instant) -> Result<(), sqlx::Error> {
    for organisation in &plan.organisations {
        store_people::put_organisation(write, organisation).await?;
    }
    for person in &plan.people {
        let new = NewPerson {
            id: &person.id,
            email: &person.email,
            name: &person.name,
            password_hash: Some(PASSWORD_HASH),
            organisation_id: person.organisation_id,
            dynamo_user_id: None,
            roles: person.roles,
            language: None,
        };
        add_person(write, &new, now).await?;
        if let Some(address) = person.address {
            let billing = Billing {
                address: Some(address.to_owned()),
                vat_id: None,
            };
            store_people::set_billing(write, &person.id, &billing).await?;
        }
    }
    Ok(())
}

async fn write_places(write: &mut Write, plan: &Plan) -> Result<(), sqlx::Error> {
    for operator in operators::operators() {
        sites::put_operator(write, &operator).await?;
    }
    for site in &plan.sites {
        sites::put(write, site).await?;
    }
    for point in &plan.charge_points {
        sites::add_charge_point(write, point).await?;
    }
    for tariff in &plan.tariffs {
        tariffs::put(write, tariff).await?;
    }
    for promotion in &plan.promotions {
        promotions::add(write, promotion).await?;
    }
    Ok(())
}

async fn write_sessions(write: &mut Write, plan: &Plan) -> Result<(), FillError> {
    let sites: HashMap<_, _> = plan.sites.iter().map(|site| (&site.id[..], site)).collect();
    let tariffs: HashMap<_, _> = plan.tariffs.iter().map(|one| (&one.id[..], one)).collect();
    for Planned {
        record,
        site_id,
        tariff_id,
    } in &plan.sessions
    {
        let site = sites.get(site_id).ok_or(FillError::Plan)?;
        let tariff = tariffs.get(tariff_id).ok_or(FillError::Plan)?;
        sessions::save(write, record, site, tariff).await?;
    }
    Ok(())
}
