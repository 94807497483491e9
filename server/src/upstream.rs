//! The real systems: credentials, paging, retries, their quirks.
//!
//! - [`client`]: one careful way to ask any of them. `gate`: when not to ask.
//! - [`dynamo`]: Dynamo's billing sessions as a driver's sessions.
//! - [`petit_monde`]: Petit Monde's bookings, searches and groups.

pub mod client;
pub mod dynamo;
mod gate;
pub mod petit_monde;
mod retry_after;
