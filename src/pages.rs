//! One folder a tab, one module an address. Pages don't know each other.

pub mod account;
pub mod door;
pub mod home;
pub mod not_found;
pub mod sessions;
