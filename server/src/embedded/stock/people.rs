//! `[[people]]`: who charges, and who works at the operator's desk.

use std::collections::HashSet;

use portal_api::{
    language::Language,
    portal::{Billing, Preferences},
    time::Instant,
};
use toml::Value;

use super::{
    Done, Failure,
    entry::{Entry, Kind, Said},
    kinds::{NAME, YES},
    letters,
    operators::{ADDRESS, VAT_ID},
    organisations,
    wrong::Wrong,
};
use crate::{
    embedded::{
        Write,
        charging::tags,
        devices,
        people::{self, NewPerson, Person, Role},
    },
    ids,
    mail::post,
};

pub(super) const FIELDS: [&str; 11] = [
    "email",
    "name",
    "language",
    "desk",
    "organisation",
    "organisation_admin",
    "address",
    "vat_id",
    "dynamo_user_id",
    "petit_monde_customer_id",
    "tags",
];

/// Somebody. What the file leaves out is theirs to say.
#[derive(Clone, Debug)]
pub(super) struct Somebody {
    pub email: String,
    name: String,
    language: Option<Language>,
    role: Role,
    organisation_id: Option<String>,
    organisation_admin: Option<bool>,
    address: Option<String>,
    vat_id: Option<String>,
    dynamo_user_id: Option<String>,
    petit_monde_customer_id: Option<String>,
    /// The numbers of cards; an e-mail address is its owner's anyway.
    pub cards: Vec<String>,
}

/// What else somebody is brought with.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub now: Instant,
    /// Where the portal is, if whoever is new is sent a letter.
    pub letters: Option<&'a str>,
    /// Everybody in the file.
    pub emails: &'a HashSet<&'a str>,
}

pub(super) const EMAIL: Kind<String> = Kind {
    allowed: "an e-mail address",
    read: |value| {
        let email = people::normalised_email(value.as_str()?);
        (email.len() <= 254 && post::is_recipient(&email)).then_some(email)
    },
};

const LANGUAGE: Kind<Language> = Kind {
    allowed: "en, de, fr or es",
    read: |value| {
        let code = value.as_str()?;
        Language::ALL
            .into_iter()
            .find(|language| language.code() == code)
    },
};

/// Whether somebody looks after an organisation.
const ADMIN: Kind<bool> = Kind {
    allowed: "true or false; a driver's only, of an organisation",
    read: YES.read,
};

/// Whom another system knows somebody as.
const KNOWN_AS: Kind<String> = Kind {
    allowed: "1 to 100 characters on one line, nobody else's",
    read: NAME.read,
};

const TAGS: Kind<Vec<String>> = Kind {
    allowed: "a list of card numbers (1 to 20 letters, digits and signs without spaces) and of \
        the own e-mail address; a driver's only",
    read: |value| value.as_array()?.iter().map(tag).collect(),
};

fn tag(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let card = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    (card || text.contains('@')).then(|| text.to_uppercase())
}

pub(super) fn read(entry: Entry<'_>) -> Result<Said<Somebody>, Wrong> {
    let email = entry.required("email", &EMAIL)?;
    let role = match entry.optional("desk", &YES)? {
        Some(true) => Role::Staff,
        _ => Role::Driver,
    };
    let mut cards = entry.optional("tags", &TAGS)?.unwrap_or_default();
    let own = email.to_uppercase();
    cards.retain(|tag| *tag != own);
    let odd = role == Role::Staff || cards.iter().any(|tag| tag.contains('@'));
    if odd && !cards.is_empty() {
        return Err(entry.wrong("tags", TAGS.allowed));
    }
    let organisation_id = entry.optional("organisation", &organisations::ID)?;
    let organisation_admin = entry.optional("organisation_admin", &ADMIN)?;
    let nowhere = role == Role::Staff || organisation_id.is_none();
    if organisation_admin == Some(true) && nowhere {
        return Err(entry.wrong("organisation_admin", ADMIN.allowed));
    }
    // Staff look after no organisation, also where they did before.
    let organisation_admin = match role {
        Role::Staff => Some(false),
        _ => organisation_admin,
    };
    let somebody = Somebody {
        name: entry.required("name", &NAME)?,
        language: entry.optional("language", &LANGUAGE)?,
        address: entry.optional("address", &ADDRESS)?,
        vat_id: entry.optional("vat_id", &VAT_ID)?,
        dynamo_user_id: entry.optional("dynamo_user_id", &KNOWN_AS)?,
        petit_monde_customer_id: entry.optional("petit_monde_customer_id", &KNOWN_AS)?,
        email,
        role,
        organisation_id,
        organisation_admin,
        cards,
    };
    Ok(entry.says(somebody))
}

pub(super) async fn bring(
    write: &mut Write,
    said: &Said<Somebody>,
    around: Around<'_>,
) -> Result<Done, Failure> {
    let somebody = &said.what;
    refuse_anothers_user(write, said).await?;
    let known = people::find(write, &somebody.email).await?;
    let (id, mut changed) = match &known {
        Some(person) => (person.id.clone(), change(write, person, somebody).await?),
        None => (add(write, somebody, around).await?, true),
    };
    changed |= bring_billing(write, &id, somebody).await?;
    changed |= bring_customer(write, &id, somebody).await?;
    changed |= bring_organisation(write, &id, known.as_ref(), said, around.now).await?;
    for card in &somebody.cards {
        changed |= bring_card(write, &id, card, said, around.emails).await?;
    }
    Ok(match (known, changed) {
        (Some(_), false) => Done::Unchanged,
        (known, _) => Done::of(known.is_some()),
    })
}

