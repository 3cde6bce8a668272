//! Who did what, and what became of it: records that are added and never changed, each with a hash over the one
//! before, so that a change in the middle shows. Written in the transaction of the change it is about; verified here
//! without the database too. A chain cannot show that its newest records were cut off together with the head the
//! database keeps: who fears that keeps the head elsewhere, which is what `assayer audit verify` prints.
//!
//! In reading order: a record and its hash, its canonical text, the verifier, how it is kept.

pub mod record;
pub mod canonical;
pub mod verify;
pub mod log;
pub mod export;

pub use log::{AuditLog, Wanted};
pub use record::{AuditRecord, Details, Outcome, Record};
pub use verify::{Broken, Flaw, Head, Verifier, verify};
