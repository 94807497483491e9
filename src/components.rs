//! Pieces that know a session, a dispute, a problem, or who is signed in.

pub mod chunk;
pub mod cost;
pub mod dispute;
pub mod download;
pub mod findings;
pub mod frame;
pub mod kept;
pub mod loaded;
pub mod messages;
pub mod outbox;
pub mod session_row;
pub mod trouble;
