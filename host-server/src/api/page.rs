//! Lists in pages: how many, and from where on.

use serde::Deserialize;
use utoipa::IntoParams;

/// The most of a list in one answer.
const MOST: u16 = 500;
/// How many there are where nobody says.
const USUAL: u16 = 100;

/// Which part of a list is wanted.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many at most.
    #[param(minimum = 1, maximum = 500, default = 100)]
    limit: Option<u16>,
    /// Where the last page ended: its `next`.
    after: Option<String>,
}

impl PageQuery {
    /// How many at most.
    #[must_use]
    pub fn most(&self) -> usize {
        usize::from(self.limit.unwrap_or(USUAL).clamp(1, MOST))
    }

    /// Where the last page ended.
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }
}
