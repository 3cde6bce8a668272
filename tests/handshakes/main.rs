//! Who is let in over TLS: programs with rustls and our verifiers, and nginx that asks `assayer serve`. Real handshakes on
//! the loopback interface, certificates by `openssl`, and `openssl ocsp` as the responder that they name.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

#[path = "../hosts/fault.rs"]
#[expect(dead_code, reason = "the tests beside it use the rest")]
mod fault;
#[path = "../peers/authority.rs"]
#[expect(dead_code, reason = "the tests beside it use the rest")]
mod authority;
#[path = "../peers/responder.rs"]
mod responder;
#[path = "../server/client.rs"]
mod client;
#[path = "../server/contract.rs"]
mod contract;
#[path = "../storage/postgres.rs"]
mod postgres;
#[path = "../server/process.rs"]
#[expect(dead_code, reason = "the tests beside it use the rest")]
mod process;
mod realm;
mod shake;
mod matrix;
mod shown;
mod waiting;
mod front;
mod nginx;
mod envoy;
mod overload;
