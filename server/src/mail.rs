//! Letters: what they say, and how they leave.
