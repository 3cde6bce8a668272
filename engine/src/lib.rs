//! Assayer's engine: it decides whether a certificate may be trusted, and says why.
//!
//! It never fetches, reads a clock, draws random numbers or logs: the question, the moment and the evidence
//! are arguments, so that the same question and evidence give the same answer everywhere.
//!
//! Modules stand in the order of the decision, and each imports only from those above it. Read
//! [`evaluate()`] first: it is the whole pipeline on one screen.

pub mod oid;
mod order;
pub mod time;
pub mod der;
pub mod outsourced;
pub mod budget;
pub mod expression;
pub mod finding;
pub mod settings;
pub mod certificate;
pub mod signature;
pub mod evidence;
pub mod trust;
pub mod path;
pub mod revocation;
pub mod policy;
pub mod request;
pub mod validator;
pub mod verdict;
pub mod evaluate;
pub mod comparison;
pub mod management;

pub use evaluate::{Outcome, evaluate};
pub use request::{Question, Request, Unusable};
pub use validator::Validator;
