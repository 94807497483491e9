//! What became of a booking, said wherever somebody is in the portal.

use portal_api::{petit_monde::booking::BookingStatus, portal::events::BookingNews, time::Instant};

use super::place;
use crate::i18n::words;

/// So many seconds after it came to be something is news.
const NEW: i64 = 120;

/// What a driver is told of, if it has just come to be.
pub fn news(told: &BookingNews, now: Instant) -> Option<String> {
    let booking = &told.booking;
    let since = booking.status_updated_at?;
    if since.plus_seconds(NEW) < now {
        return None;
    }
    let place = place(booking);
    Some(match &booking.status {
        BookingStatus::Confirmed => words::booking_news_confirmed(&place),
        BookingStatus::Expired => words::booking_news_expired(&place),
        BookingStatus::NoShow => words::booking_news_no_show(&place),
        BookingStatus::Rejected => words::booking_news_rejected(&place),
        BookingStatus::Failed => words::booking_news_failed(&place),
        _ => return None,
    })
}
