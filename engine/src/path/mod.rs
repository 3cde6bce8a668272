//! Certification paths: RFC 5280 6.1 and RFC 4158. Each rule is in its own file.

pub mod basic_constraints;
pub mod certificate_policies;
