//! Runs what README.md shows and compares it with what README.md says, and holds the JSON outputs to their
//! schemas. It judges no certificate itself.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests: what goes wrong must stop the test")]

mod cases;
mod command;
mod output;
mod policy;
mod readme;
mod transcript;
