//! Holds at a real Dynamo, which knows drivers by their tags only.

use std::{cmp::Reverse, pin::Pin};

use portal_api::dynamo::reservation::{Reservation, ReservationRequest};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Dynamo, is_plain};
use crate::{
    provider::{Asked, Failure, Reservations, Unfiled},
    upstream::client::json,
};

const PATH: [&str; 3] = ["api", "v1", "reservations"];

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default, alias = "reservations")]
    data: Vec<&'a RawValue>,
}

impl Dynamo {
    async fn reserve_of(
        &self,
        request: &ReservationRequest,
        key: &str,
    ) -> Result<Reservation, Unfiled> {
        let json = serde_json::to_vec(request)
            .map_err(|_| Unfiled::Refused(Failure::Nonsense("no request can be made of it")))?;
        let body = self.client.post(&PATH, key, json).await?;
        // It was done, whatever it says.
        serde_json::from_slice(&body)
            .map_err(|_| Unfiled::Unsure(Failure::Nonsense("it is no reservation")))
    }

    async fn reservations_of(&self, id_tags: &[String]) -> Result<Vec<Reservation>, Failure> {
        let body = self.client.get(&PATH, &[]).await?;
        let rows: Envelope = serde_json::from_str(json(&body)?.get())
            .map_err(|_| Failure::Nonsense("it has no list of reservations"))?;
        let read = |row: &&RawValue| serde_json::from_str::<Reservation>(row.get()).ok();
        let theirs = |one: &Reservation| {
            let mut tags = id_tags.iter();
            tags.any(|tag| tag.eq_ignore_ascii_case(&one.id_tag))
        };
        let mut all: Vec<_> = rows.data.iter().filter_map(read).filter(theirs).collect();
        all.sort_by_key(|one| Reverse((one.created_at, one.expires_at)));
        Ok(all)
    }

    async fn cancel_of(&self, id: &str) -> Result<(), Failure> {
        if !is_plain(id) {
            return Err(Failure::NotFound);
        }
        let path = [&PATH[..], &[id]].concat();
        match self.client.delete(&path).await {
            Ok(_) => Ok(()),
            Err(Unfiled::Refused(failure) | Unfiled::Unsure(failure)) => Err(failure),
        }
    }
}

impl Reservations for Dynamo {
    fn reserve<'a>(
        &'a self,
        request: &'a ReservationRequest,
        key: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Reservation, Unfiled>> + Send + 'a>> {
        Box::pin(self.reserve_of(request, key))
    }

    fn of_tags<'a>(&'a self, id_tags: &'a [String]) -> Asked<'a, Vec<Reservation>> {
        Box::pin(self.reservations_of(id_tags))
    }

    fn cancel<'a>(&'a self, id: &'a str) -> Asked<'a, ()> {
        Box::pin(self.cancel_of(id))
    }
}
