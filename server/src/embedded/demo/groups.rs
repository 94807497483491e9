//! The demo's fleet groups: cards in vans, numbers on phones, and what was charged with
//! them last month and this.

use chrono::NaiveDate;
use portal_api::{
    money::{Currency, Money},
    petit_monde::group::{Token, TokenKind, TokenStatus},
    portal::Payment,
    time::Instant,
};

use super::{
    FillError,
    dice::Dice,
    habits,
    people::{DemoPerson, ISARHOF, NORDHANG},
    plan::{Person, Plan, Planned},
    visits::Visit,
};
use crate::{
    config::DemoSize,
    embedded::{
        Write,
        groups::{
            self as store, Group, USUAL_ZONE,
            limits::{self, Claim},
            members,
            tokens::{self, Record},
        },
        people::Role,
    },
};

/// Drivers of the large demo who are in its group besides the employees.
pub const DRIVERS: usize = 1_500;

/// They are all alike but for their names.
pub const DRIVER: DemoPerson = DemoPerson {
    email: "",
    name: "",
    roles: &[Role::Driver],
    organisation_id: Some(ISARHOF),
    payment: Payment::Organisation,
    address: None,
    shows: "a driver of a large fleet",
};

/// What they sign in with.
pub fn address(number: usize) -> String {
    format!("driver{:04}@fleet.isarhof.example", number + 1)
}

/// How many days the groups' tokens have been in use.
const DAYS: u64 = 56;

/// How often each of them is used in that time.
const CHARGES: u64 = 9;

/// What is spent of a limited month, in percent of its limit.
const SPENT_PERCENT: i64 = 82;

/// The lowest limit, for a month that has just begun.
const LOWEST_LIMIT: i64 = 20_000;

/// A group, what it shares, and who is in it.
#[derive(Clone, Debug)]
pub struct PlannedGroup {
    /// The group.
    pub group: Group,
    /// Whether its month is limited, by what was spent in it.
    pub limited: bool,
    /// What it shares.
    pub tokens: Vec<Record>,
    /// Their ids, and whether they look after it.
    pub members: Vec<(String, bool)>,
}

struct Invented {
    id: &'static str,
    name: &'static str,
    organisation_id: &'static str,
    limited: bool,
    /// What is written on its cards, and the vehicle that each lies in.
    cards: &'static [(&'static str, &'static str)],
    numbers: &'static [&'static str],
}

/// The group whose month is limited.
pub const SOUTH: &str = "group_lager_sued";

const DEPOT: Invented = Invented {
    id: SOUTH,
    name: "Lager Süd",
    organisation_id: NORDHANG,
    limited: true,
    cards: &[
        ("Transporter 1", "K-NH 2101 E"),
        ("Transporter 2", "K-NH 2102 E"),
        ("Transporter 3", "K-NH 2103 E"),
        ("Transporter 4", "K-NH 2104 E"),
        ("Stapler", "K-NH 2150 E"),
        ("Pool", "K-NH 2160 E"),
    ],
    numbers: &["Telefon 1", "Telefon 2"],
};

const FIELD: Invented = Invented {
    id: "group_aussendienst",
    name: "Außendienst",
    organisation_id: NORDHANG,
    limited: false,
    cards: &[("Kombi 1", "K-NH 3001 E"), ("Kombi 2", "K-NH 3002 E")],
    numbers: &["Telefon"],
};

const FLEET: Invented = Invented {
    id: "group_isarhof",
    name: "Isarhof Fuhrpark",
    organisation_id: ISARHOF,
    limited: true,
    cards: &[
        ("Werksverkehr 1", "M-IW 4001 E"),
        ("Werksverkehr 2", "M-IW 4002 E"),
    ],
    numbers: &["Fahrer"],
};

impl Invented {
    fn planned(&self, members: Vec<(String, bool)>) -> Option<PlannedGroup> {
        let mut dice = Dice::of(self.id);
        let person_id = dice.id("usr_", 12);
        let group = Group {
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            organisation_id: self.organisation_id.to_owned(),
            parent_tag: dice.id("GR", 16).to_uppercase(),
            person_id,
            currency: Currency::new("EUR")?,
            monthly_limit: None,
            per_session_limit: self.limited.then_some(6_000),
            time_zone: USUAL_ZONE,
            created: Instant::from_millis(0),
        };
        let cards = self.cards.iter().map(|(label, vehicle)| {
            let digits = (0..6).map(|_| format!("{:02X}", dice.within(0, 255)));
            let uid: String = ["04".to_owned()].into_iter().chain(digits).collect();
            token(TokenKind::Rfid, uid, label, Some(vehicle))
        });
        let mut tokens: Vec<Record> = cards.collect();
        for label in self.numbers {
            let uid = format!("{:016}", dice.within(0, 9_999_999_999_999_999));
            tokens.push(token(TokenKind::Virtual, uid, label, None));
        }
        Some(PlannedGroup {
            group,
            limited: self.limited,
            tokens,
            members,
        })
    }
}

