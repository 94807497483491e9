//! How many plugs one driver may keep from the others ahead of time.

use portal_api::petit_monde::booking::{BookingRequest, TokenStrategy};

use super::{asking::Undone, elsewhere};
use crate::embedded::{charging::Work, people::Person};

impl Work {
    /// Refuses a booking with one's own token to whoever has as many as one may. A group's
    /// bookings are bounded by its money, and who books for guests does so for many.
    pub(super) async fn check_most(
        &mut self,
        person: &Person,
        request: &BookingRequest,
        most: i64,
    ) -> Result<(), Undone> {
        if request.strategy() != TokenStrategy::DriverToken {
            return Ok(());
        }
        let ours: i64 = sqlx::query_scalar(
            "select count(*) from bookings where booker_id = $1 and strategy = 'driver_token'
                and status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING') and ends_at > $2",
        )
        .bind(&person.id)
        .bind(self.now.millis())
        .fetch_one(&mut *self.write)
        .await?;
        let theirs = elsewhere::own_open(&mut self.write, &person.id, self.now).await?;
        if ours.saturating_add(theirs) >= most {
            return Err(Undone::Most);
        }
        Ok(())
    }
}
