//! Looking after certificates and trust stores: what an operation would do, as a [`Plan`] that a host shows or applies.
//! Pure functions from the state of a cluster and a request to effects, findings and advice; nothing is applied here,
//! no key is ever seen, and whether a certificate may be *trusted* for a connection stays the business of
//! [`crate::evaluate()`].
//!
//! The rules are those of the reference documents; each code of [`code`] cites its identifiers. Modules stand in
//! reading order: what there is to manage, what a plan is made of, then one file for each operation; [`operation`] is the
//! door to all of them, [`given`] reads what hosts give, and [`form`] writes what they get.

pub mod release;
pub mod purpose;
pub mod cluster;
pub mod code;
pub mod plan;
pub mod entity;
mod issuer;
pub mod manufacturer;
pub mod replication;
pub mod replacement;
pub mod upload;
pub mod deletion;
pub mod completeness;
pub mod reuse;
pub mod count;
pub mod upgrade;
pub mod membership;
pub mod node_policy;
#[cfg(test)]
mod model;

pub mod key_usage_table;
pub mod accepted_extensions;
pub mod key_choice;
pub mod subject_fields;
pub mod distribution;
pub mod encode;
pub mod issuance;
pub mod self_signed;
pub mod returned;
pub mod restart;
pub mod regeneration;
pub mod file_name;

pub mod unplannable;
pub mod bulk;
pub mod offer;
pub mod operation;
pub mod given;
pub mod form;
#[cfg(test)]
pub(crate) mod sample;

pub use cluster::Cluster;
pub use code::ManagementCode;
pub use plan::Plan;
