//! Pieces that know a session, a plug, a hold, a booking, a group, a dispute, a problem, or who is signed in.

pub mod booking;
pub mod calendar;
pub mod charging;
pub mod chunk;
pub mod cost;
pub mod dispute;
pub mod download;
pub mod findings;
pub mod frame;
pub mod group;
pub mod hold;
pub mod kept;
pub mod loaded;
pub mod messages;
pub mod more;
pub mod needs_network;
pub mod nothing_charged;
pub mod outbox;
pub mod sending;
pub mod session_row;
pub mod sign_out;
pub mod trouble;
pub mod unmatched;
pub mod windowed;
