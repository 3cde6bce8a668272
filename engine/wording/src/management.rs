//! Wording of what looking after certificates and trust stores finds, one table for each part of it.

pub mod issuance;

use crate::template::{self, Row};

const TABLES: &[&[Row]] = &[issuance::ROWS];

/// The row of `code`, in whichever table it stands.
pub(crate) fn find(code: &str) -> Option<&'static Row> {
    TABLES.iter().find_map(|rows| template::find(rows, code))
}

/// All rows.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().copied().flatten()
}
