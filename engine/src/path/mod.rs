//! RFC 5280 6.1: names along a certification path.

pub mod name_constraints;
mod subtree;
pub mod identity;
mod presented;
