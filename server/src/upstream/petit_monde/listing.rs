//! Bookings by when they were made. Petit Monde gives a hundred at a time at most and
//! doesn't say how many there are, so it is asked until nothing new comes.

use std::{collections::HashSet, time::Duration};

use portal_api::{petit_monde::booking::Booking, time::Instant};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::timeout;

use super::{BOOKINGS, PetitMonde, read, tolerant};
use crate::provider::{Failure, meter::Purpose};

/// The most that Petit Monde gives at once.
const MOST_ROWS: usize = 100;

/// The most pages that are read for one answer of ours.
const MOST_PAGES: usize = 50;

/// The longest that reading all pages may take.
const PATIENCE: Duration = Duration::from_secs(20);

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
        let pages = self.all_pages(window, purpose);
        timeout(PATIENCE, pages)
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
        for _ in 0..MOST_PAGES {
            let (page, rows) = self.page(window, offset, purpose).await?;
            let before = all.len();
            // One that was made meanwhile shifts the rest.
            let new = page.into_iter();
            all.extend(new.filter(|booking| seen.insert(booking.id.clone())));
            if rows < MOST_ROWS {
                return Ok(all);
            }
            if all.len() == before {
                return Err(Failure::Nonsense("it gives the same page again"));
            }
            offset += rows;
        }
        Err(Failure::Nonsense("it has more pages than anybody reads"))
    }

    /// A page, and how many rows it had.
    async fn page(
        &self,
        (from, until): (Instant, Instant),
        offset: usize,
        purpose: Purpose,
    ) -> Result<(Vec<Booking>, usize), Failure> {
        let parameters = [
            ("from_date", from.to_string()),
            ("to_date", until.to_string()),
            ("limit", MOST_ROWS.to_string()),
            ("offset", offset.to_string()),
        ];
        let body = match purpose {
            Purpose::Following => self.client.follow(&BOOKINGS, &parameters).await?,
            _ => self.client.get(&BOOKINGS, &parameters).await?,
        };
        let page: Page<'_> = read(&body)?;
        Ok((tolerant(&page.bookings), page.bookings.len()))
    }
}
