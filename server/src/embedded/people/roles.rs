//! What people are to the portal.

use sqlx::AnyConnection;

use super::Person;
use crate::embedded::Write;

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

    /// Whether it books plugs, for oneself or for guests.
    pub const fn books(self) -> bool {
        self.charges() || matches!(self, Self::OrganisationAdmin | Self::Staff)
    }
}

impl Person {
    /// Whether they may make fleet groups of their organisation.
    pub fn makes_groups(&self) -> bool {
        let may = |role: &Role| matches!(role, Role::Manager | Role::OrganisationAdmin);
        self.organisation_id.is_some() && self.roles.iter().any(may)
    }
}

/// What somebody is to the portal.
pub async fn roles(reader: &mut AnyConnection, id: &str) -> Result<Vec<Role>, sqlx::Error> {
    let words: Vec<String> =
        sqlx::query_scalar("select role from person_roles where person_id = $1")
            .bind(id)
            .fetch_all(reader)
            .await?;
    Ok(words
        .iter()
        .filter_map(|word| Role::of_word(word))
        .collect())
}

/// Makes somebody one thing more.
pub async fn give_role(write: &mut Write, id: &str, role: Role) -> Result<(), sqlx::Error> {
    sqlx::query("insert into person_roles (person_id, role) values ($1, $2)")
        .bind(id)
        .bind(role.as_str())
        .execute(&mut **write)
        .await
        .map(drop)
}

/// Makes somebody one thing less.
pub async fn take_role(write: &mut Write, id: &str, role: Role) -> Result<(), sqlx::Error> {
    sqlx::query("delete from person_roles where person_id = $1 and role = $2")
        .bind(id)
        .bind(role.as_str())
        .execute(&mut **write)
        .await
        .map(drop)
}
