//! Whoever leaves a group leaves what they booked on its account: it is given up.

use portal_api::{
    petit_monde::booking::{Booking, Cancellation},
    portal::bookings::BookingTrouble,
};

use super::{reading, rounds::noted, steps::Change};
use crate::embedded::{
    charging::{Charging, Work},
    groups::members,
};

/// What a real Petit Monde is told why a booking is given up for its driver.
pub fn cancellation() -> Cancellation {
    Cancellation {
        reason: Some(BookingTrouble::LeftGroup.as_str().to_owned()),
    }
}

/// That a booking was given up for its driver, if it was.
pub(super) fn trouble(told: &Booking) -> Option<BookingTrouble> {
    let reason = told.cancel_reason.as_deref().map(BookingTrouble::of_word);
    reason.filter(|reason| *reason == BookingTrouble::LeftGroup)
}

impl Charging {
    /// Gives up what those booked on a group's account who left it. What a real Petit Monde
    /// was asked for is asked for next: whoever follows it gives it up there.
    pub async fn give_up_after_leaving(&self) -> Result<(), sqlx::Error> {
        let left: Vec<(String, String)> =
            sqlx::query_as("select group_id, person_id from group_leavers")
                .fetch_all(self.store().readers())
                .await?;
        for (group_id, person_id) in left {
            noted(self.give_up_of(&group_id, &person_id).await);
        }
        Ok(())
    }

    async fn give_up_of(&self, group_id: &str, person_id: &str) -> Result<(), sqlx::Error> {
        let mut work = self.begin().await?;
        let taken = sqlx::query("delete from group_leavers where group_id = $1 and person_id = $2")
            .bind(group_id)
            .bind(person_id)
            .execute(&mut *work.write)
            .await?;
        if taken.rows_affected() == 1
            && members::is_admin(&mut work.write, group_id, person_id)
                .await?
                .is_none()
        {
            work.call_off_all(group_id, person_id).await?;
            sqlx::query(
                "update bookings_elsewhere set ask_at = $3
                    where group_id = $1 and booker_id = $2 and closed = 0 and ask_at > $3",
            )
            .bind(group_id)
            .bind(person_id)
            .bind(work.now.millis())
            .execute(&mut *work.write)
            .await?;
        }
        work.commit().await
    }
}

impl Work {
    async fn call_off_all(&mut self, group_id: &str, person_id: &str) -> Result<(), sqlx::Error> {
        // All at once: whoever else changes one of them has it before the group's money.
        let open: Vec<String> = sqlx::query_scalar(
            "update bookings set updated_at = updated_at where group_id = $1 and booker_id = $2
                and status in ('REQUESTED', 'PENDING', 'CONFIRMED') and ends_at > $3
                returning id",
        )
        .bind(group_id)
        .bind(person_id)
        .bind(self.now.millis())
        .fetch_all(&mut *self.write)
        .await?;
        for id in open {
            let Some(stored) = reading::one(&mut self.write, &id).await? else {
                continue;
            };
            let change = Change {
                trouble: Some(&BookingTrouble::LeftGroup),
                reason: Some(BookingTrouble::LeftGroup.as_str()),
                ..Change::default()
            };
            self.call_off(&stored, change).await?;
        }
        Ok(())
    }
}
