//! Where a plug can be booked, the nearest place first. `near`: which places fit.
//! `places`: what is told of those that were found.

mod near;
mod places;

use std::collections::BTreeMap;

use portal_api::{
    decimal::Decimal,
    money::Money,
    petit_monde::search::{Coordinates, Location, OperatorAnswer, Pricing, SearchPage},
    query::search::SearchQuery,
    time::Instant,
};
use sqlx::AnyConnection;

use self::{
    near::{Near, near},
    places::{AT_ONCE, Place, Plug, places},
};
use super::estimate::estimate;
use crate::embedded::{
    Store,
    distance::{DEGREES, Spot},
    tariffs::{self, Tariff},
};

/// How long somebody charges unless they say from when to when, in seconds.
const USUAL_SECONDS: i64 = 3_600;

/// The places that fit, as many as asked for, and how many there are.
pub async fn search(
    store: &Store,
    query: &SearchQuery,
    now: Instant,
) -> Result<SearchPage, sqlx::Error> {
    let mut reader = store.readers().acquire().await?;
    let mut found = near(&mut reader, query, now).await?;
    found.sort_by(|one, other| {
        (one.distance_m, &one.site_id).cmp(&(other.distance_m, &other.site_id))
    });
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    found.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
    let mut searching = Searching {
        reader: &mut reader,
        query,
        window: query
            .window
            .unwrap_or((now, now.plus_seconds(USUAL_SECONDS))),
        tariffs: BTreeMap::new(),
    };
    let mut results = Vec::with_capacity(found.len());
    for found in found.chunks(AT_ONCE) {
        searching.locations(found, &mut results).await?;
    }
    Ok(SearchPage {
        cpo_results: answers(&results),
        results,
        total,
    })
}

/// What is read once for all places of an answer.
struct Searching<'a> {
    reader: &'a mut AnyConnection,
    query: &'a SearchQuery,
    window: (Instant, Instant),
    tariffs: BTreeMap<String, Tariff>,
}

impl Searching<'_> {
    async fn locations(
        &mut self,
        found: &[Near],
        results: &mut Vec<Location>,
    ) -> Result<(), sqlx::Error> {
        let ids: Vec<&str> = found.iter().map(|near| &near.site_id[..]).collect();
        let mut places = places(self.reader, &ids, self.query.window).await?;
        for near in found {
            if let Some(place) = places.remove(&near.site_id) {
                results.push(self.location(near, place).await?);
            }
        }
        Ok(())
    }

    async fn location(&mut self, near: &Near, place: Place) -> Result<Location, sqlx::Error> {
        let mut lowest = None::<Money>;
        for plug in &place.plugs {
            let Some(tariff) = plug.bookable() else {
                continue;
            };
            if plug.fits(self.query) && !plug.booked {
                let tariff = self.tariff(tariff).await?;
                let price = estimate(&tariff, place.time_zone, plug.power_w, self.window);
                lowest = [lowest, price]
                    .into_iter()
                    .flatten()
                    .min_by_key(|price| price.minor);
            }
        }
        Ok(Location {
            location_id: near.site_id.clone(),
            coordinates: Some(coordinates(near.spot)),
            distance_km: Some(Decimal::new(i64::from(near.distance_m), 3)),
            cpo_party_id: place.plugs.first().and_then(Plug::party),
            supports_reservation: place.plugs.iter().any(|plug| plug.bookable().is_some()),
            name: place.name,
            address: Some(place.address),
            city: Some(place.city),
            cpo_name: Some(place.operator),
            evses: place.plugs.into_iter().map(Plug::told).collect(),
            pricing: lowest.map(|price| Pricing {
                estimated_price: Some(price.major()),
                currency: Some(price.currency),
            }),
        })
    }

    async fn tariff(&mut self, id: &str) -> Result<Tariff, sqlx::Error> {
        if let Some(tariff) = self.tariffs.get(id) {
            return Ok(tariff.clone());
        }
        let tariff = tariffs::load(self.reader, id).await?;
        self.tariffs.insert(id.to_owned(), tariff.clone());
        Ok(tariff)
    }
}

fn coordinates((latitude, longitude): Spot) -> Coordinates {
    Coordinates {
        lat: Decimal::new(latitude, DEGREES),
        lng: Decimal::new(longitude, DEGREES),
    }
}

/// How many of the places are whose.
fn answers(results: &[Location]) -> Vec<OperatorAnswer> {
    let mut counts = BTreeMap::new();
    for location in results {
        let whose = (&location.cpo_party_id, &location.cpo_name);
        *counts.entry(whose).or_insert(0) += 1;
    }
    let answer =
        |((party, name), count): ((&Option<String>, &Option<String>), u64)| OperatorAnswer {
            cpo_party_id: party.clone(),
            cpo_name: name.clone(),
            count,
            duration_ms: None,
            error: None,
        };
    counts.into_iter().map(answer).collect()
}
