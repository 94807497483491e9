//! Everything that was booked on some groups' accounts, read a page at a time.

use portal_api::{petit_monde::booking::Booking, time::Instant};
use sqlx::AnyConnection;

use crate::embedded::{Store, bookings::reading::Stored};

/// So many bookings are read at a time.
const PAGE: i64 = 500;

/// A walk through the bookings of some groups that were made in a time, the oldest
/// first.
#[derive(Debug)]
pub struct Walk {
    store: Store,
    /// Those that are still to come, the next one last.
    groups: Vec<String>,
    from: Instant,
    before: Instant,
    /// The last one that was read of the next group.
    after: (i64, String),
}

impl Walk {
    /// At its beginning.
    pub fn new(store: Store, mut groups: Vec<String>, from: Instant, before: Instant) -> Self {
        groups.reverse();
        Self {
            store,
            groups,
            from,
            before,
            after: (0, String::new()),
        }
    }

    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<Booking>>, sqlx::Error> {
        while let Some(group_id) = self.groups.last() {
            let mut reader = self.store.readers().acquire().await?;
            let page = self.page(&mut reader, group_id).await?;
            match page.last() {
                Some(last) => {
                    let created = last.created_at.map_or(i64::MAX, Instant::millis);
                    self.after = (created, last.id.clone());
                    return Ok(Some(page));
                }
                None => {
                    self.groups.pop();
                    self.after = (0, String::new());
                }
            }
        }
        Ok(None)
    }

    async fn page(
        &self,
        reader: &mut AnyConnection,
        group_id: &str,
    ) -> Result<Vec<Booking>, sqlx::Error> {
        let rows: Vec<Stored> = sqlx::query_as(
            "select * from bookings_told where group_id = $1 and created_at >= $2
                and created_at < $3 and (created_at, id) > ($4, $5)
                order by created_at, id limit $6",
        )
        .bind(group_id)
        .bind(self.from.millis())
        .bind(self.before.millis())
        .bind(self.after.0)
        .bind(&self.after.1)
        .bind(PAGE)
        .fetch_all(reader)
        .await?;
        Ok(rows.iter().map(Stored::told).collect())
    }
}

/// The groups that somebody looks after, by name.
pub async fn looked_after(
    reader: &mut AnyConnection,
    person_id: &str,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select g.id from group_members m join groups g on g.id = m.group_id
            where m.person_id = $1 and m.admin = 1 order by g.name, g.id",
    )
    .bind(person_id)
    .fetch_all(reader)
    .await
}
