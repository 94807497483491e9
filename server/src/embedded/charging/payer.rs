//! Who pays for a charge that begins, and whether they can.

use portal_api::{portal::Payment, time::Instant};

use super::{Work, tags};
use crate::embedded::{
    bookings::{estimate, guests},
    groups::{self, Group, charges, limits},
    sites::Site,
    tariffs::Tariff,
};

/// Who pays for a charge, and how.
pub(super) struct Payer {
    pub person_id: String,
    pub payment: Payment,
    /// Whose limits count.
    group: Option<Group>,
}

impl Payer {
    /// Whoever the tag belongs to that was shown, or has booked for a guest who shows it.
    pub async fn of(
        work: &mut Work,
        place: (&str, i64),
        tag: &str,
        at: Instant,
    ) -> Result<Option<Self>, sqlx::Error> {
        let mut person_id = tags::owner(&mut work.write, tag).await?;
        if person_id.is_none() {
            let plug = (place.0, Some(place.1));
            person_id = guests::host(&mut work.write, tag, plug, at).await?;
        }
        let Some(person_id) = person_id else {
            return Ok(None);
        };
        let organisation: Option<String> =
            sqlx::query_scalar("select organisation_id from people where id = $1")
                .bind(&person_id)
                .fetch_one(&mut *work.write)
                .await?;
        let payment = match organisation {
            Some(_) => Payment::Organisation,
            None => Payment::Card,
        };
        Ok(Some(Self {
            group: groups::of_payer(&mut work.write, &person_id).await?,
            person_id,
            payment,
        }))
    }

    /// Of a group: sets aside what the charge usually costs, or what is left. Whether
    /// the charge may begin.
    pub async fn sets_aside(
        &self,
        work: &mut Work,
        session_id: &str,
        place: (&str, i64),
        terms: (&Site, &Tariff),
        at: Instant,
    ) -> Result<bool, sqlx::Error> {
        let Some(group) = &self.group else {
            return Ok(true);
        };
        let usual = estimate::usual(&mut work.write, place, terms, at).await?;
        let entry = terms.1.entry().map_or(0, |entry| entry.minor);
        charges::afford(&mut work.write, group, session_id, (usual, entry), at).await
    }

    /// Of a group: what was set aside is for this session, which there is now.
    pub async fn begins(&self, work: &mut Work, session_id: &str) -> Result<(), sqlx::Error> {
        if self.group.is_some() {
            limits::begun(&mut work.write, session_id, session_id).await?;
        }
        Ok(())
    }
}
