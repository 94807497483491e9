//! What is said to a booking that was asked for.

use super::{
    opening::is_closed,
    plugs::{self, Plug},
    reading::{self, Stored},
    steps::Change,
};
use crate::{
    embedded::{Write, charging::Work},
    ids,
};
use portal_api::{
    petit_monde::booking::BookingStatus, portal::bookings::BookingTrouble, time::Instant,
};

impl Work {
    /// The operator is asked: that is us.
    pub(in crate::embedded) async fn ask(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let (from, to) = (BookingStatus::Requested, BookingStatus::Pending);
        let change = Change::default();
        self.turn(id, &from, &to, &change).await.map(drop)
    }

    /// Says yes to a booking, or why not.
    pub(in crate::embedded) async fn answer(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let Some(stored) = reading::one(&mut self.write, id).await? else {
            return Ok(());
        };
        let place = (&stored.charge_point_id[..], stored.connector);
        let plug = plugs::at(&mut self.write, place).await?;
        let trouble = trouble(&mut self.write, &stored, plug.as_ref(), self.now).await?;
        let reservation = ids::new_id("rsv").map_err(|_| sqlx::Error::WorkerCrashed)?;
        let to = match trouble {
            None => BookingStatus::Confirmed,
            Some(BookingTrouble::NoTariff | BookingTrouble::TooLate) => BookingStatus::Failed,
            Some(_) => BookingStatus::Rejected,
        };
        let change = Change {
            trouble: trouble.as_ref(),
            reservation: trouble.is_none().then_some(&reservation),
            ..Change::default()
        };
        let from = BookingStatus::Pending;
        self.turn(id, &from, &to, &change).await.map(drop)
    }
}

/// Why a plug cannot be kept for a booking.
async fn trouble(
    write: &mut Write,
    stored: &Stored,
    plug: Option<&Plug>,
    now: Instant,
) -> Result<Option<BookingTrouble>, sqlx::Error> {
    let Some(plug) = plug else {
        return Ok(Some(BookingTrouble::Unavailable));
    };
    let said = match plug.state.as_deref() {
        Some("faulted") => Some(BookingTrouble::Faulted),
        Some("unavailable") => Some(BookingTrouble::Unavailable),
        _ if !plug.takes_holds => Some(BookingTrouble::Unsupported),
        _ if plug.tariff.is_none() => Some(BookingTrouble::NoTariff),
        _ if stored.window().1 <= now => Some(BookingTrouble::TooLate),
        _ => None,
    };
    if said.is_some() {
        return Ok(said);
    }
    let closed = is_closed(write, plug, stored.window()).await?;
    Ok(closed.then_some(BookingTrouble::Closed))
}
