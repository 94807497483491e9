//! The portal: what people who charge electric cars see.
//!
//! - [`app`]: contexts, router, frame; [`routes`]: every link inside the portal.
//! - [`pages`]: one module per address, grouped by tab. Pages don't know each other.
//! - [`components`]: pieces that know a session or who is signed in.
//! - [`ui`]: pieces any site could use; text comes in as props.
//! - [`state`]: what outlives a page.
//! - [`client`]: the only place that speaks HTTP.
//! - [`mod@format`]: money, energy and time as text, by the browser's `Intl`.
//! - [`run`]: effects and tasks.
//! - [`i18n`]: every sentence, and how a problem is said.
//!
//! Arrows go one way: `app → pages → components → ui`, all of them to `state`,
//! `client`, `format` and `i18n`; `tests/architecture.rs` holds this.

pub mod app;
mod boot;
pub mod client;
pub mod components;
pub mod format;
pub mod i18n;
pub mod json;
pub mod pages;
pub mod routes;
pub mod run;
pub mod state;
pub mod ui;

pub use app::start;
