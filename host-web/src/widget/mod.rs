//! What pages are built of. Every widget can be used with the keyboard alone, and says to a screen reader what it is.

pub(crate) mod notice;
pub(crate) mod loaded;
pub(crate) mod field;
pub(crate) mod dialog;
pub(crate) mod time;
pub(crate) mod plan;
