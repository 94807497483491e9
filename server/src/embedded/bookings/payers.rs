//! With whose token a booking is used, and who pays for what is charged.

use portal_api::petit_monde::booking::{BookingRequest, TokenStrategy, Unfit};
use sqlx::AnyConnection;

use super::asking::Undone;
use crate::{
    embedded::{
        Write,
        charging::tags,
        groups::{self, Group},
        people::{Person, Role},
    },
    ids,
};

/// Who pays, and what is shown at the plug.
#[derive(Clone, Debug)]
pub(super) struct Payer {
    pub person_id: String,
    pub strategy: TokenStrategy,
    /// What the charge point is told who may use it.
    pub tag: String,
    pub group: Option<Group>,
}

/// Whether somebody may book for guests: whoever belongs to an organisation, or works
/// for the operator.
pub(super) fn may_invite(person: &Person) -> bool {
    let has = |role| person.roles.contains(&role);
    has(Role::Employee)
        || has(Role::Manager)
        || has(Role::OrganisationAdmin)
        || has(Role::Staff)
        || (has(Role::GroupMember) && person.organisation_id.is_some())
}

/// Whether somebody charges with a token of their own.
pub(super) fn has_own_token(person: &Person) -> bool {
    person.roles.iter().any(|role| role.charges())
}

/// Who pays for what somebody asks for; ids that aren't theirs might as well not exist.
pub(super) async fn payer(
    write: &mut Write,
    person: &Person,
    request: &BookingRequest,
) -> Result<Payer, Undone> {
    request.check_strategy()?;
    let strategy = request.strategy();
    let (person_id, tag, group) = match strategy {
        TokenStrategy::DriverToken => (person.id.clone(), own(write, person, request).await?, None),
        TokenStrategy::GroupToken => {
            let id = request.fleet_group_id.as_deref().unwrap_or_default();
            let group = group_of(write, &person.id, id).await?;
            let group = group.ok_or(Undone::NoSuchGroup)?;
            let tag = active_token(write, id).await?.ok_or(Undone::NoToken)?;
            (group.person_id.clone(), tag, Some(group))
        }
        TokenStrategy::AdHoc if may_invite(person) => {
            let uid = ids::new_id("g")?.replace('_', "").to_uppercase();
            (person.id.clone(), uid, None)
        }
        TokenStrategy::AdHoc => return Err(Undone::NoGuests),
        TokenStrategy::Other(_) => return Err(Unfit::Unknown.into()),
    };
    Ok(Payer {
        person_id,
        strategy,
        tag,
        group,
    })
}

/// What somebody's own token says at the plug, if it is theirs.
pub(super) async fn own(
    write: &mut Write,
    person: &Person,
    request: &BookingRequest,
) -> Result<String, Undone> {
    let theirs = request
        .customer_id
        .as_ref()
        .is_none_or(|id| *id == person.id);
    if !theirs || !has_own_token(person) {
        return Err(Undone::NotTheirs);
    }
    let tag = match &request.token_id {
        Some(id) => id.clone(),
        None => {
            let usual = tags::of_person(write, person).await?.into_iter().next();
            usual.unwrap_or_else(|| person.email.clone())
        }
    };
    let sent = tags::sent(write, person, &tag).await?;
    sent.ok_or(Undone::NotTheirs)
}

/// The group of that id, if somebody is a member, and stays one until this change is made:
/// what they book and that they leave never miss each other.
pub(super) async fn group_of(
    write: &mut Write,
    person_id: &str,
    group_id: &str,
) -> Result<Option<Group>, sqlx::Error> {
    let member = sqlx::query(
        "update group_members set admin = admin where group_id = $1 and person_id = $2",
    )
    .bind(group_id)
    .bind(person_id)
    .execute(&mut **write)
    .await?;
    match member.rows_affected() {
        0 => Ok(None),
        _ => groups::find(write, group_id).await,
    }
}

/// One of a group's tokens that work; any of them opens what is held for it.
pub(super) async fn active_token(
    reader: &mut AnyConnection,
    group_id: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select uid from group_tokens where group_id = $1 and status = 'ACTIVE'
            order by case kind when 'VIRTUAL' then 0 else 1 end, position limit 1",
    )
    .bind(group_id)
    .fetch_optional(reader)
    .await
}
