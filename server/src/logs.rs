//! The log, on standard error: one line an event, for people or for machines.
//! What somebody typed, and who they are, never stands in it.

use std::io::{IsTerminal, stderr};

use tracing::Level;
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::LogFormat;

/// Starts the log. A second start changes nothing.
pub fn start(format: LogFormat) {
    let ours = Targets::new()
        .with_default(Level::WARN)
        .with_target("portal_server", Level::INFO);
    let registry = tracing_subscriber::registry().with(ours);
    let started = match format {
        LogFormat::Json => registry
            .with(
                fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_target(false)
                    .with_span_list(false)
                    .with_writer(stderr),
            )
            .try_init(),
        LogFormat::Text => registry
            .with(
                fmt::layer()
                    .with_target(false)
                    .with_ansi(stderr().is_terminal())
                    .with_writer(stderr),
            )
            .try_init(),
    };
    // It was started before: the first one stays.
    drop(started);
    std::panic::set_hook(Box::new(|panic| {
        // Where, but not what: the message may quote what somebody sent.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(event = "panic", place);
    }));
}
