//! How long a stand-in for another system may take.

use std::time::Duration;

use portal_server::upstream::client::Limits;

/// Longer than a busy machine stands still, so that none is taken for a system that is silent
/// or slow; short enough that a test can wait for an answer which never comes.
pub const LIMITS: Limits = Limits {
    connect: Duration::from_secs(7),
    answer: Duration::from_secs(7),
    budget: Duration::from_secs(8),
    backoff: Duration::from_millis(1),
    longest_answer: 2 * 1024 * 1024,
    at_once: 16,
};
