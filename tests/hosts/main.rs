//! The server's parts beside servers that misbehave: the guarded fetcher, the loop around the engine, and alarms on
//! their way out.
//!
//! Nothing here leaves the machine: servers listen on free ports of the loopback interface, names are resolved by a
//! book of our own, and the fetcher's connect log shows that no other address was tried.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

mod fault;
mod setting;
mod address;
mod redirect;
mod body;
mod cache;
mod herd;
mod rounds;
mod tls;
mod syslog;
#[expect(dead_code, reason = "only tests of a whole server have to wait")]
mod smtp;
mod mail;
mod webhook;
