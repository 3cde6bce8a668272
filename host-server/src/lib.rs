//! The host: everything with a side effect, and no rule of RFC 5280 or of policy.
//!
//! [`cli`] reads files and prints; [`component`] runs the engine, which decides.

pub mod cli;
pub mod component;
