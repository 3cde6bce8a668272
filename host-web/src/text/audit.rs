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
pub(crate) const FILTERS: &str = "Filters";
pub(crate) const FROM: &str = "From";
pub(crate) const UNTIL: &str = "Before";
pub(crate) const CLEAR: &str = "Clear";
pub(crate) const COUNT: &str = "{number} records on this page";
pub(crate) const COUNT_ONE: &str = "1 record on this page";
pub(crate) const ACTS: [&str; 12] = [
    "account.",
    "alarm.",
    "certificate.",
    "channel.",
    "cluster.",
    "connection.",
    "lists.",
    "monitor.",
    "node.",
    "policy.",
    "request.",
    "token.",
];
pub(crate) const EXPORT: &str = "Export everything";
pub(crate) const EXPORTING: &str =
    "The audit is being read, page by page. Leaving this page ends it; nothing is changed by it.";
pub(crate) const SO_FAR: &str = "{number} records so far";
pub(crate) const EXPORTED: &str = "{number} records are written to {file}";
pub(crate) const FILE: &str = "assayer-audit.jsonl";
pub(crate) const OLDER: &str = "Older records";
pub(crate) const NEWEST: &str = "Newest records";
