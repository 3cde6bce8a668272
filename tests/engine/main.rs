//! The engine crate through its public API: scenarios, hostile inputs with their work counted, random and
//! systematic mutations, and an independent decoder beside ours. One file touches the API: `edge`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

mod cases;
mod change;
mod counterfactual;
mod edge;
mod hostile;
mod mutation;
mod oracle;
mod scenario;
