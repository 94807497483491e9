//! Disputes that the real system decides: announced before they are sent, so
//! that a crash between its answer and ours loses none.

use portal_api::dynamo::dispute::{Dispute, DisputeStatus};

use super::{Filing, Life, Undone, steps::System};
use crate::ids;

/// How many seconds one try to send it may take, at the very most.
pub const ATTEMPT: i64 = 20;

/// A dispute that is about to be sent.
#[derive(Clone, Debug)]
pub struct Announced {
    /// Prefix `disp_`; the same when the same is sent again.
    pub id: String,
    /// Whether it was sent before and may have arrived.
    pub again: bool,
}

impl Life<'_> {
    /// Writes down that a dispute is about to be sent.
    pub async fn announce(&mut self, filing: &Filing<'_>) -> Result<Announced, Undone> {
        let before: Option<(String, i64, String, Option<i64>)> = sqlx::query_as(
            "select id, changed_at, reason, expected_minor from disputes
                where session_id = $1 and person_id = $2 and status = 'unconfirmed'",
        )
        .bind(&filing.session.session_id)
        .bind(filing.person_id)
        .fetch_optional(&mut **self.write)
        .await?;
        let mut announced = Announced {
            id: ids::new_id("disp")?,
            again: before.is_some(),
        };
        if let Some((id, tried_at, reason, expected)) = before {
            let left = tried_at + ATTEMPT * 1_000 - self.now.millis();
            if left > 0 {
                let left = u64::try_from(left).unwrap_or(0);
                return Err(Undone::UnderWay(left.div_ceil(1_000)));
            }
            let same = reason == filing.request.reason
                && expected == filing.expected.map(|money| money.minor);
            if !same {
                // What may have arrived is what was said first.
                return Err(Undone::AlreadyDisputed);
            }
            self.withdraw(&id).await?;
            announced.id = id;
        }
        if self.put(&announced.id, filing, System::Upstream).await? {
            Ok(announced)
        } else {
            // Somebody was faster.
            Err(Undone::UnderWay(ATTEMPT.unsigned_abs()))
        }
    }

    /// It has arrived.
    pub async fn confirm(
        &mut self,
        id: &str,
        upstream_id: Option<&str>,
        status: &DisputeStatus,
    ) -> Result<Dispute, Undone> {
        let done = sqlx::query(
            "update disputes set status = $2, upstream_id = $3, changed_at = $4
                where id = $1 and status = 'unconfirmed'",
        )
        .bind(id)
        .bind(status.as_str())
        .bind(upstream_id)
        .bind(self.now.millis())
        .execute(&mut **self.write)
        .await?;
        if done.rows_affected() == 0 {
            return Err(Undone::NotFound);
        }
        self.filed(id).await?;
        self.told(id).await
    }

    /// It was refused: there is none.
    pub async fn withdraw(&mut self, id: &str) -> Result<(), Undone> {
        sqlx::query("delete from disputes where id = $1 and status = 'unconfirmed'")
            .bind(id)
            .execute(&mut **self.write)
            .await?;
        Ok(())
    }
}
