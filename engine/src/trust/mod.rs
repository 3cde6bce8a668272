//! Whom we believe: [`TrustAnchor`] and its constraints (RFC 5280 6.1.1 (d), RFC 5937).

pub mod stored;
pub mod store;

use crate::certificate::Certificate;

/// A certificate that ends paths, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustAnchor {
    /// Its certificate. How much of it is enforced beyond name and key is a setting.
    pub certificate: Certificate,
    /// What it is trusted for.
    pub role: TrustRole,
}

/// What a trusted certificate is trusted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustRole {
    /// It issues: paths end here.
    Issuer,
    /// It is trusted itself, as a target, without a path; it issues nothing.
    Leaf,
    /// Both.
    IssuerAndLeaf,
    /// It is distrusted: no path may hold it.
    Distrusted,
}

impl TrustRole {
    /// Paths may end here.
    #[must_use]
    pub fn issues(self) -> bool {
        matches!(self, Self::Issuer | Self::IssuerAndLeaf)
    }

    /// The certificate itself is trusted as a target.
    #[must_use]
    pub fn is_leaf(self) -> bool {
        matches!(self, Self::Leaf | Self::IssuerAndLeaf)
    }

    /// Both roles together: distrust wins, the others add up.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Distrusted, _) | (_, Self::Distrusted) => Self::Distrusted,
            (one, two) if one == two => one,
            _ => Self::IssuerAndLeaf,
        }
    }
}
