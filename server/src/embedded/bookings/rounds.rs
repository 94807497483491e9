//! What is done about bookings without being asked.

use super::{reading, steps::soon};
use crate::embedded::charging::Charging;

/// So many seconds a charge point that said no is left alone.
const ASK_AGAIN: i64 = 15;

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
        let now = self.now();
        // Those at whose charge point there is nothing to do now are left out.
        let due: Vec<String> = sqlx::query_scalar(
            "select b.id from bookings b left join reservations r on r.id = b.cpo_reservation_id
                join connectors_shown n
                    on n.charge_point_id = b.charge_point_id and n.connector = b.connector
                where b.status = 'CONFIRMED' and b.starts_at <= $1 and (b.ends_at <= $2
                    or (n.state = 'available' and (r.id is null
                            or (r.stage = 'over' and r.updated_at <= $3))
                        and not exists (select 1 from reservations o
                            where o.charge_point_id = b.charge_point_id
                                and o.connector = b.connector and o.stage <> 'over')))
                order by b.starts_at",
        )
        .bind(soon(now).millis())
        .bind(now.millis())
        .bind(now.plus_seconds(-ASK_AGAIN).millis())
        .fetch_all(self.store().readers())
        .await?;
        for id in due {
            noted(self.begin_or_end_booking(&id).await);
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

    async fn begin_or_end_booking(&self, id: &str) -> Result<(), sqlx::Error> {
        let mut work = self.begin().await?;
        let Some(stored) = reading::one(&mut work.write, id).await? else {
            return Ok(());
        };
        if stored.window().1 <= work.now {
            work.lapse(&stored).await?;
        } else {
            work.hold_for(&stored).await?;
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