fn token(kind: TokenKind, uid: String, label: &str, vehicle: Option<&str>) -> Record {
    Record {
        token: Token {
            id: ["tok_", &uid.to_lowercase()].concat(),
            uid,
            kind,
            status: TokenStatus::Active,
            label: Some(label.to_owned()),
            created_at: None,
        },
        vehicle: vehicle.map(str::to_owned),
        blocked: None,
        reason: None,
        replaced_by: None,
    }
}

/// Every group, given who there is.
pub fn plan(people: &[Person], size: DemoSize) -> Vec<PlannedGroup> {
    let of = |email: &str, admin: bool| {
        let person = people.iter().find(|person| person.email == email);
        person.map(|person| (person.id.clone(), admin))
    };
    let nordhang = || {
        let (member, admin) = ("group@example.com", "manager@example.com");
        [of(member, false), of(admin, true)]
            .into_iter()
            .flatten()
            .collect()
    };
    let mut groups = vec![DEPOT.planned(nordhang()), FIELD.planned(nordhang())];
    if size == DemoSize::Large {
        let theirs = people
            .iter()
            .filter(|one| one.organisation_id == Some(ISARHOF));
        let members = theirs
            .zip(0..)
            .map(|(one, number)| (one.id.clone(), number == 0));
        groups.push(FLEET.planned(members.collect()));
    }
    groups.into_iter().flatten().collect()
}

/// When a token is used.
pub fn visits(today: NaiveDate, dice: &mut Dice) -> Vec<Visit> {
    let depot: &[_] = &[("depot", false), ("depot", false), ("depot", true)];
    habits::of_a_commuter(today, DAYS, CHARGES, depot, dice)
}

/// Writes the groups, before what they charged.
pub(super) async fn write(write: &mut Write, plan: &Plan, now: Instant) -> Result<(), FillError> {
    for planned in &plan.groups {
        let group = Group {
            created: now,
            ..planned.group.clone()
        };
        store::put(write, &group).await?;
        for (person_id, admin) in &planned.members {
            members::add(write, &group.id, person_id, *admin, now).await?;
        }
        for token in &planned.tokens {
            tokens::put(write, &group, token, now).await?;
        }
    }
    Ok(())
}

/// Counts what the groups charged, and limits their month by it.
pub(super) async fn charge(write: &mut Write, plan: &Plan, now: Instant) -> Result<(), FillError> {
    for planned in &plan.groups {
        let group = &planned.group;
        let theirs = |one: &&Planned| one.record.driver_id == group.person_id;
        for session in plan.sessions.iter().filter(theirs) {
            count(write, group, session).await?;
        }
        if planned.limited {
            limit(write, group, now).await?;
        }
    }
    Ok(())
}

async fn count(write: &mut Write, group: &Group, session: &Planned) -> Result<(), FillError> {
    let id = &session.record.id;
    let cost: i64 = sqlx::query_scalar("select cost_minor from sessions where id = $1")
        .bind(id)
        .fetch_one(&mut **write)
        .await?;
    let cost = Money::new(cost, group.currency);
    let claim = Claim {
        reference: id,
        amount: cost,
        at: session.record.started,
        person_id: None,
    };
    // Nothing limits it yet.
    let free = Group {
        per_session_limit: None,
        ..group.clone()
    };
    limits::claim(write, &free, &claim)
        .await
        .map_err(|_| FillError::Plan)?;
    limits::begun(write, id, id).await?;
    limits::settle(write, id, Some(cost)).await?;
    Ok(())
}

/// Most of the month is spent, and its people know.
async fn limit(write: &mut Write, group: &Group, now: Instant) -> Result<(), FillError> {
    let month = limits::local_day(now, group.time_zone)?.month();
    let spent = limits::month(write, &group.id, month).await?.spent;
    let limit = (spent * 100 / SPENT_PERCENT / 1_000 * 1_000).max(LOWEST_LIMIT);
    let per_session = group.per_session_limit;
    store::limit(write, group, (Some(limit), per_session)).await?;
    sqlx::query("update group_months set told = 1 where group_id = $1 and month = $2")
        .bind(&group.id)
        .bind(i64::from(month.number()))
        .execute(&mut **write)
        .await?;
    Ok(())
}
