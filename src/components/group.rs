//! What is shown of a fleet group, wherever it is.

pub mod budget;
pub mod which;
