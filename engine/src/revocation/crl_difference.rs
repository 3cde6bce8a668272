//! What changed between two lists of one CRL issuer and scope: certificates added, removed, revoked for another
//! reason; and whether the second is a step back. Both are verified: nothing is said about a list that an attacker
//! may have written. Who is told, and which list is kept, is decided elsewhere.
//!
//! The indexes are merged once, so the work is linear. An entry is one certificate: certificateIssuer and serial
//! number. Issuers are compared by their encoding, so that one written in another way is a removal and an addition.

use std::cmp::Ordering;

use super::RevocationReason;
use super::crl::CrlNumber;
use super::crl_index::Entry;
use super::crl_issuer::VerifiedCrl;
use crate::time::Instant;

/// Most changes of one kind that are listed. Ours: the rest is counted, so that an answer stays small.
pub const MAXIMUM_LISTED: usize = 1_000;

/// How a list differs from the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// What follows from numbers and times.
    pub succession: Succession,
    /// Certificates that were not listed before.
    pub added: Changes<'a>,
    /// Certificates that are not listed any more.
    pub removed: Changes<'a>,
    /// Certificates listed in both with another reason, as they stand in the second.
    pub changed: Changes<'a>,
}

impl Difference<'_> {
    /// Both lists name the same certificates for the same reasons.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.count == 0 && self.removed.count == 0 && self.changed.count == 0
    }
}

/// How the second list follows the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Succession {
    /// It is later, or was issued again.
    Forward,
    /// It is the same list, octet by octet.
    Same,
    /// Its cRLNumber is lower (RFC 5280 5.2.3: the numbers increase).
    LowerNumber {
        /// The first list's.
        before: CrlNumber,
        /// The second list's.
        after: CrlNumber,
    },
    /// Its thisUpdate is earlier.
    EarlierUpdate {
        /// The first list's.
        before: Instant,
        /// The second list's.
        after: Instant,
    },
    /// The first list has a cRLNumber and it has none, so nothing says that it is later.
    NumberLost,
}

impl Succession {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Same => "same",
            Self::LowerNumber { .. } => "lower-number",
            Self::EarlierUpdate { .. } => "earlier-update",
            Self::NumberLost => "number-lost",
        }
    }

    /// The second list must not take the place of the first.
    #[must_use]
    pub fn is_rollback(self) -> bool {
        !matches!(self, Self::Forward | Self::Same)
    }
}

/// Changes of one kind, in the order of serial numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes<'a> {
    /// How many there are.
    pub count: usize,
    /// The first [`MAXIMUM_LISTED`] of them.
    pub first: Vec<Change<'a>>,
}

/// One certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// The content octets of its serial number.
    pub serial_number: &'a [u8],
    /// The encoding of its certificateIssuer; `None` means the CRL issuer.
    pub certificate_issuer: Option<&'a [u8]>,
    /// The reason in the list where it stands; in the second where it stands in both.
    pub reason: Option<RevocationReason>,
}

impl<'a> Changes<'a> {
    fn push(&mut self, entry: &Entry<'a>) {
        self.count = self.count.saturating_add(1);
        if self.first.len() < MAXIMUM_LISTED {
            self.first.push(Change {
                serial_number: entry.serial_number,
                certificate_issuer: entry.certificate_issuer,
                reason: entry.reason,
            });
        }
    }
}

/// Two lists that cannot be compared: by other issuers, under other keys, of other scopes, or one of them is a delta
/// CRL and the other is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotComparable;

/// Compares `after` with the list `before` it.
///
/// # Errors
/// [`NotComparable`].
pub fn compare<'a>(
    before: &VerifiedCrl<'a>,
    after: &VerifiedCrl<'a>,
) -> Result<Difference<'a>, NotComparable> {
    let is_delta = |list: &VerifiedCrl<'_>| list.crl().list().is_delta();
    if !before.has_scope_of(after) || is_delta(before) != is_delta(after) {
        return Err(NotComparable);
    }
    let mut difference = Difference {
        succession: check_succession(before, after),
        added: Changes::default(),
        removed: Changes::default(),
        changed: Changes::default(),
    };
    let mut old = before.crl().sorted().peekable();
    let mut new = after.crl().sorted().peekable();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return Ok(difference),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => key(one).cmp(&key(other)),
        };
        // Each step takes from one side or both, so the loop ends.
        let old_entry = if order == Ordering::Greater { None } else { old.next() };
        let new_entry = if order == Ordering::Less { None } else { new.next() };
        match (old_entry, new_entry) {
            (Some(one), Some(other)) if one.reason != other.reason => difference.changed.push(&other),
            (Some(one), None) => difference.removed.push(&one),
            (None, Some(other)) => difference.added.push(&other),
            _ => {}
        }
    }
}

/// RFC 5280 5.2.3, 5.1.2.4.
fn check_succession(before: &VerifiedCrl<'_>, after: &VerifiedCrl<'_>) -> Succession {
    let (old, new) = (before.crl().list(), after.crl().list());
    if old.fingerprint == new.fingerprint {
        return Succession::Same;
    }
    match (old.extensions.crl_number, new.extensions.crl_number) {
        (Some(before), Some(after)) if after < before => return Succession::LowerNumber { before, after },
        (Some(_), None) => return Succession::NumberLost,
        _ => {}
    }
    if new.this_update < old.this_update {
        return Succession::EarlierUpdate { before: old.this_update, after: new.this_update };
    }
    Succession::Forward
}

