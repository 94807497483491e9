//! Documents that people keep: receipts as PDF, and many of them at once.
//!
//! - [`receipt`]: what a receipt says, and how it lies on the page.
//! - [`words`]: its sentences. [`mod@format`]: its amounts and dates.
//! - [`sheet`]: pages and their structure for screen readers. [`text`]: lines of
//!   any script. [`fonts`]: what they are written with. [`colour`]: readable colours.
//! - [`charges`]: the lines of a cost. [`press`]: so many receipts at a time.
//! - [`csv`]: tables for spreadsheets. [`zip`]: many files as one.
//!
//! What somebody typed is only ever text: there is no template it could break
//! out of.

pub mod charges;
pub mod colour;
pub mod csv;
pub mod fonts;
pub mod format;
pub mod press;
pub mod receipt;
pub mod sheet;
pub mod text;
pub mod words;
pub mod zip;
