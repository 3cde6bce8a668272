//! The log: one line for each event on standard error, for people or as JSON. What is in an event is chosen where it
//! happens; control characters are escaped there and by the formats.

use std::io::IsTerminal;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Log, LogFormat, LogLevel};

/// Begins to write. A second call changes nothing.
pub fn start(log: Log) {
    let level = match log.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    // what libraries say is left out: nobody here chose what is in it, and it may be what a query was asked with
    let ours =
        tracing_subscriber::registry().with(Targets::new().with_target(env!("CARGO_CRATE_NAME"), level));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    // that somebody else writes already is no reason to fail
    let _started = match log.format {
        LogFormat::Json => ours.with(lines.json().flatten_event(true)).try_init(),
        LogFormat::Text => ours.with(lines.with_ansi(std::io::stderr().is_terminal())).try_init(),
    };
}