fn key<'a>(entry: &Entry<'a>) -> (&'a [u8], Option<&'a [u8]>) {
    (entry.serial_number, entry.certificate_issuer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::{Budget, Limits};
    use crate::certificate::Certificate;
    use crate::revocation::crl_index::IndexedCrl;
    use crate::revocation::crl_issuer::{CrlIssuer, CrlWork, Found, IssuerStanding, Signers, find_issuer};
    use crate::settings::{Profile, Settings, Strictness};
    use pki::certificate::{Issued, Sketch};
    use pki::crl::{CrlSketch, Scope};

    fn root() -> Issued {
        Sketch::ca("root").issue()
    }

    fn list() -> CrlSketch {
        CrlSketch::by(&root())
    }

    type Serials = Vec<Vec<u8>>;

    /// Succession, and the serial numbers added, removed and changed.
    fn outcome(before: &CrlSketch, after: &CrlSketch) -> Result<(Succession, [Serials; 3]), NotComparable> {
        let roots = [root(), Sketch::ca("other").issue()].map(|one| Certificate::decode(&one.der).unwrap());
        let issuers: Vec<CrlIssuer<'_>> = roots
            .iter()
            .map(|certificate| CrlIssuer {
                certificate,
                standing: IssuerStanding::Validated,
                inherited: None,
            })
            .collect();
        let algorithms = Settings::of_profile(Profile::Rfc5280, Strictness::Standard).algorithms;
        let lists = [before, after].map(|sketch| IndexedCrl::decode(sketch.issue()).unwrap());
        let mut budget = Budget::new(Limits::DEFAULT);
        let mut work = CrlWork::new(&mut budget);
        let signers = Signers { issuers: &issuers, subject: None };
        let mut verify = |crl| match find_issuer(crl, &signers, &algorithms, &mut work).unwrap() {
            Found::Verified(verified) => verified,
            other => panic!("{other:?}"),
        };
        let (before, after) = (verify(&lists[0]), verify(&lists[1]));
        let difference = compare(&before, &after)?;
        let serials = |changes: &Changes<'_>| -> Serials {
            assert_eq!(changes.count, changes.first.len());
            changes.first.iter().map(|change| change.serial_number.to_vec()).collect()
        };
        let lists = [&difference.added, &difference.removed, &difference.changed].map(serials);
        assert_eq!(difference.is_empty(), lists.iter().all(Vec::is_empty));
        Ok((difference.succession, lists))
    }

    fn forward(added: &[&[u8]], removed: &[&[u8]], changed: &[&[u8]]) -> (Succession, [Serials; 3]) {
        let serials = |list: &[&[u8]]| list.iter().map(|serial| serial.to_vec()).collect();
        (Succession::Forward, [added, removed, changed].map(serials))
    }

    #[test]
    fn the_same_list_has_no_difference() {
        let list = list().revoke(&[1]).revoke(&[2]);
        assert_eq!(outcome(&list, &list).unwrap(), (Succession::Same, [vec![], vec![], vec![]]));
        assert_eq!(outcome(&list, &list.clone().number(2)).unwrap(), forward(&[], &[], &[]));
    }

    #[test]
    fn additions_removals_and_changed_reasons() {
        let before = list().revoke(&[5]).revoke_because(&[1], 6).revoke(&[3]).revoke(&[3]);
        let after = list().number(2).revoke(&[3]).revoke(&[9, 9]).revoke_because(&[1], 1).revoke(&[0x7f; 21]);
        let expected = forward(&[&[9, 9], &[0x7f; 21]], &[&[5]], &[&[1]]);
        assert_eq!(outcome(&before, &after).unwrap(), expected);
        assert_eq!(outcome(&list(), &list().number(2).revoke(&[7])).unwrap(), forward(&[&[7]], &[], &[]));
        assert_eq!(outcome(&list().revoke(&[7]), &list().number(2)).unwrap(), forward(&[], &[&[7]], &[]));
    }

    #[test]
    fn a_serial_number_under_another_issuer_is_another_certificate() {
        let indirect = || list().scope(&Scope::default().flag(4));
        let other = pki::crl::certificate_issuer(&["directory:CN=other"]);
        let before = indirect().revoke(&[1]).entry(&[2], std::slice::from_ref(&other));
        let after = indirect().number(2).revoke(&[1]).entry(&[2], &[other]).revoke(&[1]);
        assert_eq!(outcome(&before, &after).unwrap(), forward(&[&[1]], &[], &[]));
    }

    #[test]
    fn steps_back_are_seen() {
        let succession = |before: &CrlSketch, after: &CrlSketch| outcome(before, after).unwrap().0;
        let lower = succession(&list().number(256), &list().number(255));
        assert!(matches!(lower, Succession::LowerNumber { .. }) && lower.is_rollback());
        let earlier = succession(&list(), &list().this_update("2025-12-30T00:00:00Z"));
        assert!(matches!(earlier, Succession::EarlierUpdate { .. }) && earlier.is_rollback());
        let lost = succession(&list(), &list().without("cRLNumber"));
        assert_eq!((lost, lost.is_rollback()), (Succession::NumberLost, true));
        assert!(!succession(&list().without("cRLNumber"), &list()).is_rollback());
    }

    #[test]
    fn lists_of_other_issuers_scopes_or_kinds_are_not_compared() {
        let other = CrlSketch::by(&Sketch::ca("other").issue());
        for after in [other, list().scope(&Scope::default().flag(1)), list().delta(1)] {
            assert_eq!(outcome(&list(), &after), Err(NotComparable));
        }
    }
}
