//! Real peers: `openssl ocsp` as the responder and `openssl ca` as the authority that issues CRLs, behind servers on
//! free ports of the loopback interface. Questions go the whole way: component, loop, guarded fetcher, responder.
//!
//! Everything is made in a directory of its own, and is gone when a test ends.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

#[path = "../hosts/fault.rs"]
#[expect(dead_code, reason = "the tests beside it use the rest")]
mod fault;
mod authority;
mod responder;
mod world;
mod ocsp;
mod crl;
mod faults;
mod management;
mod recheck;
