//! What the component makes of status information: the full decision table, its rules as properties, every attack
//! case on OCSP and CRLs, and the evidence that Common Criteria evaluators ask for about revocation. All of it goes
//! through the component; one file, `edge`, touches its contract.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: what goes wrong must stop the test"
)]

mod edge;
mod family;
mod decision_table;
mod ocsp;
mod ocsp_signer;
mod crl;
mod common_criteria;
mod silenced;
mod periodic;
mod expiry;
mod property;
