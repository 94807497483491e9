//! `[[charge_points]]`, each with its connectors.

use portal_api::query::charge_points::is_charge_point_id;

use super::{
    Done, Failure,
    entry::{Entry, Kind, Said},
    kinds::{self, YES},
    places, tariffs,
    wrong::Wrong,
};
use crate::embedded::{
    Write,
    charging::points::{self, SignedIn},
    sites::{self, Current, Fitted},
    tariffs as stored_tariffs,
};

pub(super) const FIELDS: [&str; 5] = ["id", "place", "key", "takes_holds", "connectors"];

const CONNECTOR_FIELDS: [&str; 6] = ["number", "plug", "current", "power_kw", "evse_id", "tariff"];

/// A charge point.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub id: String,
    site_id: String,
    key: Option<String>,
    takes_holds: Option<bool>,
    connectors: Vec<Said<Plugged>>,
}

/// One of its connectors.
#[derive(Clone, Debug)]
struct Plugged {
    number: i64,
    current: Current,
    power_w: i64,
    plug: &'static str,
    evse_id: Option<String>,
    tariff_id: Option<String>,
}

const ID: Kind<String> = Kind {
    allowed: "1 to 48 letters, digits, _ or -",
    read: |value| {
        let id = value.as_str().filter(|id| is_charge_point_id(id))?;
        Some(id.to_owned())
    },
};

const KEY: Kind<String> = Kind {
    allowed: "16 to 64 letters, digits and signs without spaces",
    read: |value| {
        let key = value.as_str()?;
        let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
        ((16..=64).contains(&key.len()) && plain).then(|| key.to_owned())
    },
};

const NUMBER: Kind<i64> = Kind {
    allowed: "a whole number from 1 to 100, which no other connector there has",
    read: |value| kinds::whole(value, 1, 100),
};

const PLUG: Kind<&'static str> = Kind {
    allowed: "type2, ccs or chademo",
    read: |value| {
        let word = value.as_str()?;
        ["type2", "ccs", "chademo"]
            .into_iter()
            .find(|plug| *plug == word)
    },
};

const CURRENT: Kind<Current> = Kind {
    allowed: "ac or dc",
    read: |value| {
        let word = value.as_str()?;
        [Current::Alternating, Current::Direct]
            .into_iter()
            .find(|current| current.as_str() == word)
    },
};

const POWER: Kind<i64> = Kind {
    allowed: "a number above 0 and up to 10000 with at most 3 digits after the point",
    read: |value| kinds::exact(value, 3, 10_000).filter(|watts| *watts > 0),
};

const EVSE_ID: Kind<String> = Kind {
    allowed: "1 to 60 capital letters, digits, * and -, such as \"DE*HAR*E1*1\"",
    read: |value| {
        let text = value.as_str()?;
        let plain = |byte: u8| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'*' | b'-')
        };
        let fits = (1..=60).contains(&text.len()) && text.bytes().all(plain);
        fits.then(|| text.to_owned())
    },
};

pub(super) fn read(entry: Entry<'_>) -> Result<Said<Point>, Wrong> {
    let point = Point {
        id: entry.required("id", &ID)?,
        site_id: entry.required("place", &places::ID)?,
        key: entry.optional("key", &KEY)?,
        takes_holds: entry.optional("takes_holds", &YES)?,
        connectors: connectors(&entry)?,
    };
    Ok(entry.says(point))
}

fn connectors(entry: &Entry<'_>) -> Result<Vec<Said<Plugged>>, Wrong> {
    let mut connectors: Vec<Said<Plugged>> = Vec::new();
    for entry in entry.entries("connectors", &CONNECTOR_FIELDS)? {
        let plug = entry.required("plug", &PLUG)?;
        let usual = if plug == "type2" {
            Current::Alternating
        } else {
            Current::Direct
        };
        let plugged = Plugged {
            number: entry.required("number", &NUMBER)?,
            current: entry.optional("current", &CURRENT)?.unwrap_or(usual),
            power_w: entry.required("power_kw", &POWER)?,
            plug,
            evse_id: entry.optional("evse_id", &EVSE_ID)?,
            tariff_id: entry.optional("tariff", &tariffs::ID)?,
        };
        let same = |other: &Said<Plugged>| other.what.number == plugged.number;
        if connectors.iter().any(same) {
            return Err(entry.wrong("number", NUMBER.allowed));
        }
        connectors.push(entry.says(plugged));
    }
    if connectors.is_empty() {
        return Err(entry.wrong("connectors", "a list of at least one connector"));
    }
    Ok(connectors)
}

pub(super) async fn bring(write: &mut Write, said: &Said<Point>) -> Result<Done, Failure> {
    let point = &said.what;
    if sites::find(write, &point.site_id).await?.is_none() {
        let what = format!("place = {:?} is nowhere", point.site_id);
        return Err(Wrong::at(&said.place, what).into());
    }
    let site: Option<String> = sites::site_of_charge_point(write, &point.id).await?;
    let mut changed = site.as_ref() != Some(&point.site_id);
    if changed {
        sites::put_charge_point(write, &point.id, &point.site_id).await?;
    }
    if let Some(key) = &point.key
        && points::sign_in(write, &point.id, key).await? != SignedIn::Yes
    {
        points::set_key(write, &point.id, key).await?;
        changed = true;
    }
    if let Some(takes) = point.takes_holds
        && points::takes_holds(write, &point.id).await? != takes
    {
        points::set_takes_holds(write, &point.id, takes).await?;
        changed = true;
    }
    let (country, prefix) = sites::numbering(write, &point.site_id).await?;
    for plugged in &point.connectors {
        changed |= bring_connector(write, point, plugged, (&country, &prefix)).await?;
    }
    Ok(match (site, changed) {
        (Some(_), false) => Done::Unchanged,
        (site, _) => Done::of(site.is_some()),
    })
}

/// Whether anything had to be done.
async fn bring_connector(
    write: &mut Write,
    point: &Point,
    said: &Said<Plugged>,
    numbering: (&str, &str),
) -> Result<bool, Failure> {
    let plugged = &said.what;
    let usual = || sites::evse_id(numbering, &point.id, plugged.number);
    let fitted = Fitted {
        number: plugged.number,
        current: plugged.current,
        power_w: plugged.power_w,
        evse_id: plugged.evse_id.clone().unwrap_or_else(usual),
        plug: Some(plugged.plug.to_owned()),
        tariff_id: plugged.tariff_id.clone(),
    };
    let known = sites::connector(write, &point.id, plugged.number).await?;
    if known.as_ref() == Some(&fitted) {
        return Ok(false);
    }
    if let Some(tariff_id) = &fitted.tariff_id
        && stored_tariffs::find(write, tariff_id).await?.is_none()
    {
        let what = format!("tariff = {tariff_id:?} is nowhere");
        return Err(Wrong::at(&said.place, what).into());
    }
    sites::put_connector(write, &point.id, &fitted).await?;
    Ok(true)
}
