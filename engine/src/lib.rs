//! Assayer's engine: it decides whether a certificate may be trusted, and says why. It never fetches, reads
//! a clock, draws random numbers or logs.
//!
//! Modules stand in the order of the decision, and each imports only from those above it.

pub mod oid;
pub mod time;
pub mod der;
pub mod budget;
pub mod finding;
pub mod settings;
pub mod certificate;
pub mod signature;
pub mod trust;
pub mod path;
