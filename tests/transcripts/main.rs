//! Runs what README.md shows and compares it with what README.md says, and holds the JSON outputs to their
//! schemas. It judges no certificate itself.

mod command;
mod output;
mod readme;
mod transcript;
