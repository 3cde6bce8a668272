//! What the engine and the server write, as far as pages show it: read from JSON, never judged.

pub(crate) mod description;
pub(crate) mod plan;
pub(crate) mod outcome;
pub(crate) mod verdict;
pub(crate) mod entry;
pub(crate) mod catalogue;
pub(crate) mod certificate;
pub(crate) mod summary;
pub(crate) mod alarm;
pub(crate) mod policy;
pub(crate) mod candidate;
pub(crate) mod offer;
