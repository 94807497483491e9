//! What is done about bookings without being asked.

use super::{reading, steps::soon};
use crate::embedded::charging::Charging;

/// So many seconds a charge point that said no is left alone.
const ASK_AGAIN: i64 = 15;

/// So many seconds after a booking's time, and after it has connected again, a charge point
/// has told who charged there meanwhile. A broken connection is noticed sooner.
const TELLING: i64 = 5 * 60;

/// So many seconds after a booking's time nobody waits for its charge point any longer.
const LONGEST_WAIT: i64 = 24 * 3_600;

impl Charging {
    /// Takes every booking as far as it can go now.
    pub async fn go_on_with_bookings(&self) -> Result<(), sqlx::Error> {
        self.give_up_after_leaving().await?;
        let asked: Vec<String> = sqlx::query_scalar(
            "select id from bookings where status in ('REQUESTED', 'PENDING')
                order by created_at",
        )
        .fetch_all(self.store().readers())
        .await?;
        for id in asked {
            noted(self.answer_booking(&id).await);
        }
        self.hold_what_begins().await?;
        self.end_what_nobody_used().await
    }

    async fn hold_what_begins(&self) -> Result<(), sqlx::Error> {
        let now = self.now();
        // Those at whose charge point there is nothing to do now are left out.
        let due: Vec<String> = sqlx::query_scalar(
            "select b.id from bookings b left join reservations r on r.id = b.cpo_reservation_id
                join connectors_shown n
                    on n.charge_point_id = b.charge_point_id and n.connector = b.connector
                where b.status = 'CONFIRMED' and b.starts_at <= $1 and b.ends_at > $2
                    and n.state = 'available' and (r.id is null
                        or (r.stage = 'over' and r.updated_at <= $3))
                    and not exists (select 1 from reservations o
                        where o.charge_point_id = b.charge_point_id
                            and o.connector = b.connector and o.stage <> 'over')
                order by b.starts_at",
        )
        .bind(soon(now).millis())
        .bind(now.millis())
        .bind(now.plus_seconds(-ASK_AGAIN).millis())
        .fetch_all(self.store().readers())
        .await?;
        for id in due {
            noted(self.hold_booking(&id).await);
        }
        Ok(())
    }

    /// Where the charge point wasn't connected, somebody may have charged all the same, which
    /// it tells once it is.
    async fn end_what_nobody_used(&self) -> Result<(), sqlx::Error> {
        let now = self.now();
        let due: Vec<(String, i64)> = sqlx::query_as(
            "select b.id, case when p.server_id is not null and p.connected_at <= b.ends_at
                    then 1 else 0 end
                from bookings b join charge_points p on p.id = b.charge_point_id
                where b.status = 'CONFIRMED' and b.starts_at < $1 and b.ends_at <= $1
                    and (b.ends_at <= $2 or (p.server_id is not null and p.connected_at <= $1))
                order by b.starts_at",
        )
        .bind(now.plus_seconds(-TELLING).millis())
        .bind(now.plus_seconds(-LONGEST_WAIT).millis())
        .fetch_all(self.store().readers())
        .await?;
        for (id, was_there) in due {
            noted(self.end_booking(&id, was_there == 1).await);
        }
        Ok(())
    }

    /// Two steps, each for itself: whoever looks sees both.
    async fn answer_booking(&self, id: &str) -> Result<(), sqlx::Error> {
        let mut work = self.begin().await?;
        work.ask(id).await?;
        work.commit().await?;
        let mut work = self.begin().await?;
        work.answer(id).await?;
        work.commit().await
    }

    async fn hold_booking(&self, id: &str) -> Result<(), sqlx::Error> {
        let mut work = self.begin().await?;
        if let Some(stored) = reading::one(&mut work.write, id).await? {
            work.hold_for(&stored).await?;
        }
        work.commit().await
    }

    async fn end_booking(&self, id: &str, was_there: bool) -> Result<(), sqlx::Error> {
        let mut work = self.begin().await?;
        if let Some(stored) = reading::one(&mut work.write, id).await? {
            work.lapse(&stored, was_there).await?;
        }
        work.commit().await
    }
}

/// One that cannot go on must not hold up the others.
pub(super) fn noted(done: Result<(), sqlx::Error>) {
    if let Err(error) = done {
        tracing::error!(event = "booking_failed", %error);
    }
}
