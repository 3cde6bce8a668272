//! What is kept: one suite, run on the embedded SQLite and on a real PostgreSQL, which is started for it on a free
//! port and is gone when the tests end. Whether a certificate is good is of no interest here: most are a few octets.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

mod place;
mod postgres;
mod sample;
mod watched;
#[path = "../hosts/smtp.rs"]
#[expect(dead_code, reason = "tests of the message itself need more of it")]
mod smtp;
mod rechecked;
#[path = "../hosts/fault.rs"]
#[expect(dead_code, reason = "the tests of fetching use the rest")]
mod fault;
mod suite;
mod slices;
#[path = "../parity/management/sample.rs"]
#[expect(dead_code, reason = "tests of the component need more of it")]
mod planned;
mod embedded;
mod shared;
mod kill;
mod watch;
mod recheck;
mod command;
