//! The host: everything with a side effect. No rule of RFC 5280 or of policy is written here.
//!
//! [`cli`] reads files and prints; [`component`] runs the engine, which decides; [`fetch`] gets what it needs over
//! HTTP, and [`signature`] does arithmetic for it; [`resolve`] goes from the one to the other until it has decided.
//! [`storage`] keeps what an administrator manages, [`audit`] who did what, [`accounts`] who may.

pub mod cli;
pub mod component;
pub mod resolve;
pub mod fetch;
pub mod signature;
pub mod storage;
pub mod audit;
pub mod accounts;
