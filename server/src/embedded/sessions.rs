//! What was charged.
