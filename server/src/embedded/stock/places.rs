//! `[[places]]`: where one can charge.

use chrono_tz::Tz;
use portal_api::{decimal::Decimal, portal::charge_points::Opening};
use toml::Value;

use super::{
    Done, Failure,
    entry::{Entry, Kind, Said},
    kinds::{self, FROM, LINE, NAME, UNTIL, WEEKDAYS},
    operators,
    wrong::Wrong,
};
use crate::embedded::{
    Write,
    sites::{self, Hours, Site},
};

pub(super) const FIELDS: [&str; 10] = [
    "id",
    "operator",
    "name",
    "address",
    "city",
    "country",
    "time_zone",
    "latitude",
    "longitude",
    "hours",
];

const HOURS_FIELDS: [&str; 3] = ["days", "from", "to"];

/// A place, and what is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Place {
    pub site: Site,
    position: Option<(i64, i64)>,
    hours: Hours,
}

pub(super) const ID: Kind<String> = Kind {
    allowed: "site_ and 1 to 40 letters, digits, _ or -",
    read: |value| kinds::id(value, "site_"),
};

const COUNTRY: Kind<String> = Kind {
    allowed: "the two capital letters of a country, such as \"DE\"",
    read: |value| {
        let code = value.as_str()?;
        let fits = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        fits.then(|| code.to_owned())
    },
};

pub(super) const ZONE: Kind<Tz> = Kind {
    allowed: "an IANA time zone such as \"Europe/Berlin\"",
    read: |value| value.as_str()?.parse().ok(),
};

const LATITUDE: Kind<i64> = Kind {
    allowed: "a number of degrees from -90 to 90, together with longitude",
    read: |value| millionths(value, 90),
};

const LONGITUDE: Kind<i64> = Kind {
    allowed: "a number of degrees from -180 to 180, together with latitude",
    read: |value| millionths(value, 180),
};

/// Degrees, to the millionth.
fn millionths(value: &Value, most: i64) -> Option<i64> {
    let units = kinds::decimal(value)?.product_at(Decimal::new(1, 0), 6)?;
    (units.abs() <= most * 1_000_000).then_some(units)
}

pub(super) fn read(entry: Entry<'_>) -> Result<Said<Place>, Wrong> {
    let place = Place {
        site: Site {
            id: entry.required("id", &ID)?,
            operator_id: entry.required("operator", &operators::ID)?,
            name: entry.required("name", &NAME)?,
            address: entry.required("address", &LINE)?,
            city: entry.required("city", &LINE)?,
            country: entry.required("country", &COUNTRY)?,
            time_zone: entry.required("time_zone", &ZONE)?,
        },
        position: match (
            entry.optional("latitude", &LATITUDE)?,
            entry.optional("longitude", &LONGITUDE)?,
        ) {
            (Some(latitude), Some(longitude)) => Some((latitude, longitude)),
            (None, None) => None,
            (Some(_), None) => return Err(entry.wrong("longitude", LONGITUDE.allowed)),
            (None, Some(_)) => return Err(entry.wrong("latitude", LATITUDE.allowed)),
        },
        hours: hours(&entry)?,
    };
    Ok(entry.says(place))
}

fn hours(entry: &Entry<'_>) -> Result<Hours, Wrong> {
    const ALLOWED: &str = "\"always\" or a list of times such as { days = [\"mon\"], \
        from = \"08:00\", to = \"20:00\" }";
    match entry.value("hours") {
        None => Ok(Hours::Unknown),
        Some(Value::String(word)) if word == "always" => Ok(Hours::Always),
        Some(Value::Array(times)) if !times.is_empty() => openings(entry).map(Hours::Listed),
        Some(_) => Err(entry.wrong("hours", ALLOWED)),
    }
}

/// By the day and the hour, as the store has them.
fn openings(entry: &Entry<'_>) -> Result<Vec<Opening>, Wrong> {
    let mut openings: Vec<Opening> = Vec::new();
    for entry in entry.entries("hours", &HOURS_FIELDS)? {
        let days = entry.required("days", &WEEKDAYS)?;
        let from = entry.required("from", &FROM)?;
        let to = entry.required("to", &UNTIL)?;
        if to <= from {
            return Err(entry.wrong(
                "to",
                "later than from; what goes on after midnight is said \
                again for the day after",
            ));
        }
        for day in (1..=7_u8).filter(|day| days & (1 << (day - 1)) != 0) {
            let opening = Opening {
                day,
                from_minute: u16::try_from(from).unwrap_or(0),
                to_minute: u16::try_from(to).unwrap_or(0),
            };
            if openings.iter().any(|other| overlap(other, &opening)) {
                return Err(entry.wrong("days", "days on which no other times overlap with these"));
            }
            openings.push(opening);
        }
    }
    openings.sort_by_key(|opening| (opening.day, opening.from_minute));
    Ok(openings)
}

fn overlap(one: &Opening, other: &Opening) -> bool {
    one.day == other.day && one.from_minute < other.to_minute && other.from_minute < one.to_minute
}

pub(super) async fn bring(write: &mut Write, said: &Said<Place>) -> Result<Done, Failure> {
    let site = &said.what.site;
    let known = known(write, &site.id).await?;
    if known.as_ref() == Some(&said.what) {
        return Ok(Done::Unchanged);
    }
    if sites::operator(write, &site.operator_id).await?.is_none() {
        let what = format!("operator = {:?} is nowhere", site.operator_id);
        return Err(Wrong::at(&said.place, what).into());
    }
    if let Some(known) = &known {
        refuse_to_rewrite(write, said, &known.site).await?;
    }
    sites::put(write, site).await?;
    sites::set_position(write, &site.id, said.what.position).await?;
    sites::set_hours(write, &site.id, &said.what.hours).await?;
    Ok(Done::of(known.is_some()))
}

async fn known(write: &mut Write, id: &str) -> Result<Option<Place>, sqlx::Error> {
    let Some(site) = sites::find(write, id).await? else {
        return Ok(None);
    };
    Ok(Some(Place {
        site,
        position: sites::position(write, id).await?,
        hours: sites::hours(write, id).await?,
    }))
}

/// The days of sessions are a place's days, and their receipts its operator's.
async fn refuse_to_rewrite(
    write: &mut Write,
    said: &Said<Place>,
    known: &Site,
) -> Result<(), Failure> {
    let site = &said.what.site;
    let field = if site.time_zone != known.time_zone {
        "time_zone"
    } else if site.operator_id != known.operator_id {
        "operator"
    } else {
        return Ok(());
    };
    let session: Option<String> =
        sqlx::query_scalar("select id from sessions where site_id = $1 limit 1")
            .bind(&site.id)
            .fetch_optional(&mut **write)
            .await?;
    match session {
        Some(_) => Err(Wrong::at(
            &said.place,
            format_args!(
                "{field} stays as it is, for there were sessions; give the place another id, and \
                 name that at the charge points"
            ),
        )
        .into()),
        None => Ok(()),
    }
}
