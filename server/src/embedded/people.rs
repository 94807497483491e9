//! Who there is, what they are to the portal (`roles`), and what they belong to
//! (`organisations`).

mod organisations;
mod roles;

use portal_api::{
    language::Language,
    portal::{Billing, Look, Preferences},
    time::Instant,
};

use sqlx::{AnyConnection, FromRow, Row};

pub use self::{
    organisations::{Organisation, organisation, put_organisation, set_organisation},
    roles::{Role, give_role, roles, take_role},
};
use super::{Store, Write};

/// Somebody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// Prefix `usr_`.
    pub id: String,
    /// Lower case.
    pub email: String,
    /// As they want to be called.
    pub name: String,
    /// What they belong to, if anything.
    pub organisation_id: Option<String>,
    /// Whom a real Dynamo knows them as.
    pub dynamo_user_id: Option<String>,
    /// What they are to the portal.
    pub roles: Vec<Role>,
    /// How they want the portal to be.
    pub preferences: Preferences,
}

/// Somebody to be added.
#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    /// Prefix `usr_`; choose it with [`new_id`](crate::ids::new_id), or a fixed one for a demo.
    pub id: &'a str,
    /// In any case.
    pub email: &'a str,
    /// 1 to 100 characters.
    pub name: &'a str,
    /// An Argon2id PHC string; `None` for somebody who cannot sign in.
    pub password_hash: Option<&'a str>,
    /// What they belong to; must exist.
    pub organisation_id: Option<&'a str>,
    /// Whom a real Dynamo knows them as.
    pub dynamo_user_id: Option<&'a str>,
    /// At least one.
    pub roles: &'a [Role],
    /// `None` follows the browser.
    pub language: Option<Language>,
}

/// An e-mail address as it is stored and compared.
pub fn normalised_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// What stands on somebody's receipts beside their name.
pub async fn billing(reader: &mut AnyConnection, person_id: &str) -> Result<Billing, sqlx::Error> {
    let (address, vat_id) = sqlx::query_as("select address, vat_id from people where id = $1")
        .bind(person_id)
        .fetch_one(reader)
        .await?;
    Ok(Billing { address, vat_id })
}

/// Says whom a real Dynamo knows somebody as.
pub async fn set_dynamo_user(
    write: &mut Write,
    person_id: &str,
    dynamo_user_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("update people set dynamo_user_id = $2 where id = $1")
        .bind(person_id)
        .bind(dynamo_user_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Whom a real Petit Monde knows somebody as.
pub async fn customer(
    reader: &mut AnyConnection,
    person_id: &str,
) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select petit_monde_customer_id from people where id = $1")
        .bind(person_id)
        .fetch_one(reader)
        .await
}

/// Says whom a real Petit Monde knows somebody as.
pub async fn set_customer(
    write: &mut Write,
    person_id: &str,
    customer_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("update people set petit_monde_customer_id = $2 where id = $1")
        .bind(person_id)
        .bind(customer_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Writes what stands on somebody's receipts.
pub async fn set_billing(
    write: &mut Write,
    person_id: &str,
    billing: &Billing,
) -> Result<(), sqlx::Error> {
    sqlx::query("update people set address = $2, vat_id = $3 where id = $1")
        .bind(person_id)
        .bind(&billing.address)
        .bind(&billing.vat_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Adds somebody.
pub async fn add(write: &mut Write, new: &NewPerson<'_>, now: Instant) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into people (id, email, name, password_hash, organisation_id, dynamo_user_id,
            language, look, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.id)
    .bind(normalised_email(new.email))
    .bind(new.name)
    .bind(new.password_hash)
    .bind(new.organisation_id)
    .bind(new.dynamo_user_id)
    .bind(new.language.map(Language::code))
    .bind(Look::System.as_str())
    .bind(now.millis())
    .execute(&mut **write)
    .await?;
    for role in new.roles {
        give_role(write, new.id, *role).await?;
    }
    Ok(())
}

/// Whoever has this e-mail address, if anybody has.
pub async fn find(reader: &mut AnyConnection, email: &str) -> Result<Option<Person>, sqlx::Error> {
    let row = sqlx::query(
        "select id, email, name, organisation_id, dynamo_user_id, language, look from people
            where email = $1",
    )
    .bind(normalised_email(email))
    .fetch_optional(&mut *reader)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let id: String = row.try_get(0)?;
    let language: Option<&str> = row.try_get(5)?;
    Ok(Some(Person {
        roles: roles(reader, &id).await?,
        id,
        email: row.try_get(1)?,
        name: row.try_get(2)?,
        organisation_id: row.try_get(3)?,
        dynamo_user_id: row.try_get(4)?,
        preferences: Preferences {
            language: language.and_then(Language::of_tag),
            look: look_of_word(row.try_get(6)?),
        },
    }))
}

/// How light the portal is to be, by its word in the store.
pub(super) fn look_of_word(word: &str) -> Look {
    Look::ALL
        .into_iter()
        .find(|look| look.as_str() == word)
        .unwrap_or_default()
}

/// What a sign-in needs to know of somebody.
#[derive(Clone, Debug, FromRow)]
pub struct Credentials {
    /// Prefix `usr_`.
    pub id: String,
    /// As they want to be called.
    pub name: String,
    /// `None` for somebody who cannot sign in.
    pub password_hash: Option<String>,
    language: Option<String>,
}

impl Credentials {
    /// The language they have chosen, if they have.
    pub fn language(&self) -> Option<Language> {
        self.language.as_deref().and_then(Language::of_tag)
    }
}

/// What a sign-in needs to know of whoever has this e-mail address.
pub async fn credentials(store: &Store, email: &str) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as(
        "select id, name, password_hash, language from people where email = $1
            and not exists (select 1 from groups g where g.person_id = people.id)",
    )
    .bind(normalised_email(email))
    .fetch_optional(store.readers())
    .await
}

/// Gives somebody another name or other preferences.
pub async fn change(
    write: &mut Write,
    id: &str,
    name: &str,
    preferences: &Preferences,
) -> Result<(), sqlx::Error> {
    sqlx::query("update people set name = $1, language = $2, look = $3 where id = $4")
        .bind(name)
        .bind(preferences.language.map(Language::code))
        .bind(preferences.look.as_str())
        .bind(id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Gives somebody another password.
pub async fn change_password(
    write: &mut Write,
    id: &str,
    password_hash: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("update people set password_hash = $1 where id = $2")
        .bind(password_hash)
        .bind(id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Whether nobody is there yet.
pub async fn nobody(store: &Store) -> Result<bool, sqlx::Error> {
    let somebody: Option<String> = sqlx::query_scalar("select id from people limit 1")
        .fetch_optional(store.readers())
        .await?;
    Ok(somebody.is_none())
}
