//! The booking that begins next.

use leptos::prelude::*;
use portal_api::{petit_monde::booking::Booking, time::Instant};

use super::{StatusChip, place, window_of};
use crate::{
    client::{self, Problem},
    i18n::words,
    routes,
};

/// Among so many of the newest bookings the next one is looked for.
const NEWEST: u32 = 50;

/// The booking of whoever is signed in that begins next. Where nobody books there is none.
pub async fn next(now: Instant) -> client::Result<Option<Booking>> {
    match client::bookings::bookings(None, NEWEST, 0).await {
        Ok(answer) => Ok(first(answer.value.bookings, now)),
        Err(Problem::Missing | Problem::Refused { .. }) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The first of those that are still to come, or under way.
fn first(bookings: Vec<Booking>, now: Instant) -> Option<Booking> {
    let coming = |booking: &Booking| {
        !booking.status.is_over() && booking.reservation_end.is_some_and(|end| end > now)
    };
    let coming = bookings.into_iter().filter(coming);
    coming.min_by_key(|booking| booking.reservation_start)
}

/// A card with it, which leads to its page.
#[component]
pub fn NextBooking(
    /// The booking.
    booking: Booking,
) -> impl IntoView {
    view! {
        <section class="card" aria-label=words::booking_next()>
            <a class="booking-next" href=routes::booking(&booking.id)>
                <span class="booking-next-name">{words::booking_next()}</span>
                <span class="booking-next-place">{place(&booking)}</span>
                <span class="booking-next-when">{window_of(&booking)}</span>
                <StatusChip status=booking.status />
            </a>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booking(id: &str, status: &str, from: &str, to: &str) -> Booking {
        let text = format!(
            r#"{{ "id": "{id}", "status": "{status}",
                "reservation_start": "2026-05-{from}:00Z", "reservation_end": "2026-05-{to}:00Z" }}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn the_next_one_is_not_over_and_begins_before_all_others() {
        let all = vec![
            booking("late", "CONFIRMED", "16T06:00", "16T07:00"),
            booking("given up", "CANCELLED", "14T08:00", "14T09:00"),
            booking("next", "PENDING", "15T06:00", "15T07:00"),
            booking("gone", "CONFIRMED", "13T06:00", "13T07:00"),
        ];
        let now = "2026-05-14T06:00:00Z".parse().unwrap();
        assert_eq!(first(all.clone(), now).unwrap().id, "next");
        let end = "2026-05-17T06:00:00Z".parse().unwrap();
        assert_eq!(first(all, end), None);
    }
}
