//! What the portal and its server say to each other, and the rules that both
//! must agree on.
//!
//! - [`dynamo`]: the wire shapes of Dynamo CSMS, the system of sessions.
//! - [`petit_monde`]: those of Petit Monde, the system of bookings and fleet groups.
//! - [`bill`]: what is odd about a bill, checked by both sides.
//! - [`portal`]: the shapes of our own paths under `/api/portal`.
//! - [`path`]: every path, written once for both sides.
//! - [`problem`]: how our own paths say no.
//! - [`decimal`], [`money`], [`time`]: exact numbers, amounts, instants and days.
//!
//! Reading is tolerant (an unknown value never breaks a page), writing strict.

pub mod bill;
pub mod csv;
pub mod decimal;
pub mod dynamo;
pub mod language;
pub mod money;
pub mod path;
pub mod petit_monde;
pub mod portal;
pub mod problem;
pub mod query;
pub mod time;
mod word;
