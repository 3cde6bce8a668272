//! The host: everything with a side effect. No rule of RFC 5280 or of policy is written here.
//!
//! [`cli`] reads files and prints; [`component`] runs the engine, which decides; [`signature`] does arithmetic
//! for it.

pub mod cli;
pub mod component;
pub mod signature;
