//! Who there is.

use portal_api::{
    language::Language,
    portal::{Billing, Look, Preferences},
    time::Instant,
};

use sqlx::FromRow;

use super::{Store, Write};

/// What somebody is to the portal; a person may be several things.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// Charges a car.
    Driver,
    /// Charges on a group's account.
    GroupMember,
    /// Charges on a company's account.
    Employee,
    /// Looks after a company's fleet.
    Manager,
    /// Looks after an organisation.
    OrganisationAdmin,
    /// Hosts charge points.
    SiteOwner,
    /// Works for the operator.
    Staff,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Driver,
        Self::GroupMember,
        Self::Employee,
        Self::Manager,
        Self::OrganisationAdmin,
        Self::SiteOwner,
        Self::Staff,
    ];

    /// Its word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Driver => "driver",
            Self::GroupMember => "group_member",
            Self::Employee => "employee",
            Self::Manager => "manager",
            Self::OrganisationAdmin => "organisation_admin",
            Self::SiteOwner => "site_owner",
            Self::Staff => "staff",
        }
    }

    /// The role of a word in the store.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether it comes with charging sessions of one's own.
    pub const fn charges(self) -> bool {
        matches!(
            self,
            Self::Driver | Self::GroupMember | Self::Employee | Self::Manager
        )
    }
}

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
pub async fn billing(store: &Store, person_id: &str) -> Result<Billing, sqlx::Error> {
    let (address, vat_id) = sqlx::query_as("select address, vat_id from people where id = $1")
        .bind(person_id)
        .fetch_one(store.readers())
        .await?;
    Ok(Billing { address, vat_id })
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

/// Writes what stands on the receipts that an organisation pays.
pub async fn set_organisation_billing(
    write: &mut Write,
    id: &str,
    billing: &Billing,
) -> Result<(), sqlx::Error> {
    sqlx::query("update organisations set address = $2, vat_id = $3 where id = $1")
        .bind(id)
        .bind(&billing.address)
        .bind(&billing.vat_id)
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Adds an organisation (id with prefix `org_`).
pub async fn add_organisation(write: &mut Write, id: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("insert into organisations (id, name) values ($1, $2)")
        .bind(id)
        .bind(name)
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
        sqlx::query("insert into person_roles (person_id, role) values ($1, $2)")
            .bind(new.id)
            .bind(role.as_str())
            .execute(&mut **write)
            .await?;
    }
    Ok(())
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
    sqlx::query_as("select id, name, password_hash, language from people where email = $1")
        .bind(normalised_email(email))
        .fetch_optional(store.readers())
        .await
}

/// What somebody is to the portal.
pub async fn roles(write: &mut Write, id: &str) -> Result<Vec<Role>, sqlx::Error> {
    let words: Vec<String> =
        sqlx::query_scalar("select role from person_roles where person_id = $1")
            .bind(id)
            .fetch_all(&mut **write)
            .await?;
    Ok(words
        .iter()
        .filter_map(|word| Role::of_word(word))
        .collect())
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
