//! The component beside the engine crate: what it is, that both say the same to the octet, and that nothing
//! given to the component makes it fail. And the host's arithmetic beside the engine's own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

mod ceiling;
mod component;
mod contract;
mod mutation;
mod same;
mod offer;
mod arithmetic;
mod vectors;
mod forged;
mod management;

#[path = "../engine/cases.rs"]
mod cases;

#[path = "../engine/change.rs"]
mod change;

#[path = "../engine/edge.rs"]
#[expect(dead_code, reason = "the engine's own tests need more of it")]
mod edge;
