//! What charge points sign in with, where they are, when one can get in, what charging
//! costs there; and the card that everybody has.

use portal_api::portal::charge_points::Opening;

use super::{
    FillError,
    calendar::{ALWAYS, Hours},
    forecourt::charge_points,
    places::{PLACES, PROVING_GROUND, Place},
    plan::{Plan, tag},
};
use crate::embedded::{
    Write,
    charging::{points, tags},
    people::Role,
    sites,
};

/// What every charge point of the demo signs in with: it serves on this machine only.
const KEY: &str = "charge-ahead-demo";

pub(super) async fn write(write: &mut Write, plan: &Plan) -> Result<(), FillError> {
    let planned = |place: &&Place| plan.sites.iter().any(|site| site.id == place.id);
    let places = PLACES.iter().chain([&PROVING_GROUND]).filter(planned);
    for place in places {
        sites::set_position(write, place.id, Some(place.position)).await?;
        sites::set_hours(write, place.id, &hours(&place.hours)).await?;
        write_charge_points(write, place).await?;
    }
    for person in &plan.people {
        if person.roles.iter().copied().any(Role::charges) {
            tags::put(write, &person.id, &tag(&person.id)).await?;
        }
    }
    Ok(())
}

async fn write_charge_points(write: &mut Write, place: &Place) -> Result<(), FillError> {
    for row in place.rows {
        for id in charge_points(row) {
            points::set_key(write, &id, KEY).await?;
            for (number, _) in (1..).zip(row.connectors) {
                sites::set_tariff(write, &id, number, row.tariff).await?;
            }
        }
    }
    Ok(())
}

fn hours(hours: &Hours) -> sites::Hours {
    if *hours == ALWAYS {
        return sites::Hours::Always;
    }
    let minute = |minute: i64| u16::try_from(minute).unwrap_or(0);
    let opening = |(day, hours): (u8, &Option<(i64, i64)>)| {
        hours.map(|(from, to)| Opening {
            day,
            from_minute: minute(from),
            to_minute: minute(to),
        })
    };
    sites::Hours::Listed((1..).zip(hours).filter_map(opening).collect())
}
