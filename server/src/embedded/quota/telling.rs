//! How a count stands: what is told of it, and what the system itself says.

use portal_api::{
    petit_monde::usage::{Period, Usage},
    time::Instant,
};

use super::{
    Quota, WINDOW,
    calendar::{month, next_month},
};
use crate::config::Allowance;

/// So many seconds lie between two looks at the system's own count of the month.
const BETWEEN_CHECKS: i64 = 6 * 60 * 60;

impl Quota {
    /// What is left, as Petit Monde tells it.
    pub async fn usage(&self) -> Result<Usage, sqlx::Error> {
        let mut reader = self.store.readers().acquire().await?;
        let now = self.clock.now();
        let row = self.row(&mut reader, now).await?;
        let minute = self.minute(&mut reader, now).await?;
        let Allowance { a_minute, a_month } = self.allowance;
        let told = row.and_then(|row| {
            let until = row.told_until.filter(|until| *until > now.millis());
            Some((row.told_left?, until?))
        });
        let ours = a_minute - minute.people - minute.following;
        let first = minute.first.unwrap_or(now.millis());
        let (left, reset) = match told {
            Some((left, until)) if left < ours => (left, until),
            _ => (ours, first + WINDOW * 1_000),
        };
        let calls = row.map_or(0, |row| row.calls);
        Ok(Usage {
            rate_limit: Some(Period {
                limit: a_minute,
                used: None,
                remaining: left.max(0),
                period: Some("minute".to_owned()),
                reset_at: Some(Instant::from_millis(reset)),
            }),
            quota: Some(Period {
                limit: a_month,
                used: Some(calls),
                remaining: (a_month - calls).max(0),
                period: Some("month".to_owned()),
                reset_at: Some(next_month(month(now))),
            }),
        })
    }

    /// Whether it is time to look at the system's own count of the month; of those who ask
    /// at once, one is told so.
    pub async fn is_to_be_checked(&self) -> Result<bool, sqlx::Error> {
        let now = self.clock.now();
        let latest = now.plus_seconds(-BETWEEN_CHECKS).millis();
        let checked: Option<i64> =
            sqlx::query_scalar("select checked_at from quotas where system = $1")
                .bind(self.system)
                .fetch_optional(self.store.readers())
                .await?;
        if checked.is_some_and(|checked| checked > latest) {
            return Ok(false);
        }
        let mut write = self.store.write().await?;
        self.locked(&mut write, now).await?;
        let due =
            sqlx::query("update quotas set checked_at = $2 where system = $1 and checked_at <= $3")
                .bind(self.system)
                .bind(now.millis())
                .bind(latest)
                .execute(&mut *write)
                .await?;
        write.commit().await?;
        Ok(due.rows_affected() == 1)
    }

    /// The system counts that many calls in this month: others may use the same key.
    pub async fn correct(&self, used: i64) -> Result<(), sqlx::Error> {
        let mut write = self.store.write().await?;
        let row = self.locked(&mut write, self.clock.now()).await?;
        let text = "update quotas set month = $2, calls = $3, following = $4 where system = $1";
        sqlx::query(text)
            .bind(self.system)
            .bind(row.month)
            .bind(row.calls.max(used))
            .bind(row.following)
            .execute(&mut *write)
            .await?;
        write.commit().await
    }
}
