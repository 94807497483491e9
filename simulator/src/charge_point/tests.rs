//! What a charge point says to whom, and when.

mod charges;
mod holds;
mod line;
mod stage;
