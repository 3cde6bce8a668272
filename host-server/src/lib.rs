//! The server and the command line: everything with a side effect. No rule of RFC 5280 or of policy is
//! written here; every question goes to the engine, through its component.

pub mod component;
