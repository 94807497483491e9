//! Pieces that know a session, a problem, or who is signed in.

pub mod chunk;
pub mod frame;
pub mod kept;
pub mod loaded;
pub mod messages;
pub mod session_row;
pub mod trouble;
