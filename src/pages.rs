//! One folder a tab, one module an address. Pages don't know each other.

pub mod account;
pub mod bookings;
pub mod chargers;
pub mod desk;
pub mod door;
pub mod groups;
pub mod guest;
pub mod home;
pub mod not_found;
#[cfg(debug_assertions)]
pub mod pieces;
pub mod sessions;
