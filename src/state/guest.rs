//! What a guest's link showed last, kept on the device: where cars are charged there may
//! be no network. It goes once it is over, and with every sign-out.

use portal_api::{portal::bookings::GuestBooking, time::Instant};
use serde::{Deserialize, Serialize};

use super::hint::storage;
use crate::json;

/// Where it is kept. What begins like a draft goes with a sign-out.
const KEY: &str = "draft guest";

#[derive(Deserialize, Serialize)]
struct Kept {
    secret: String,
    at: Instant,
    booking: GuestBooking,
}

/// Keeps what a link shows at a time.
pub fn keep(secret: &str, booking: &GuestBooking, at: Instant) {
    let kept = Kept {
        secret: secret.to_owned(),
        at,
        booking: booking.clone(),
    };
    if let (Some(storage), Ok(text)) = (storage(), json::write(&kept)) {
        // Where nothing can be kept the page itself still shows it.
        let _ = storage.set_item(KEY, &text);
    }
}

/// What a link showed last, and when.
pub fn kept(secret: &str) -> Option<(GuestBooking, Instant)> {
    let text = storage()?.get_item(KEY).ok().flatten()?;
    let kept: Kept = json::read(&text).ok()?;
    (kept.secret == secret).then_some((kept.booking, kept.at))
}

/// Forgets it.
pub fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}
