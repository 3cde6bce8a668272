//! The list of certificates. Its columns have the names that administrators know (R-SHOW-1 to R-SHOW-9).

pub(crate) const NAME: &str = "Certificates";
pub(crate) const COMMON_NAME: &str = "Common name";
pub(crate) const USAGE: &str = "Usage";
pub(crate) const ROOM: &str = "Slot or store";
pub(crate) const NODE: &str = "Node";
pub(crate) const KEY_TYPE: &str = "Key type";
pub(crate) const EXPIRES: &str = "Expires";
pub(crate) const EXPIRES_BEFORE: &str = "Expires before";
pub(crate) const IDENTITY: &str = "Identity";
pub(crate) const TRUST: &str = "Trust";
pub(crate) const ENDED: &str = "ended";
pub(crate) const NOT_YET: &str = "not yet valid";
pub(crate) const DAYS: &str = "{number} days";
pub(crate) const ONE_DAY: &str = "1 day";
