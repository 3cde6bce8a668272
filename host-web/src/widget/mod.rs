//! What pages are built of. Every widget can be used with the keyboard alone, and says to a screen reader what it is.

pub(crate) mod notice;
pub(crate) mod loaded;
pub(crate) mod field;
pub(crate) mod table;
pub(crate) mod tabs;
pub(crate) mod busy;
pub(crate) mod deed;
pub(crate) mod confirm;
pub(crate) mod dialog;
pub(crate) mod time;
pub(crate) mod plan;
pub(crate) mod description;
pub(crate) mod chain;
pub(crate) mod verdict;
pub(crate) mod entry;
pub(crate) mod validity;
pub(crate) mod trial;
pub(crate) mod download;
pub(crate) mod made;
pub(crate) mod focus;
pub(crate) mod planned;
pub(crate) mod editor;
