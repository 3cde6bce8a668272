//! Products and releases: which edition of the rules applies. Releases are compared, never interpreted.

use std::fmt;

/// Product whose catalogue of purposes applies (R-KUX-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    /// Unified Communications Manager.
    Ucm,
    /// IM and Presence Service.
    Imp,
}

impl Product {
    /// Reads the word used in documents and requests.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "ucm" => Some(Self::Ucm),
            "imp" => Some(Self::Imp),
            _ => None,
        }
    }

    /// The word used in documents and requests.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ucm => "ucm",
            Self::Imp => "imp",
        }
    }
}

/// A release such as `12.5(1)SU6`, `14` or `15SU3`: its number, then its service update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// Before the first dot.
    pub major: u16,
    /// After the first dot; 0 when not written.
    pub minor: u16,
    /// In brackets; 0 when not written.
    pub maintenance: u16,
    /// After `SU`; 0 when not written.
    pub service_update: u16,
}

/// From here on phones are validated against CAPF-trust (R-PHONE-17).
pub const RELEASE_12_5_SU3: Release = Release { service_update: 3, ..RELEASE_12_5_SU6 };
/// Release 12.5(1)SU6 (R-TS-9).
pub const RELEASE_12_5_SU6: Release = Release { major: 12, minor: 5, maintenance: 1, service_update: 6 };
/// Release 14, from which most multi-server rules hold (R-SIMP-4).
pub const RELEASE_14: Release = Release { major: 14, minor: 0, maintenance: 0, service_update: 0 };
/// Release 14SU1 (R-SVC-9, R-CSR-15).
pub const RELEASE_14_SU1: Release = Release { service_update: 1, ..RELEASE_14 };
/// Release 14SU2 (R-TS-9, R-UP-20).
pub const RELEASE_14_SU2: Release = Release { service_update: 2, ..RELEASE_14 };
/// Release 15SU3, from which a subscriber may have CRL settings of its own (R-CRL-14).
pub const RELEASE_15_SU3: Release = Release { major: 15, minor: 0, maintenance: 0, service_update: 3 };

impl Release {
    /// Reads `MAJOR[.MINOR][(MAINTENANCE)][SUn]`; `None` for any other text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (number, service_update) = match text.split_once("SU") {
            Some((number, update)) => (number, parse(update)?),
            None => (text, 0),
        };
        let (number, maintenance) = match number.split_once('(') {
            Some((number, rest)) => (number, parse(rest.strip_suffix(')')?)?),
            None => (number, 0),
        };
        let (major, minor) = match number.split_once('.') {
            Some((major, minor)) => (parse(major)?, parse(minor)?),
            None => (parse(number)?, 0),
        };
        Some(Self { major, minor, maintenance, service_update })
    }
}

/// Digits only: `u16::from_str` would also take a sign.
fn parse(digits: &str) -> Option<u16> {
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.major)?;
        if self.minor != 0 || self.maintenance != 0 {
            write!(formatter, ".{}", self.minor)?;
        }
        if self.maintenance != 0 {
            write!(formatter, "({})", self.maintenance)?;
        }
        if self.service_update != 0 {
            write!(formatter, "SU{}", self.service_update)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_written_and_ordered() {
        let order = ["11.5(1)SU9", "12.5(1)", "12.5(1)SU6", "14", "14SU1", "14SU2", "15", "15SU3"];
        let read: Vec<Release> = order.iter().map(|text| Release::from_text(text).unwrap()).collect();
        assert!(read.is_sorted());
        assert!(read.iter().map(Release::to_string).eq(order));
        assert_eq!(Release::from_text("14SU1"), Some(RELEASE_14_SU1));
    }

    #[test]
    fn anything_else_is_no_release() {
        for text in ["", "SU1", "+14", "14SU", "14 SU1", "12.5(1", "12.5(1)x", "99999", "-1", "14.x"] {
            assert_eq!(Release::from_text(text), None, "{text}");
        }
    }
}
