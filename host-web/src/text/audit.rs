//! What was done, by whom.

pub(crate) const NAME: &str = "Audit";
pub(crate) const TIME: &str = "When";
pub(crate) const WHO: &str = "Who";
pub(crate) const WHAT: &str = "What";
pub(crate) const SUBJECT: &str = "About";
pub(crate) const OUTCOME: &str = "Outcome";
pub(crate) const DETAILS: &str = "Details";
pub(crate) const SHOW: &str = "Show";
pub(crate) const NUMBER: &str = "Record {number}";
pub(crate) const HASH: &str = "Hash";
pub(crate) const PREVIOUS: &str = "Hash of the record before";
pub(crate) const FILTER: &str = "Only records that contain";
pub(crate) const FILTER_HINT: &str = "Among the records of this page";
pub(crate) const EXPORT: &str = "Export everything";
pub(crate) const EXPORTED: &str = "{number} records are written to {file}";
pub(crate) const FILE: &str = "assayer-audit.jsonl";
pub(crate) const OLDER: &str = "Older records";
pub(crate) const NEWEST: &str = "Newest records";
