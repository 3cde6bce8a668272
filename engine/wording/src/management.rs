//! Wording of management: for each code a title and a sentence for somebody who looks after a cluster's certificates.
//! One table for each half of the subject; `find` looks through all of them.

pub mod stores;
pub mod issuance;
pub mod advice;

use crate::template::{self, Row};

/// Every table.
pub const TABLES: &[&[Row]] = &[stores::ROWS, issuance::ROWS];

/// Every row, table by table.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().copied().flatten()
}

/// The row of `code`.
pub(crate) fn find(code: &str) -> Option<&'static Row> {
    TABLES.iter().find_map(|rows| template::find(rows, code))
}
