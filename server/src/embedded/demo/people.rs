//! The demo's people.

use portal_api::portal::{Billing, Payment};

use crate::embedded::people::{Organisation, Role};

/// Somebody to sign in as.
#[derive(Clone, Copy, Debug)]
pub struct DemoPerson {
    /// What they sign in with.
    pub email: &'static str,
    /// Their name.
    pub name: &'static str,
    /// What they are to the portal.
    pub roles: &'static [Role],
    /// What they belong to, if anything.
    pub organisation_id: Option<&'static str>,
    /// How they pay.
    pub payment: Payment,
    /// Where they live, if they said so.
    pub address: Option<&'static str>,
    /// What there is to see as them.
    pub shows: &'static str,
}

/// Everybody's password.
pub const PASSWORD: &str = "charge-ahead";

/// Its hash, made once and for all: it is no secret, and hashing it takes 19 MiB
/// that the server would keep for as long as it runs.
pub const PASSWORD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$\
    3yFFmEOrF4XzeX3xh6tHvA$K386pMn5OFDE9ehuIU8EOCGRNKP9dri2LjeGsYY6vbg";

pub(super) const NORDHANG: &str = "org_01NRDHNG";
pub(super) const ISARHOF: &str = "org_01ISARHF";

/// In every demo.
pub fn nordhang() -> Organisation {
    Organisation {
        id: NORDHANG.to_owned(),
        name: "Nordhang Logistik".to_owned(),
        billing: Billing {
            address: Some("Am Umschlag 1\n21129 Hamburg\nDeutschland".to_owned()),
            vat_id: Some("DE 990 200 001".to_owned()),
        },
    }
}

/// In the large demo only.
pub fn isarhof() -> Organisation {
    Organisation {
        id: ISARHOF.to_owned(),
        name: "Isarhof Werke".to_owned(),
        billing: Billing {
            address: Some("Werkstraße 8\n80939 München\nDeutschland".to_owned()),
            vat_id: Some("DE 990 200 002".to_owned()),
        },
    }
}

/// Whoever is in every demo.
pub const PEOPLE: &[DemoPerson] = &[
    DemoPerson {
        email: "driver@example.com",
        name: "Mara Lindqvist",
        roles: &[Role::Driver],
        organisation_id: None,
        payment: Payment::Card,
        address: Some("Heimweg 12\n50733 Köln\nDeutschland"),
        shows: "two years of sessions in six countries",
    },
    DemoPerson {
        email: "new@example.com",
        name: "Tomás Ferrer",
        roles: &[Role::Driver],
        organisation_id: None,
        payment: Payment::Card,
        address: None,
        shows: "nothing yet",
    },
    DemoPerson {
        email: "group@example.com",
        name: "Aylin Demir",
        roles: &[Role::Driver, Role::GroupMember],
        organisation_id: Some(NORDHANG),
        payment: Payment::Organisation,
        address: None,
        shows: "a member of groups",
    },
    DemoPerson {
        email: "employee@example.com",
        name: "Jonas Petersen",
        roles: &[Role::Driver, Role::Employee],
        organisation_id: Some(NORDHANG),
        payment: Payment::Organisation,
        address: None,
        shows: "an employee",
    },
    DemoPerson {
        email: "manager@example.com",
        name: "Claire Dubois",
        roles: &[Role::Manager],
        organisation_id: Some(NORDHANG),
        payment: Payment::Organisation,
        address: None,
        shows: "a company and its fleet",
    },
    DemoPerson {
        email: "admin@example.com",
        name: "Henrik Solberg",
        roles: &[Role::OrganisationAdmin],
        organisation_id: Some(NORDHANG),
        payment: Payment::Organisation,
        address: None,
        shows: "an organisation",
    },
    DemoPerson {
        email: "host@example.com",
        name: "Beatriz Romero",
        roles: &[Role::SiteOwner],
        organisation_id: None,
        payment: Payment::Card,
        address: None,
        shows: "a site owner in the middle of onboarding",
    },
    DemoPerson {
        email: "desk@example.com",
        name: "Samuel Okafor",
        roles: &[Role::Staff],
        organisation_id: None,
        payment: Payment::Card,
        address: None,
        shows: "the operator's staff",
    },
];

/// The driver of the large demo.
pub const MANY: DemoPerson = DemoPerson {
    email: "many@example.com",
    name: "Katarzyna Nowak",
    roles: &[Role::Driver],
    organisation_id: None,
    payment: Payment::Invoice,
    address: None,
    shows: "10,000 sessions",
};

/// The employees of the large demo, all alike but for their names.
pub const EMPLOYEE: DemoPerson = DemoPerson {
    email: "",
    name: "",
    roles: &[Role::Driver, Role::Employee],
    organisation_id: Some(ISARHOF),
    payment: Payment::Organisation,
    address: None,
    shows: "an employee of a large company",
};

/// What the employees are called.
const FIRST_NAMES: &[&str] = &[
    "Anna", "Ben", "Chiara", "David", "Elif", "Felix", "Giulia", "Hannes", "Ines", "Jakub",
    "Katja", "Luca", "Milena", "Noor", "Oskar", "Paula", "Quentin", "Rosa", "Stefan", "Thi", "Uwe",
    "Vera", "Wanda", "Yusuf", "Zoë",
];

/// And what their families are called.
const LAST_NAMES: &[&str] = &[
    "Albrecht", "Bauer", "Costa", "Dimitrov", "Eder", "Fuchs", "Gruber", "Huber", "Ivanova",
    "Jansen", "Kaya", "Lechner", "Moser", "Nguyen", "Öztürk", "Pichler", "Rossi", "Schuster",
    "Thaler", "Weiss",
];

/// The name of one of many.
pub fn one_of_many(number: usize) -> String {
    let first = FIRST_NAMES[number % FIRST_NAMES.len()];
    let last = LAST_NAMES[number / FIRST_NAMES.len() % LAST_NAMES.len()];
    format!("{first} {last}")
}
