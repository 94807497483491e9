//! Booking ahead.
//!
//! - [`search`]: where a plug can be booked. `estimate`: what that would cost. [`plugs`]:
//!   one plug, and on what terms. [`options`]: how somebody can book it.
//! - [`asking`]: a booking is made (`payers`: with whose token) and given up. [`steps`]: what
//!   becomes of it, with `letters`; `answering`: whether it is confirmed (`opening`: whether
//!   one can get in); `rounds`: what is done without being asked; [`leaving`]: what somebody
//!   leaves with a group. [`reading`]: what is told of it. [`guests`]: tokens and links that
//!   are made for one booking.
//! - [`elsewhere`]: what is remembered of bookings at a real Petit Monde.
//!
//! A booking is confirmed by the server itself, and becomes a hold at the charge point
//! shortly before it begins. All of that stands in the store: whatever breaks off is taken
//! up again.

mod answering;
pub mod asking;
pub mod elsewhere;
pub(in crate::embedded) mod estimate;
pub mod guests;
pub mod leaving;
mod letters;
mod most;
mod opening;
pub mod options;
mod payers;
pub mod plugs;
pub mod reading;
mod rounds;
pub mod search;
pub mod steps;
