//! The tags that people hold to readers, and what stands for an e-mail address where a
//! charge point takes no more than 20 signs.

use portal_api::time::Instant;
use sqlx::{AnyConnection, FromRow};

use crate::{
    embedded::{
        Write,
        bookings::guests,
        groups::{self, charges},
        people::Person,
    },
    ids,
    ocpp::message::TagStatus,
};

/// Gives somebody a card, whoever had it before.
pub async fn put(write: &mut Write, person_id: &str, id_tag: &str) -> Result<(), sqlx::Error> {
    let give = "insert into id_tags (id_tag, person_id) values ($1, $2)
        on conflict (id_tag) do update set person_id = excluded.person_id";
    sqlx::query(give)
        .bind(id_tag)
        .bind(person_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Whoever has a card.
#[derive(Clone, Debug, FromRow)]
pub struct Holder {
    /// Prefix `usr_`.
    pub id: String,
    /// Lower case.
    pub email: String,
}

/// Whoever has a card, if anybody has.
pub async fn holder(
    reader: &mut AnyConnection,
    id_tag: &str,
) -> Result<Option<Holder>, sqlx::Error> {
    sqlx::query_as(
        "select p.id, p.email from id_tags t join people p on p.id = t.person_id
            where t.id_tag = $1",
    )
    .bind(id_tag)
    .fetch_optional(reader)
    .await
}

/// Somebody's tags, the usual one first: their cards, then their e-mail address.
pub async fn of_person(
    reader: &mut AnyConnection,
    person: &Person,
) -> Result<Vec<String>, sqlx::Error> {
    let mut tags: Vec<String> =
        sqlx::query_scalar("select id_tag from id_tags where person_id = $1 order by id_tag")
            .bind(&person.id)
            .fetch_all(reader)
            .await?;
    tags.push(person.email.clone());
    Ok(tags)
}

/// A tag as a charge point is told it; `None` if it isn't this person's.
pub(in crate::embedded) async fn sent(
    write: &mut Write,
    person: &Person,
    id_tag: &str,
) -> Result<Option<String>, sqlx::Error> {
    if id_tag.eq_ignore_ascii_case(&person.email) {
        return short(write, &person.id).await.map(Some);
    }
    let card = id_tag.to_uppercase();
    sqlx::query_scalar("select id_tag from id_tags where id_tag = $1 and person_id = $2")
        .bind(&card)
        .bind(&person.id)
        .fetch_optional(&mut **write)
        .await
}

/// What stands for a person's e-mail address, always the same.
async fn short(write: &mut Write, person_id: &str) -> Result<String, sqlx::Error> {
    let random = ids::new_id("dp").map_err(|_| sqlx::Error::WorkerCrashed)?;
    let made = random.replace('_', "").to_uppercase();
    sqlx::query(
        "insert into short_tags (short_tag, person_id) values ($1, $2)
            on conflict (person_id) do nothing",
    )
    .bind(made)
    .bind(person_id)
    .execute(&mut **write)
    .await?;
    sqlx::query_scalar("select short_tag from short_tags where person_id = $1")
        .bind(person_id)
        .fetch_one(&mut **write)
        .await
}

/// Whose a tag is that was held to a reader.
pub(super) async fn owner(
    reader: &mut AnyConnection,
    tag: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select person_id from id_tags where id_tag = $1
            union all select person_id from short_tags where short_tag = $1
            union all select id from people where email = $2
                and not exists (select 1 from groups g where g.person_id = people.id)",
    )
    .bind(tag.to_uppercase())
    .bind(tag.to_lowercase())
    .fetch_optional(reader)
    .await
}

/// What a charge point is told of a tag that somebody holds to its reader.
pub(super) struct Shown {
    /// Whether it may charge.
    pub status: TagStatus,
    /// What it has in common with others that may use the same hold.
    pub parent_tag: Option<String>,
}

impl From<TagStatus> for Shown {
    fn from(status: TagStatus) -> Self {
        Self {
            status,
            parent_tag: None,
        }
    }
}

/// Somebody holds a tag to a reader.
pub(super) async fn show(
    reader: &mut AnyConnection,
    charge_point_id: &str,
    tag: &str,
    now: Instant,
) -> Result<Shown, sqlx::Error> {
    let Some(owner) = owner(&mut *reader, tag).await? else {
        let host = guests::host(&mut *reader, tag, (charge_point_id, None), now).await?;
        let status = match host {
            Some(_) => TagStatus::Accepted,
            None => refusal(reader, tag).await?,
        };
        return Ok(status.into());
    };
    let Some(group) = groups::of_payer(&mut *reader, &owner).await? else {
        return Ok(TagStatus::Accepted.into());
    };
    if charges::admits(reader, &group, charge_point_id, now).await? {
        Ok(Shown {
            status: TagStatus::Accepted,
            parent_tag: Some(group.parent_tag),
        })
    } else {
        Ok(TagStatus::NoCredit.into())
    }
}

/// Why nobody pays for what is charged with a tag.
pub(super) async fn refusal(
    reader: &mut AnyConnection,
    tag: &str,
) -> Result<TagStatus, sqlx::Error> {
    if owner(&mut *reader, tag).await?.is_some() {
        return Ok(TagStatus::NoCredit);
    }
    let blocked: Option<i64> =
        sqlx::query_scalar("select 1 from group_tokens where uid = $1 and status = 'BLOCKED'")
            .bind(tag.to_uppercase())
            .fetch_optional(reader)
            .await?;
    Ok(blocked.map_or(TagStatus::Unknown, |_| TagStatus::Blocked))
}

/// What a tag has in common with others that may use the same hold.
pub(super) async fn parent(
    reader: &mut AnyConnection,
    tag: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select g.parent_tag from id_tags t join groups g on g.person_id = t.person_id
            where t.id_tag = $1",
    )
    .bind(tag.to_uppercase())
    .fetch_optional(reader)
    .await
}
