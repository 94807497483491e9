//! A real Petit Monde: where plugs are found and booked, and what groups may spend.
//!
//! The operator's key sees everybody's bookings and groups; who may ask for which is
//! decided before, by what our own store remembers. `listing`: bookings by when they were
//! made, page by page. `places`: what searches told lately.

mod listing;
mod places;

use std::sync::Arc;

use portal_api::{
    petit_monde::{
        booking::{Booking, BookingRequest, Cancellation},
        group::{BulkTokens, Group, MadeTokens},
        search::{Location, OperatorAnswer, SearchPage},
        usage::Usage,
    },
    query::search::SearchQuery,
    time::Instant,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use self::places::Places;
use super::client::{Client, Limits, Unusable, json};
use crate::{
    clock::Clock,
    config::PetitMondeUpstream,
    provider::{
        Asked, Failure, Unfiled,
        bookings::{Bookings, Tried},
        meter::{Meter, Purpose},
    },
};

const BOOKINGS: [&str; 4] = ["api", "v1", "client", "bookings"];
const GROUPS: [&str; 4] = ["api", "v1", "fleet", "groups"];

/// A real Petit Monde.
#[derive(Debug)]
pub struct PetitMonde {
    client: Client,
    places: Places,
}

/// A page of a search; what makes no sense in it is left out.
#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow, default)]
    results: Vec<&'a RawValue>,
    #[serde(default)]
    total: Option<u64>,
    #[serde(borrow, default)]
    cpo_results: Vec<&'a RawValue>,
}

impl PetitMonde {
    /// The one that the configuration names, every call counted.
    pub fn new(
        config: &PetitMondeUpstream,
        clock: Clock,
        limits: Limits,
        meter: Arc<dyn Meter>,
    ) -> Result<Self, Unusable> {
        let client = Client::new(config.url.as_str(), config.key.clone(), clock, limits)?;
        Ok(Self {
            client: client.metered(meter),
            places: Places::default(),
        })
    }

    async fn find(&self, query: &SearchQuery) -> Result<SearchPage, Failure> {
        let path = ["api", "v1", "client", "search"];
        let body = self.client.get(&path, &query.parameters()).await?;
        let found: Found<'_> = read(&body)?;
        let results: Vec<Location> = tolerant(&found.results);
        self.places.note(&results);
        Ok(SearchPage {
            total: found.total.unwrap_or(results.len() as u64),
            results,
            cpo_results: tolerant::<OperatorAnswer>(&found.cpo_results),
        })
    }

    /// What was made stands in the answer; if that makes no sense, it was made all the same.
    async fn made_by<T: DeserializeOwned>(
        &self,
        path: &[&str],
        key: &str,
        sent: &impl Serialize,
        purpose: Purpose,
    ) -> Result<T, Unfiled> {
        let json = serde_json::to_vec(sent)
            .map_err(|_| Unfiled::Refused(Failure::Nonsense("no request can be made of it")))?;
        let body = match purpose {
            Purpose::Making => self.client.make(path, key, json).await?,
            _ => self.client.post(path, key, json).await?,
        };
        read(&body).map_err(Unfiled::Unsure)
    }

    async fn follow(&self, id: &str) -> Result<Booking, Failure> {
        let path = [&BOOKINGS[..], &[id]].concat();
        let booking: Booking = read(&self.followed(&path).await?)?;
        if booking.id == id {
            Ok(booking)
        } else {
            Err(Failure::Nonsense("another booking"))
        }
    }

    async fn quota(&self) -> Result<Usage, Failure> {
        let path = ["api", "v1", "client", "usage"];
        read(&self.followed(&path).await?)
    }

    async fn followed(&self, path: &[&str]) -> Result<Vec<u8>, Failure> {
        self.client.get_for(path, &[], Purpose::Following).await
    }

    async fn one_group(&self, id: &str, purpose: Purpose) -> Result<Group, Failure> {
        let path = [&GROUPS[..], &[id]].concat();
        let group: Group = read(&self.client.get_for(&path, &[], purpose).await?)?;
        if group.id == id {
            Ok(group)
        } else {
            Err(Failure::Nonsense("another group"))
        }
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Failure> {
    let nonsense = || Failure::Nonsense("it is not as documented");
    serde_json::from_str(json(body)?.get()).map_err(|_| nonsense())
}

/// All that can be understood.
fn tolerant<T: DeserializeOwned>(rows: &[&RawValue]) -> Vec<T> {
    let rows = rows.iter();
    rows.filter_map(|row| serde_json::from_str(row.get()).ok())
        .collect()
}

impl Bookings for PetitMonde {
    fn search<'a>(&'a self, query: &'a SearchQuery) -> Asked<'a, SearchPage> {
        Box::pin(self.find(query))
    }

    fn place(&self, location_id: &str) -> Option<Location> {
        self.places.of(location_id)
    }

    fn book<'a>(&'a self, request: &'a BookingRequest, key: &'a str) -> Tried<'a, Booking> {
        Box::pin(self.made_by(&BOOKINGS, key, request, Purpose::Making))
    }

    fn booking<'a>(&'a self, id: &'a str) -> Asked<'a, Booking> {
        Box::pin(self.follow(id))
    }

    fn made(&self, from: Instant, until: Instant, purpose: Purpose) -> Asked<'_, Vec<Booking>> {
        Box::pin(self.list((from, until), purpose))
    }

    fn cancel<'a>(
        &'a self,
        id: &'a str,
        cancellation: &'a Cancellation,
        key: &'a str,
    ) -> Tried<'a, Booking> {
        Box::pin(async move {
            let path = [&BOOKINGS[..], &[id, "cancel"]].concat();
            self.made_by(&path, key, cancellation, Purpose::Person)
                .await
        })
    }

    fn usage(&self) -> Asked<'_, Usage> {
        Box::pin(self.quota())
    }

    fn group<'a>(&'a self, id: &'a str, purpose: Purpose) -> Asked<'a, Group> {
        Box::pin(self.one_group(id, purpose))
    }

    fn mint<'a>(
        &'a self,
        group_id: &'a str,
        asked: &'a BulkTokens,
        key: &'a str,
    ) -> Tried<'a, MadeTokens> {
        Box::pin(async move {
            let path = [&GROUPS[..], &[group_id, "tokens", "bulk"]].concat();
            self.made_by(&path, key, asked, Purpose::Making).await
        })
    }
}
