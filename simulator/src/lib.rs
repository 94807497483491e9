//! Charge points that behave like real ones, and misbehave on request: for the
//! demo, for the tests and to see what the server bears.
//!
//! - [`charge_point`]: one without a network; [`connector`], [`car`]: its parts.
//! - [`message`]: what it says and is told; [`wire`]: that in OCPP 1.6 and 2.0.1.
//! - [`link`]: its connection. [`fleet`]: many of them. [`control`]: orders as lines.
//! - [`demo`]: those of the demo data. [`server`]: where the server is.
//! - [`args`]: the command line. [`chance`], [`clock`]: as they say.

pub mod args;
pub mod car;
pub mod chance;
pub mod charge_point;
pub mod clock;
pub mod connector;
pub mod control;
pub mod demo;
pub mod fleet;
pub mod link;
pub mod message;
pub mod plan;
pub mod server;
pub mod wire;
