//! `[[tariffs]]`: what charging costs.

use portal_api::money::Currency;

use super::{
    Done, Failure,
    entry::{Entry, Kind, Said},
    kinds::{self, DAY, FROM, NAME, UNTIL, WEEKDAYS, YES},
    wrong::Wrong,
};
use crate::embedded::{
    Write, store,
    tariffs::{self, Days, Part, Rule, Tariff},
};

pub(super) const FIELDS: [&str; 14] = [
    "id",
    "name",
    "currency",
    "per_kwh",
    "per_minute",
    "per_session",
    "idle_per_minute",
    "idle_free_minutes",
    "energy_step_wh",
    "time_step_seconds",
    "idle_step_seconds",
    "tax_percent",
    "tax_included",
    "rules",
];

const RULE_FIELDS: [&str; 7] = ["name", "part", "price", "days", "from", "to", "priority"];

pub(super) const ID: Kind<String> = Kind {
    allowed: "tariff_ and 1 to 40 letters, digits, _ or -",
    read: |value| kinds::id(value, "tariff_"),
};

pub(super) const CURRENCY: Kind<Currency> = Kind {
    allowed: "the three capital letters of a currency, such as \"EUR\"",
    read: |value| {
        let code = value.as_str()?;
        Currency::new(code).filter(|currency| currency.code() == code)
    },
};

const PRICE: Kind<i64> = Kind {
    allowed: "a number from 0 to 1000000 with at most 4 digits after the point",
    read: |value| kinds::exact(value, 4, 1_000_000),
};

const PERCENT: Kind<i64> = Kind {
    allowed: "a number from 0 to 100 with at most 2 digits after the point",
    read: |value| kinds::exact(value, 2, 100),
};

const FREE_MINUTES: Kind<i64> = Kind {
    allowed: "a whole number from 0 to 1440",
    read: |value| kinds::whole(value, 0, DAY),
};

const ENERGY_STEP: Kind<i64> = Kind {
    allowed: "a whole number from 1 to 100000",
    read: |value| kinds::whole(value, 1, 100_000),
};

const TIME_STEP: Kind<i64> = Kind {
    allowed: "a whole number from 6 to 86400, a multiple of 6",
    read: |value| kinds::whole(value, 6, 86_400).filter(|seconds| seconds % 6 == 0),
};

const PART: Kind<Part> = Kind {
    allowed: "energy, time or parking",
    read: |value| {
        let word = value.as_str()?;
        Part::ALL.into_iter().find(|part| part.as_str() == word)
    },
};

const PRIORITY: Kind<i64> = Kind {
    allowed: "a whole number from 1 to 1000, which no other rule of the tariff has",
    read: |value| kinds::whole(value, 1, 1_000),
};

pub(super) fn read(entry: Entry<'_>) -> Result<Said<Tariff>, Wrong> {
    let price = |name: &str| entry.optional(name, &PRICE).map(Option::unwrap_or_default);
    let step = |name: &str| {
        let step = entry.optional(name, &TIME_STEP)?;
        Ok(step.unwrap_or(60))
    };
    let free = entry.optional("idle_free_minutes", &FREE_MINUTES)?;
    let tariff = Tariff {
        id: entry.required("id", &ID)?,
        name: entry.required("name", &NAME)?,
        currency: entry.required("currency", &CURRENCY)?,
        per_kwh: price("per_kwh")?,
        per_minute: price("per_minute")?,
        per_session: price("per_session")?,
        idle_per_minute: price("idle_per_minute")?,
        idle_grace_seconds: free.unwrap_or(0) * 60,
        energy_step_wh: entry.optional("energy_step_wh", &ENERGY_STEP)?.unwrap_or(1),
        time_step_seconds: step("time_step_seconds")?,
        idle_step_seconds: step("idle_step_seconds")?,
        tax_rate: entry.required("tax_percent", &PERCENT)?,
        tax_included: entry.required("tax_included", &YES)?,
        rules: rules(&entry)?,
    };
    Ok(entry.says(tariff))
}

/// The one that wins first, as the store has them.
fn rules(entry: &Entry<'_>) -> Result<Vec<Rule>, Wrong> {
    let mut rules: Vec<Rule> = Vec::new();
    for (number, entry) in (1..).zip(entry.entries("rules", &RULE_FIELDS)?) {
        let rule = rule(&entry, number)?;
        if rules.iter().any(|other| other.priority == rule.priority) {
            return Err(entry.wrong("priority", PRIORITY.allowed));
        }
        rules.push(rule);
    }
    rules.sort_by_key(|rule| rule.priority);
    Ok(rules)
}

fn rule(entry: &Entry<'_>, number: i64) -> Result<Rule, Wrong> {
    let days = entry.optional("days", &WEEKDAYS)?;
    let days = days.and_then(|bits| Days::of_bits(bits.into()));
    let rule = Rule {
        priority: entry.optional("priority", &PRIORITY)?.unwrap_or(number),
        name: entry.required("name", &NAME)?,
        part: entry.required("part", &PART)?,
        days: days.unwrap_or(Days::ALL),
        from_minute: entry.optional("from", &FROM)?.unwrap_or(0),
        to_minute: entry.optional("to", &UNTIL)?.unwrap_or(DAY),
        price: entry.required("price", &PRICE)?,
    };
    if rule.from_minute == rule.to_minute {
        return Err(entry.wrong("to", "another time than from"));
    }
    Ok(rule)
}

pub(super) async fn bring(
    write: &mut Write,
    kind: store::Kind,
    said: &Said<Tariff>,
) -> Result<Done, Failure> {
    let tariff = &said.what;
    let known = tariffs::find(write, &tariff.id).await?;
    if known.as_ref() == Some(tariff) {
        return Ok(Done::Unchanged);
    }
    if let Some(known) = &known
        && !known.costs_the_same(tariff)
        && is_used(write, kind, &tariff.id).await?
    {
        return Err(Wrong::at(
            &said.place,
            "sessions were priced by it, so its prices stay as they are; give the new prices \
             an id of their own, and name that at the connectors",
        )
        .into());
    }
    tariffs::put(write, tariff).await?;
    Ok(Done::of(known.is_some()))
}

/// Whether a session was priced by a tariff. Until this import ends, none that was begun
/// with the old price can come: SQLite has one writer, PostgreSQL makes readers wait.
async fn is_used(write: &mut Write, kind: store::Kind, id: &str) -> Result<bool, sqlx::Error> {
    if kind == store::Kind::Postgres {
        sqlx::raw_sql("lock table tariffs in access exclusive mode")
            .execute(&mut **write)
            .await?;
    }
    let session: Option<String> =
        sqlx::query_scalar("select id from sessions where tariff_id = $1 limit 1")
            .bind(id)
            .fetch_optional(&mut **write)
            .await?;
    Ok(session.is_some())
}