async fn add(
    write: &mut Write,
    somebody: &Somebody,
    around: Around<'_>,
) -> Result<String, Failure> {
    let id = ids::new_id("usr")?;
    let new = NewPerson {
        id: &id,
        email: &somebody.email,
        name: &somebody.name,
        password_hash: None,
        organisation_id: None,
        dynamo_user_id: somebody.dynamo_user_id.as_deref(),
        roles: &[somebody.role],
        language: somebody.language,
    };
    people::add(write, &new, around.now).await?;
    if let Some(portal) = around.letters {
        letters::invite(write, &new, portal, around.now).await?;
    }
    Ok(id)
}

/// Whether anything had to be done.
async fn change(
    write: &mut Write,
    person: &Person,
    somebody: &Somebody,
) -> Result<bool, sqlx::Error> {
    let mut changed = bring_role(write, person, somebody.role).await?;
    let preferences = Preferences {
        language: somebody.language.or(person.preferences.language),
        ..person.preferences.clone()
    };
    if somebody.name != person.name || preferences != person.preferences {
        people::change(write, &person.id, &somebody.name, &preferences).await?;
        changed = true;
    }
    if let Some(user) = &somebody.dynamo_user_id
        && person.dynamo_user_id.as_ref() != Some(user)
    {
        people::set_dynamo_user(write, &person.id, user).await?;
        changed = true;
    }
    Ok(changed)
}

/// Makes somebody a driver or staff, and not both. Staff sign in every day: who becomes
/// staff, or is it no longer, begins by signing in.
async fn bring_role(write: &mut Write, person: &Person, role: Role) -> Result<bool, sqlx::Error> {
    let other = match role {
        Role::Staff => Role::Driver,
        _ => Role::Staff,
    };
    let (is, was) = (person.roles.contains(&role), person.roles.contains(&other));
    if is && !was {
        return Ok(false);
    }
    if !is {
        people::give_role(write, &person.id, role).await?;
    }
    people::take_role(write, &person.id, other).await?;
    devices::end_all(write, &person.id, None).await?;
    Ok(true)
}

async fn bring_billing(
    write: &mut Write,
    id: &str,
    somebody: &Somebody,
) -> Result<bool, sqlx::Error> {
    let known = people::billing(write, id).await?;
    let billing = Billing {
        address: somebody.address.clone().or_else(|| known.address.clone()),
        vat_id: somebody.vat_id.clone().or_else(|| known.vat_id.clone()),
    };
    let changed = billing != known;
    if changed {
        people::set_billing(write, id, &billing).await?;
    }
    Ok(changed)
}

/// Makes somebody belong to an organisation, or look after it.
async fn bring_organisation(
    write: &mut Write,
    id: &str,
    known: Option<&Person>,
    said: &Said<Somebody>,
    now: Instant,
) -> Result<bool, Failure> {
    let mut changed = false;
    let before = known.and_then(|person| person.organisation_id.as_ref());
    if let Some(organisation_id) = &said.what.organisation_id
        && before != Some(organisation_id)
    {
        if people::organisation(write, organisation_id)
            .await?
            .is_none()
        {
            let what = format!("organisation = {organisation_id:?} is nowhere");
            return Err(Wrong::at(&said.place, what).into());
        }
        people::set_organisation(write, id, organisation_id, now).await?;
        changed = true;
    }
    let role = Role::OrganisationAdmin;
    let is_admin = known.is_some_and(|person| person.roles.contains(&role));
    // Who comes from elsewhere looks after nothing here unless the file says so.
    let stays = if changed { Some(false) } else { None };
    match said.what.organisation_admin.or(stays) {
        Some(true) if !is_admin => people::give_role(write, id, role).await?,
        Some(false) if is_admin => people::take_role(write, id, role).await?,
        _ => return Ok(changed),
    }
    Ok(true)
}

async fn bring_customer(
    write: &mut Write,
    id: &str,
    somebody: &Somebody,
) -> Result<bool, sqlx::Error> {
    let Some(customer) = &somebody.petit_monde_customer_id else {
        return Ok(false);
    };
    let changed = people::customer(write, id).await?.as_ref() != Some(customer);
    if changed {
        people::set_customer(write, id, customer).await?;
    }
    Ok(changed)
}

/// A card goes from one person to another only if the file speaks of both.
async fn bring_card(
    write: &mut Write,
    id: &str,
    card: &str,
    said: &Said<Somebody>,
    emails: &HashSet<&str>,
) -> Result<bool, Failure> {
    match tags::holder(write, card).await? {
        Some(holder) if holder.id == id => Ok(false),
        Some(holder) if !emails.contains(&holder.email[..]) => {
            let what = format!("tags = {card:?} is not allowed; it is the card of somebody else");
            Err(Wrong::at(&said.place, what).into())
        }
        _ => {
            tags::put(write, id, card).await?;
            Ok(true)
        }
    }
}

async fn refuse_anothers_user(write: &mut Write, said: &Said<Somebody>) -> Result<(), Failure> {
    let somebody = &said.what;
    let taken: (i64, i64) = sqlx::query_as(
        "select cast(coalesce(sum(case when dynamo_user_id = $1 then 1 else 0 end), 0) as bigint),
            cast(coalesce(sum(case when petit_monde_customer_id = $2 then 1 else 0 end), 0)
                as bigint)
            from people where (dynamo_user_id = $1 or petit_monde_customer_id = $2)
                and email <> $3",
    )
    .bind(&somebody.dynamo_user_id)
    .bind(&somebody.petit_monde_customer_id)
    .bind(&somebody.email)
    .fetch_one(&mut **write)
    .await?;
    let name = match taken {
        (0, 0) => return Ok(()),
        (0, _) => "petit_monde_customer_id",
        _ => "dynamo_user_id",
    };
    let what = format!("{name} is not allowed; it is somebody else's");
    Err(Wrong::at(&said.place, what).into())
}
