//! The first page.

pub(crate) const NAME: &str = "Overview";
pub(crate) const NOTHING_NEEDED: &str = "Nothing needs you";
pub(crate) const NEEDED: &str = "{number} matters need somebody";
pub(crate) const NEEDED_ONE: &str = "One matter needs somebody";
pub(crate) const OPEN_ALARMS: &str = "Open alarms";
