//! Bookings by when they were made. Petit Monde gives a hundred at a time at most and
//! doesn't say how many there are, so it is asked until nothing new comes.

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use portal_api::{petit_monde::booking::Booking, time::Instant};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::{sleep, timeout};

use super::{BOOKINGS, PetitMonde, read};
use crate::provider::{Failure, meter::Purpose};

/// The most that Petit Monde gives at once.
const MOST_ROWS: usize = 100;

/// The longest that reading all pages may take where nobody waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// The same where somebody is sent a table meanwhile: many minutes' calls go into it.
const PATIENCE_OF_TABLE: Duration = Duration::from_secs(5 * 60);

/// The longest wait for more calls, in seconds, that is worth it: a minute's, not a month's.
const LONGEST_WAIT: u64 = 90;

/// How often it is tried again whether a call is left.
const AGAIN: Duration = Duration::from_secs(1);

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    bookings: Vec<&'a RawValue>,
}

impl PetitMonde {
    /// All of a time, the first and the last moment included.
    pub(super) async fn list(
        &self,
        window: (Instant, Instant),
        purpose: Purpose,
    ) -> Result<Vec<Booking>, Failure> {
        let patience = match purpose {
            Purpose::Table => PATIENCE_OF_TABLE,
            _ => PATIENCE,
        };
        let pages = self.all_pages(window, purpose);
        timeout(patience, pages)
            .await
            .map_err(|_| Failure::TimedOut)?
    }

    async fn all_pages(
        &self,
        window: (Instant, Instant),
        purpose: Purpose,
    ) -> Result<Vec<Booking>, Failure> {
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        let mut offset = 0;
        loop {
            let body = self.page(window, offset, purpose).await?;
            let page: Page<'_> = read(&body)?;
            let (rows, before) = (page.bookings.len(), seen.len());
            for row in page.bookings {
                // One that was made meanwhile shifts the rest.
                if !seen.insert(known_by(row)) {
                    continue;
                }
                match booking(row) {
                    Ok(booking) => all.push(booking),
                    // Somebody else's row is no reason to lose sight of a booking.
                    Err(_) if purpose == Purpose::Following => {}
                    Err(failure) => return Err(failure),
                }
            }
            if rows < MOST_ROWS {
                return Ok(all);
            }
            if seen.len() == before {
                return Err(Failure::Nonsense("it gives the same page again"));
            }
            offset += rows;
        }
    }

    async fn page(
        &self,
        (from, until): (Instant, Instant),
        offset: usize,
        purpose: Purpose,
    ) -> Result<Vec<u8>, Failure> {
        let parameters = [
            ("from_date", from.to_string()),
            ("to_date", until.to_string()),
            ("limit", MOST_ROWS.to_string()),
            ("offset", offset.to_string()),
        ];
        loop {
            let page = self.client.get_for(&BOOKINGS, &parameters, purpose);
            match page.await {
                // A minute's calls are used up: the next minute has others.
                Err(Failure::Unavailable { retry_after } | Failure::Limited { retry_after })
                    if purpose == Purpose::Table && retry_after <= LONGEST_WAIT =>
                {
                    sleep(AGAIN).await;
                }
                page => return page,
            }
        }
    }
}

/// By what a row is known that comes again: its id, or else all of it.
fn known_by(row: &RawValue) -> String {
    #[derive(Deserialize)]
    struct Known {
        id: String,
    }
    let known = serde_json::from_str::<Known>(row.get());
    known.map_or_else(|_| row.get().to_owned(), |known| known.id)
}

/// A booking, without those of its fields that make no sense: a table says of it what is
/// known.
fn booking(row: &RawValue) -> Result<Booking, Failure> {
    if let Ok(booking) = serde_json::from_str(row.get()) {
        return Ok(booking);
    }
    tracing::warn!(event = "booking_unreadable");
    let nonsense = |_| Failure::Nonsense("a booking is not as documented");
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(row.get()).map_err(nonsense)?;
    let nothing = r#""""#;
    let mut known = BTreeMap::from([("id", nothing), ("status", nothing)]);
    for (name, value) in &fields {
        let before = known.insert(name, value.get());
        if serde_json::from_str::<Booking>(&object(&known)).is_err() {
            match before {
                Some(before) => known.insert(name, before),
                None => known.remove(&name[..]),
            };
        }
    }
    serde_json::from_str(&object(&known)).map_err(nonsense)
}

fn object(fields: &BTreeMap<&str, &str>) -> String {
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| format!("{}:{value}", serde_json::Value::from(*name)));
    let fields: Vec<_> = fields.collect();
    ["{", &fields.join(","), "}"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_row(text: &str) -> Result<Booking, Failure> {
        booking(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn of_a_row_with_odd_fields_the_others_are_known() {
        let odd = r#"{ "id": 7, "status": null, "created_at": "yesterday", "external_id": "x",
            "client_price": 14.305, "client_price_currency": "euros",
            "fleet_group_id": "group_1", "sur\"prise": {} }"#;
        let booking = read_row(odd).unwrap();
        assert_eq!((&booking.id[..], booking.status.as_str()), ("", ""));
        assert_eq!(booking.fleet_group_id.as_deref(), Some("group_1"));
        assert_eq!(booking.external_id.as_deref(), Some("x"));
        assert_eq!(booking.client_price, Some("14.305".parse().unwrap()));
        assert_eq!(
            (booking.client_price_currency, booking.created_at),
            (None, None)
        );
    }

    #[test]
    fn what_is_no_booking_at_all_is_not_passed_over() {
        for row in ["7", "null", "\"a booking\"", "[]"] {
            assert!(matches!(read_row(row), Err(Failure::Nonsense(_))), "{row}");
        }
    }
}
